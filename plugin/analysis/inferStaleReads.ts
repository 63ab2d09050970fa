/**
 * Whether what some handlers send can lead to a message of certain other handlers: whoever learns of an activation by what
 * it sends may then send something that has to find the activation's effects. External roles are one node, which can turn
 * anything received into anything sent; and a node can turn any message into any other that its role sends.
 */
import type { Role } from "../model/protocol.ts";
import type { FlowEdge, MessageFlow } from "./inferMessageFlow.ts";

/** Effects of a handler, by id. */
export interface Causes {
  readonly handler: string;
  /** Those that count; undefined: all of them. */
  readonly effects: readonly number[] | undefined;
}

/** A way from one of the causes to one of these handlers of the same role: a shortest one, message by message. */
export function findPath(
  flow: MessageFlow,
  role: Role,
  causes: readonly Causes[],
  inputs: readonly string[],
): readonly FlowEdge[] | undefined {
  const isCause = ({ from }: FlowEdge): boolean =>
    from.kind !== "external" &&
    from.role === role.name &&
    causes.some(
      ({ handler, effects }) =>
        handler === from.handler && (from.kind === "unknown" || effects === undefined || effects.includes(from.effect)),
    );
  const isInput = ({ to }: FlowEdge): boolean => to.role === role.name && inputs.includes(to.handler);
  const reached = new Set<string>();
  let paths = flow.edges.filter(isCause).map((edge): readonly FlowEdge[] => [edge]);
  while (paths.length > 0) {
    const found = paths.find((path) => path.slice(-1).some(isInput));
    if (found !== undefined) return found;
    paths = paths.flatMap((path) => {
      const [last] = path.slice(-1);
      const next = last === undefined ? "" : nodeOf(flow, last.to.role);
      if (reached.has(next)) return [];
      reached.add(next);
      return flow.edges.filter(({ from }) => nodeOf(flow, from.role) === next).map((edge) => [...path, edge]);
    });
  }
  return undefined;
}

const OUTSIDE = "";

function nodeOf({ externals }: MessageFlow, role: string): string {
  return externals.includes(role) ? OUTSIDE : role;
}
