/** One component of a plan: what it could be, what the rules say to it, and what that leaves of the others. */
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { findHandler, type Protocol, type Role } from "../model/protocol.ts";
import type { RequestedComponent } from "../model/requestedPlan.ts";
import { movesState, type Decoupling, type HandlerCut, type MovedPart } from "../rules/rule.ts";
import { decideStep, type Decided } from "./decideStep.ts";
import { nameForwards, partOf, type Draft } from "./draft.ts";
import { forceStep } from "./forceSteps.ts";
import { inferSplits, type Candidate, type Wanted } from "./inferSplits.ts";
import type { ResolvedComponent } from "./resolveMoves.ts";
import { spreadOut } from "./spreadOut.ts";

export function takeOut(
  protocol: Protocol,
  role: Role,
  drafts: readonly Draft[],
  component: ResolvedComponent,
  force: boolean,
): { readonly drafts: readonly Draft[]; readonly findings: readonly Finding[] } {
  const { request, handlers, sends, fields } = component;
  // One that has a component of its own is told apart from there.
  const taken = component.taken.filter(({ handler }) => !drafts.some((draft) => draft.handlers.includes(handler)));
  const twice = movedTwice(role, drafts, sends);
  if (twice.length > 0) return { drafts, findings: twice };
  const relayed = taken.map(({ handler }) => handler);
  // Nobody has been told yet where their messages enter: here they may still enter at what stays.
  const before = drafts.map((draft, i) =>
    i === 0 ? { ...draft, handlers: inOrder(role, [...draft.handlers, ...relayed]) } : draft,
  );
  const wanted: Wanted = {
    component: request.name,
    handlers,
    taken,
    sends,
    fields,
    hold: request.hold,
    others: before
      .filter(({ name, isDecided }) => name !== request.name && (isDecided || fields.length > 0))
      .map((draft) => partOf(before, draft))
      .filter((part) => part.handlers.length + part.forwarded.length > 0),
    left: before.flatMap(({ left }) => left),
  };
  const inSequence = drafts.some(({ forwarded }) => forwarded.some(({ channel }) => channel !== undefined));
  const { all, likely } = inferSplits(protocol, role, wanted);
  const choices = all
    // What others have been told in sequence was decided for handlers that enter where they were to enter.
    .filter(
      ({ step }) => !inSequence || taken.every(({ handler }) => step.handlers.some((one) => one.handler === handler)),
    )
    .map((candidate) => decideCandidate(protocol, role, before, request, candidate));
  const proved = choices.filter(({ decided }) => decided.findings.length === 0);
  const chosen =
    proved.find(({ isSpread }) => isSpread) ?? proved[0] ?? decideCandidate(protocol, role, before, request, likely);
  const { step, decided } = chosen;
  if (decided.findings.length > 0) {
    const cuts = force ? forceStep(step) : [];
    return {
      drafts: placeCuts(role, before, request, step, { ...decided, cuts }).map((draft) =>
        draft.name === request.name ? { ...draft, isRefused: movesState(step) } : draft,
      ),
      findings: decided.findings,
    };
  }
  return { drafts: chosen.drafts, findings: holdWithoutEffect(request, decided.cuts) };
}

/** Sends that are named, and have left already with what they need. */
function movedTwice(role: Role, drafts: readonly Draft[], sends: readonly MovedPart[]): readonly Finding[] {
  return sends.flatMap(({ handler, effects, request }) => {
    const taker = drafts.find(({ forwarded }) =>
      forwarded.some((cut) => cut.handler === handler && cut.cut.effects.some((id) => effects.includes(id))),
    );
    if (taker === undefined) return [];
    const message = `The plan moves a send of \`${handler}\` that goes to \`${taker.name}\` already, with the state that decides about it.`;
    const span = request ?? findHandler(role, handler)?.nameSpan ?? role.nameSpan;
    return [createFinding("RVN451", message, span)];
  });
}

interface Choice {
  readonly step: Decoupling;
  readonly decided: Decided;
  /** With the component in its place. */
  readonly drafts: readonly Draft[];
  /** Whether it can be partitioned as the plan asks. */
  readonly isSpread: boolean;
}

function decideCandidate(
  protocol: Protocol,
  role: Role,
  before: readonly Draft[],
  request: RequestedComponent,
  candidate: Candidate,
): Choice {
  const { step } = candidate;
  const decided = decide(role, candidate);
  const drafts = placeCuts(role, before, request, step, decided);
  const made = nameForwards(role, drafts).find(({ draft }) => draft.name === request.name);
  const isSpread =
    made !== undefined && spreadOut(protocol, role, made.draft, made.forwards, false).findings.length === 0;
  return { step, decided, drafts, isSpread };
}

function decide(role: Role, { step, emptied }: Candidate): Decided {
  if (emptied === undefined) return decideStep(step);
  const handler = findHandler(role, emptied.handler);
  const { component } = step;
  const finding = createFinding(
    "RVN226",
    `Nothing would stay of \`${emptied.handler}\`: \`${emptied.field}\` would go to \`${component}\`, and all that \`${emptied.handler}\` does is about it.`,
    handler?.nameSpan ?? role.nameSpan,
    {
      related:
        emptied.request === undefined
          ? []
          : [{ message: `The plan asks for what uses \`${emptied.field}\` too, here.`, span: emptied.request }],
      scenario: [
        `A message to \`${emptied.handler}\` enters where it does now, and does nothing there but be passed on to \`${component}\`.`,
        "That may be right, and the plan does not say so.",
      ],
      advice: `Name \`${emptied.handler}\` in \`moves\` as well, or name the field \`${emptied.field}\`.`,
    },
  );
  return { cuts: [], parks: {}, proofs: [], findings: [finding] };
}

function holdWithoutEffect({ name, hold }: RequestedComponent, cuts: readonly HandlerCut[]): readonly Finding[] {
  if (hold === undefined) return [];
  if (cuts.some(({ to, channel }) => to === undefined && channel === "acknowledged")) return [];
  const why = cuts.some(({ channel }) => channel !== undefined)
    ? "it need not be waited for"
    : "no state is forwarded to it";
  return [createFinding("RVN459", `\`hold\` has no effect on \`${name}\`: ${why}.`, hold)];
}

/** The drafts with the new component, and without what left them. */
function placeCuts(
  role: Role,
  before: readonly Draft[],
  request: RequestedComponent,
  step: Decoupling,
  { cuts, parks, proofs }: Decided,
): readonly Draft[] {
  const moved = step.handlers.map(({ handler }) => handler);
  const added: Draft = {
    name: request.name,
    request,
    handlers: inOrder(role, moved),
    left: before.flatMap(({ left }) => left.filter(({ handler }) => moved.includes(handler))),
    forwarded: [],
    parks,
    proofs,
    isDecided: true,
    isRefused: false,
  };
  const all = [
    ...before
      .filter(({ name }) => name !== request.name)
      .map((draft) => ({ ...draft, handlers: draft.handlers.filter((name) => !moved.includes(name)) })),
    added,
  ];
  return all.map((draft) => ({
    ...draft,
    left: [...draft.left, ...cuts.filter(({ handler }) => draft.handlers.includes(handler))],
    forwarded: [...draft.forwarded, ...cuts.filter(({ to = request.name }) => to === draft.name)],
  }));
}

function inOrder(role: Role, handlers: readonly string[]): readonly string[] {
  return role.handlers.map(({ name }) => name).filter((name) => handlers.includes(name));
}
