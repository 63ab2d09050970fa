/** Components have no memory in common: a field that some handler writes belongs to one of them. */
import { inferFootprint, type Footprint, type StateAccess } from "../../analysis/inferFootprints.ts";
import { canLeadTo, inferMessageFlow } from "../../analysis/inferMessageFlow.ts";
import type { Code } from "../../diagnostics/codes.ts";
import { createFinding } from "../../diagnostics/createFinding.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { findHandler, findTimer, type Role } from "../../model/protocol.ts";
import type { Decoupling } from "../rule.ts";
import { askedFor, exampleCell, exampleRun, quoteAccess, upperFirst, verbOf } from "./wording.ts";

/** Two accesses to one field from two components, at least one of them a write. */
interface Conflict {
  readonly moved: StateAccess;
  readonly staying: StateAccess;
}

/** Refuses to separate handlers that use a common field which one of them writes. One finding per field. */
export function refuseSharedState(
  step: Decoupling,
  moved: readonly Footprint[],
  staying: readonly Footprint[],
  other: string,
): readonly Finding[] {
  const fields = new Set(moved.flatMap(({ accesses }) => accesses.map(({ cell }) => cell.field)));
  return [...fields].flatMap((field) => {
    const conflict = worstConflict(accessesTo(moved, field), accessesTo(staying, field));
    return conflict === undefined ? [] : [refuse(step, conflict, other)];
  });
}

function accessesTo(footprints: readonly Footprint[], field: string): readonly StateAccess[] {
  return footprints.flatMap(({ accesses }) => accesses.filter(({ cell }) => cell.field === field));
}

/** Two writes if there are such, since they are the plainest; otherwise a write and a read. */
function worstConflict(moved: readonly StateAccess[], staying: readonly StateAccess[]): Conflict | undefined {
  const isWrite = ({ write }: StateAccess): boolean => write !== undefined;
  const [m] = moved;
  const [s] = staying;
  if (m === undefined || s === undefined) return undefined;
  const movedWrite = moved.find(isWrite);
  const stayingWrite = staying.find(isWrite);
  if (movedWrite === undefined && stayingWrite === undefined) return undefined;
  return { moved: movedWrite ?? m, staying: stayingWrite ?? s };
}

function refuse(step: Decoupling, { moved, staying }: Conflict, other: string): Finding {
  const { protocol, role, component } = step;
  const field = moved.cell.field;
  const timer = findTimer(role, field)?.timer;
  if (timer !== undefined) return refuseTimer(step, timer, { moved, staying }, other);
  const request = step.handlers.find(({ handler }) => handler === moved.handler)?.request;
  const more = {
    related: [
      { message: `\`${staying.handler}\`, in \`${other}\`, ${verbOf(staying)} \`${field}\` here.`, span: staying.span },
      ...askedFor(request, `\`${moved.handler}\` in \`${component}\``),
    ],
    scenario: scenario(step, { moved, staying }, other),
    advice: `Keep \`${moved.handler}\` and \`${staying.handler}\` in one component: name both in \`moves\`, or neither.`,
  };
  const message =
    `\`${moved.handler}\` cannot go to \`${component}\`: ${quoteAccess(protocol, moved)} ${verbOf(moved)} \`${field}\`, ` +
    `and \`${staying.handler}\` in \`${other}\` ${verbOf(staying)} it${verbOf(moved) === verbOf(staying) ? " too" : ""}, in ${quoteAccess(protocol, staying)}. ` +
    `Components have no memory in common, so each would have its own \`${field}\`.`;
  return createFinding(codeOf(role, { moved, staying }), message, moved.span, more);
}

/** A timer that one component would arm or disarm, and another would have fire, or arm too. */
function refuseTimer(step: Decoupling, timer: string, { moved, staying }: Conflict, other: string): Finding {
  const { protocol, role, component } = step;
  const does = (access: StateAccess): string => {
    if (findHandler(role, access.handler)?.trigger.kind === "after" && access.write === "delete")
      return "runs when it fires";
    return `${access.write === "delete" ? "disarms" : "arms"} it in ${quoteAccess(protocol, access)}`;
  };
  return createFinding(
    "RVN203",
    `\`${moved.handler}\` cannot go to \`${component}\`: of the timer \`${timer}\`, \`${moved.handler}\` ${does(moved)}, and ` +
      `\`${staying.handler}\` in \`${other}\` ${does(staying)}. Each component would have a timer \`${timer}\` of its own.`,
    moved.span,
    {
      related: [
        { message: `\`${staying.handler}\`, in \`${other}\`, ${does(staying)}.`, span: staying.span },
        ...askedFor(
          step.handlers.find(({ handler }) => handler === moved.handler)?.request,
          `\`${moved.handler}\` in \`${component}\``,
        ),
      ],
      scenario: [
        `\`${timer}\` is armed in one of the two components.`,
        "In the other it is not pending: it does not fire there, and cannot be disarmed from there.",
      ],
      advice: `Keep \`${moved.handler}\` and \`${staying.handler}\` in one component: name both in \`moves\`, or neither.`,
    },
  );
}

function codeOf(role: Role, { moved, staying }: Conflict): Code {
  const kinds = [moved, staying].map(({ handler }) => findHandler(role, handler)?.trigger.kind);
  if (kinds.includes("every") || kinds.includes("after")) return "RVN203";
  if (kinds.includes("recover")) return "RVN214";
  return moved.write !== undefined && staying.write !== undefined ? "RVN201" : "RVN202";
}

function scenario(step: Decoupling, { moved, staying }: Conflict, other: string): readonly string[] {
  const { protocol, role, component } = step;
  const [first, second, firstPlace, secondPlace] =
    staying.write === undefined ? [moved, staying, component, other] : [staying, moved, other, component];
  const cell = exampleCell(findHandler(role, first.handler), first.cell);
  const flow = inferMessageFlow(protocol);
  const isCaused = canLeadTo(
    flow,
    { role: role.name, handler: first.handler },
    { role: role.name, handler: second.handler },
  );
  const told = isCaused
    ? `Whoever is told of it goes on, and \`${second.handler}\` is called because of that.`
    : `After that ${exampleRun(role, second)} is called.`;
  const firstRun = `${exampleRun(role, first)} runs in \`${firstPlace}\` and writes its ${cell}.`;
  const handler = findHandler(role, second.handler);
  const reads =
    handler !== undefined &&
    inferFootprint(role, handler).accesses.some((a) => a.write === undefined && a.cell.field === second.cell.field);
  if (reads) {
    const lost = second.write === undefined ? "" : ` What it writes, \`${first.handler}\` never sees.`;
    return [
      firstRun,
      told,
      `\`${secondPlace}\` has its own \`${second.cell.field}\`, without the write: \`${second.handler}\` acts on stale state.${lost}`,
    ];
  }
  return [
    firstRun,
    `${upperFirst(exampleRun(role, second))} runs in \`${secondPlace}\` and writes the \`${second.cell.field}\` there.`,
    "In one node the later of the two would have started from what the earlier one wrote. Here an update is lost.",
  ];
}
