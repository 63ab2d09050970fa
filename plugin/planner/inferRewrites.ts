/**
 * What could be done with each role, plan or no plan: the legal cuts and keys, found by asking the rules, and for each one
 * that is not legal the refusal. This is what `riven explain` shows.
 */
import type { Finding } from "../diagnostics/finding.ts";
import type { Partitioning, Proof, Replication } from "../model/component.ts";
import { printSend, type SendEffect } from "../model/effect.ts";
import { findHandler, type Protocol, type Role } from "../model/protocol.ts";
import type { RequestedComponent } from "../model/requestedPlan.ts";
import type { Span } from "../model/span.ts";
import type { Decoupling, Separation, Spreading, Verdict } from "../rules/rule.ts";
import { decouplingRules, partitioningRules } from "../rules/rules.ts";
import { applyPlans } from "./applyPlans.ts";
import { stayingDraft } from "./draft.ts";
import { resolveMoves } from "./resolveMoves.ts";
import { takeOut } from "./takeOut.ts";
import { inferKeys } from "../analysis/keys/inferKeys.ts";
import { inferFootprint, stateFields } from "../analysis/inferFootprints.ts";
import { keyScopeOf } from "../analysis/dependencies/keyScope.ts";
import { isRouteTerm, printKey, routableKeys, type RouteTerm } from "../analysis/keys/keyTerms.ts";

/** What the component is called that there would be. */
const TRIED = "newComponent";

/** Everything that could be asked for about one role. */
export interface RoleRewrites {
  readonly role: string;
  /** Handlers that have to stay together. With more than one group, each can be a component of its own. */
  readonly groups: readonly HandlerGroup[];
  /** Handlers of such a group that can be a component of their own all the same, by forwarding what concerns the rest. */
  readonly handlers: readonly HandlerOption[];
  /** Sends that can, or cannot, leave their handler. */
  readonly sends: readonly SendOption[];
  /** State that can, or cannot, go to a component of its own with what is done to it. */
  readonly fields: readonly FieldOption[];
  /** The keys of the role as a whole. */
  readonly keys: KeyOptions;
}

export interface FieldOption {
  readonly field: string;
  /** Handlers that would run there as a whole, and handlers that would be split. */
  readonly handlers: readonly string[];
  readonly split: readonly string[];
  readonly proof: Proof | undefined;
  readonly refusals: readonly Finding[];
}

export interface HandlerOption {
  readonly handler: string;
  /** Handlers of which a part would go along. */
  readonly split: readonly string[];
  /** The state that what it does to goes back to the rest. */
  readonly returned: readonly string[];
  readonly proof: Proof;
}

export interface HandlerGroup {
  readonly handlers: readonly string[];
  /** The mutable fields that they use. */
  readonly fields: readonly string[];
  /** Why it can be a component of its own; undefined when it is all that there is. */
  readonly proof: Proof | undefined;
  /** Why a single handler of it cannot. */
  readonly apart: readonly { readonly handler: string; readonly refusals: readonly Finding[] }[];
  readonly keys: KeyOptions;
}

export interface SendOption {
  /** As a plan names it: `propose -> Participant.vote`. */
  readonly name: string;
  readonly handler: string;
  readonly effect: number;
  readonly span: Span;
  /** The statement that would leave; undefined when it cannot. */
  readonly region: Span | undefined;
  readonly proof: Proof | undefined;
  readonly refusals: readonly Finding[];
}

export interface KeyOptions {
  readonly legal: readonly LegalKey[];
  readonly refused: readonly RefusedOption[];
}

export interface LegalKey {
  /** As a plan writes it: `id`, or `get: id, put: key` where messages name the key differently. */
  readonly by: string;
  readonly proof: Proof;
  /** What every partition has a copy of, and runs; undefined: nothing. */
  readonly replication: Replication | undefined;
  /** It is what is taken when a plan names none: the coarsest of those that spread best. */
  readonly chosen: boolean;
}

export interface RefusedOption {
  readonly by: string;
  readonly refusals: readonly Finding[];
}

/** The legal cuts and keys of every role that is not external. */
export function inferRewrites(protocol: Protocol): readonly RoleRewrites[] {
  return protocol.roles
    .filter((role) => !role.external)
    .map((role) => {
      const all = role.handlers.map(({ name }) => name);
      const groups = inferGroups(protocol, role);
      return {
        role: role.name,
        groups,
        handlers: groups.flatMap(({ handlers }) =>
          handlers.length < 2 ? [] : handlers.flatMap((handler) => inferHandler(protocol, role, handler) ?? []),
        ),
        sends: role.handlers.flatMap(({ name }) => inferSends(protocol, role, name)),
        fields: inferFields(protocol, role, groups),
        keys: inferKeyOptions(protocol, role, "main", all),
      };
    });
}

