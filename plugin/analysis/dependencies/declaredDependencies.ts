/**
 * Dependencies that a handler declares: `@Determines("a", "b")`, messages with the same `a` have the same `b`. So b is some
 * function of a, which nobody knows, and which is that handler's alone. State that only this handler touches may be kept under
 * `a` although its messages are routed by `b`.
 *
 * The senders guarantee it; but if they can only do so because the component that would be partitioned answers the same
 * to everybody (the first writer wins, say), then it would no longer be true once the component is several: each partition would have
 * its own first writer. So it does not count when something that the component sends can lead to such a message, and whether or
 * how it sends that depends on its state: by its guard, its destination, its payload, by an exception that the state causes, or
 * because it is sent when a one-shot timer fires, which the state has armed. (Message flow as everywhere: clients are one node.)
 */
import type { Effect } from "../../model/effect.ts";
import type { Handler, Protocol, Role } from "../../model/protocol.ts";
import { cellsRead, type Term } from "../../model/term.ts";
import { inferMessageFlow, type FlowEdge } from "../inferMessageFlow.ts";
import { inferEffectFootprint, inferFootprint, isState, termsOf } from "../inferFootprints.ts";
import { findPath, type Causes } from "../inferStaleReads.ts";
import type { Equation } from "./equations.ts";

export interface DeclaredEquation extends Equation {
  /** As declared, columns as a plan names them. */
  readonly from: string;
  readonly to: string;
}

/** The dependencies that a handler declares of its message. */
export function declaredDependencies(handler: Handler): readonly DeclaredEquation[] {
  return (handler.determines ?? []).map(({ from, to }) => ({
    from,
    to,
    of: columnNamed(to),
    is: {
      kind: "pure",
      name: `${DECLARED}${to} of ${handler.role}.${handler.name} for`,
      args: [columnNamed(from)],
      injective: false,
    },
  }));
}

/** How the names of functions begin of which nothing is known but that somebody declares them. */
const DECLARED = "the declared ";

/** Whether a function is only declared to exist. It is one of values, of which 0 and -0 are the same. */
export function isDeclared(name: string): boolean {
  return name.startsWith(DECLARED);
}

function columnNamed(path: string): Term {
  return path === "from.id" ? { kind: "sender" } : { kind: "payload", path: path.split(".") };
}

/** The code of a component, and where each of its handlers was written. */
export interface ComponentSends {
  readonly protocol: Protocol;
  /** The role as the component sees it. */
  readonly role: Role;
  readonly handlers: readonly string[];
  /** The handler of the role as it was written that one of `handlers` is, or is a piece of. */
  readonly originalOf: (handler: string) => string;
}

/** A way from what the component sends, depending on its state, to a message of this handler; undefined: there is none. */
export function restsOn(component: ComponentSends, handler: string): readonly FlowEdge[] | undefined {
  const { protocol, role, handlers, originalOf } = component;
  const causes = role.handlers
    .filter(({ name }) => handlers.includes(name))
    .map((one): Causes => ({ handler: originalOf(one.name), effects: sendsByState(role, one) }));
  return findPath(inferMessageFlow(protocol), role, causes, [handler]);
}

function sendsByState(role: Role, handler: Handler): readonly number[] {
  const effects = (handler.body?.effects ?? []).filter(({ kind }) => kind === "send");
  const touches = inferFootprint(role, handler).accesses.length > 0;
  const isRolledBack = touches && (handler.body?.throws.length ?? 0) > 0;
  const all = isRolledBack || handler.trigger.kind === "after" || handler.trigger.kind === "recover";
  return effects.filter((effect) => all || dependsOnState(role, effect)).map(({ id }) => id);
}

function dependsOnState(role: Role, effect: Effect): boolean {
  const cells = [...inferEffectFootprint(effect).reads.map(({ cell }) => cell), ...termsOf(effect).flatMap(cellsRead)];
  return cells.some(({ field }) => isState(role, field));
}
