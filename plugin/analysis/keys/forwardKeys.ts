/** Whether a forward can be routed by columns of the message that its handler received. */
import type { Forward } from "../../model/component.ts";
import type { Region } from "../../model/effect.ts";
import type { Handler } from "../../model/protocol.ts";
import { contains } from "../../model/span.ts";
import { leavesOf } from "../dependencies/equations.ts";
import type { RouteTerm } from "./keyTerms.ts";

/**
 * A column reaches the forward when some value that travels is, or is around, that part of the payload, or when the
 * payload itself is visible where the statement was: then the column travels along.
 */
export function keyReachesForward(handler: Handler, forward: Forward, key: RouteTerm): boolean {
  return leavesOf(key).every((leaf) => leaf.kind !== "payload" || columnReaches(handler, forward, leaf.path));
}

function columnReaches(handler: Handler, forward: Forward, path: readonly string[]): boolean {
  const travels = forward.live.some(({ binding, name, term }) => {
    const prefix =
      term?.kind === "payload" ? term.path : binding === "payload" && name === handler.payload?.name ? [] : undefined;
    return prefix?.every((part, i) => part === path[i]) ?? false;
  });
  return travels || isPayloadVisible(handler, forward);
}

function isPayloadVisible({ payload, body, span }: Handler, { region }: Forward): boolean {
  // The name of a parameter that is a pattern is no name.
  if (payload === undefined || !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(payload.name)) return false;
  if (!contains(span, region)) return false;
  const hides = (candidate: Region): boolean =>
    contains(candidate.span, region) && (candidate.declares.includes(payload.name) || candidate.children.some(hides));
  return body === undefined || !hides(body.root);
}