function inferGroups(protocol: Protocol, role: Role): readonly HandlerGroup[] {
  const all = role.handlers.map(({ name }) => name);
  let groups: readonly (readonly string[])[] = [];
  for (const handler of all) {
    const isTied = (group: readonly string[]): boolean =>
      group.some((other) => isRefused(separate(protocol, role, [handler], [other])));
    groups = [...groups.filter((group) => !isTied(group)), [...groups.filter(isTied).flat(), handler]];
  }
  return groups.map((handlers): HandlerGroup => {
    const rest = all.filter((name) => !handlers.includes(name));
    const whole = separate(protocol, role, handlers, rest);
    const [proof] = whole.flatMap((verdict) => (verdict.kind === "proved" ? [verdict.proof] : []));
    return {
      handlers,
      fields: fieldsOf(role, handlers),
      proof: rest.length === 0 || isRefused(whole) ? undefined : proof,
      apart:
        handlers.length < 2
          ? []
          : handlers.map((handler) => ({
              handler,
              refusals: refusalsOf(
                separate(
                  protocol,
                  role,
                  [handler],
                  all.filter((name) => name !== handler),
                ),
              ),
            })),
      keys: inferKeyOptions(protocol, role, handlers[0] ?? "main", handlers),
    };
  });
}

function separate(
  protocol: Protocol,
  role: Role,
  handlers: readonly string[],
  rest: readonly string[],
): readonly Verdict<Separation>[] {
  return decide({
    protocol,
    role,
    component: TRIED,
    handlers: handlers.map((handler) => ({ handler, request: undefined })),
    left: [],
    parts: [],
    returned: [],
    owned: [],
    hold: undefined,
    others: rest.length === 0 ? [] : [{ name: "main", handlers: rest, left: [], forwarded: [] }],
  });
}

function inferSends(protocol: Protocol, role: Role, name: string): readonly SendOption[] {
  const effects = findHandler(role, name)?.body?.effects ?? [];
  return effects
    .filter((effect): effect is SendEffect => effect.kind === "send")
    .map((send): SendOption => {
      const verdicts = decide({
        protocol,
        role,
        component: TRIED,
        handlers: [],
        left: [],
        parts: [{ handler: name, effects: [send.id], field: undefined, request: undefined }],
        returned: [],
        owned: [],
        hold: undefined,
        others: [{ name: "main", handlers: role.handlers.map((handler) => handler.name), left: [], forwarded: [] }],
      });
      const [proved] = verdicts.flatMap((verdict) => (verdict.kind === "proved" ? [verdict] : []));
      return {
        name: printSend(name, send),
        handler: name,
        effect: send.id,
        span: send.span,
        region: proved?.outcome.cuts[0]?.cut.region.span,
        proof: proved?.proof,
        refusals: refusalsOf(verdicts),
      };
    });
}

/** A handler that is asked for by itself, although others use its state. */
function inferHandler(protocol: Protocol, role: Role, handler: string): HandlerOption | undefined {
  const span = role.nameSpan;
  const moves = [{ text: handler, span }];
  const request: RequestedComponent = { name: TRIED, nameSpan: span, moves, by: undefined, into: undefined };
  const applied = applyPlans(protocol, [{ role: role.name, span, components: [request] }]);
  const components = applied.rewrite.roles.find((one) => one.role === role.name)?.components ?? [];
  const made = components.find(({ name }) => name === TRIED);
  const [proof] = made?.proofs ?? [];
  if (applied.findings.length > 0 || proof === undefined) return undefined;
  const back = components.flatMap(({ forwards }) => forwards.filter(({ from }) => from === TRIED));
  const returned = back.flatMap((forward) =>
    (findHandler(role, forward.handler)?.body?.effects ?? []).flatMap((effect) =>
      effect.kind === "write" && forward.effects.includes(effect.id) ? [effect.cell.field] : [],
    ),
  );
  const split = (made?.forwards ?? []).map((forward) => forward.handler);
  return { handler, split: [...new Set(split)], returned: [...new Set(returned)], proof };
}

/**
 * Each field by itself, where that would split a handler: whole handlers are told apart as groups. A field that is all that
 * such a group has goes with the group, which then needs nothing of the rest.
 */
function inferFields(protocol: Protocol, role: Role, groups: readonly HandlerGroup[]): readonly FieldOption[] {
  const everything = fieldsOf(
    role,
    role.handlers.map(({ name }) => name),
  );
  return role.fields
    .filter(({ name, is }) => is.kind === "state" && everything.includes(name))
    .filter(({ name }) => !groups.some(({ fields, proof }) => proof !== undefined && fields.join() === name))
    .flatMap(({ name, nameSpan }) => inferField(protocol, role, name, nameSpan) ?? []);
}

function inferField(protocol: Protocol, role: Role, field: string, span: Span): FieldOption | undefined {
  const moves = [{ text: field, span }];
  const name = TRIED;
  const request: RequestedComponent = { name, nameSpan: span, moves, by: undefined, into: undefined };
  const [wanted] = resolveMoves(role, [request]).components;
  if (wanted === undefined) return undefined;
  const all = role.handlers.map(({ name }) => name);
  const before = stayingDraft(role, []);
  const taken = takeOut(protocol, role, [before], wanted, false);
  const made = taken.drafts.find((draft) => draft.name === name);
  if (made === undefined || (taken.findings.length === 0 && made.forwarded.length === 0)) return undefined;
  const isWhole = made.handlers.length === all.length;
  if (isWhole) return undefined;
  return {
    field,
    handlers: made.handlers,
    split: [...new Set(made.forwarded.map(({ handler }) => handler))],
    proof: taken.findings.length > 0 ? undefined : made.proofs[0],
    refusals: withoutRequest(taken.findings, span),
  };
}

/** Every key that some message with state has, tried for all messages; and those that messages name differently. */
function inferKeyOptions(protocol: Protocol, role: Role, component: string, handlers: readonly string[]): KeyOptions {
  const step = (by: RequestedComponent["by"]): Spreading => ({
    protocol,
    role,
    original: role,
    component,
    handlers,
    forwards: [],
    fragments: [],
    by,
    partitions: 1,
    request: undefined,
  });
  const analysis = inferKeys(role, handlers, undefined, keyScopeOf(step(undefined)));
  const stateful = analysis.groups.flatMap((group) => group.handlers);
  const considered = stateful.length > 0 ? stateful : handlers;
  const policies = analysis.groups.length === 1 ? (analysis.groups[0]?.policies ?? []) : [];
  const candidates = new Map(
    [
      ...considered.flatMap((name) => findHandler(role, name) ?? []).flatMap(routableKeys),
      ...policies.flatMap(({ keys }) => Object.values(keys)).filter(isRouteTerm),
    ].map((key) => [printKey(key), key] as const),
  );
  const legal: (Omit<LegalKey, "chosen"> & { readonly routes: string })[] = [];
  const refused: RefusedOption[] = [];
  const span = role.nameSpan;
  const judge = (by: RequestedComponent["by"]): readonly Verdict<Partitioning>[] =>
    partitioningRules.filter((rule) => rule.concerns(step(by))).map((rule) => rule.decide(step(by)));
  const routesIn = ({ keys }: Partitioning): string => JSON.stringify(considered.map((name) => keys[name] ?? []));
  const attempt = (by: string, requested: NonNullable<RequestedComponent["by"]>): void => {
    const verdicts = judge(requested);
    const [proved] = verdicts.flatMap((verdict) => (verdict.kind === "proved" ? [verdict] : []));
    if (proved === undefined) refused.push({ by, refusals: withoutRequest(refusalsOf(verdicts), span) });
    else legal.push({ by, ...describeLegal(proved), routes: routesIn(proved.outcome) });
  };
  for (const [by, key] of candidates) attempt(by, { kind: "everywhere", key: [key], span });
  for (const policy of policies) {
    const routed = Object.entries(policy.keys).filter((entry): entry is [string, RouteTerm] => isRouteTerm(entry[1]));
    if (new Set(routed.map(([, key]) => printKey(key))).size < 2) continue;
    const text = routed.map(([handler, key]) => `${handler}: ${printKey(key)}`).join(", ");
    const keys = Object.fromEntries(routed.map(([handler, key]) => [handler, [key]]));
    attempt(text, { kind: "perHandler", keys, span });
  }
  const [chosen] = judge(undefined).flatMap((verdict) =>
    verdict.kind === "proved" ? [routesIn(verdict.outcome)] : [],
  );
  return { legal: legal.map(({ routes, ...one }) => ({ ...one, chosen: routes === chosen })), refused };
}

function describeLegal({
  proof,
  outcome,
}: Extract<Verdict<Partitioning>, { kind: "proved" }>): Omit<LegalKey, "by" | "chosen"> {
  return { proof, replication: outcome.replication };
}

/** Nobody has asked for what a search tries. */
function withoutRequest(findings: readonly Finding[], request: Span): readonly Finding[] {
  return findings.map((finding) => ({ ...finding, related: finding.related.filter(({ span }) => span !== request) }));
}

function decide(step: Decoupling): readonly Verdict<Separation>[] {
  return decouplingRules.filter((rule) => rule.concerns(step)).map((rule) => rule.decide(step));
}

function isRefused(verdicts: readonly Verdict<unknown>[]): boolean {
  return verdicts.some(({ kind }) => kind === "refused");
}

function refusalsOf(verdicts: readonly Verdict<unknown>[]): readonly Finding[] {
  return verdicts.flatMap((verdict) => (verdict.kind === "refused" ? verdict.refusals : []));
}

function fieldsOf(role: Role, handlers: readonly string[]): readonly string[] {
  const footprints = role.handlers
    .filter(({ name }) => handlers.includes(name))
    .map((handler) => inferFootprint(role, handler));
  return [...new Set(footprints.flatMap(stateFields))];
}
