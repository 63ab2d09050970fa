/** The partitions of a component, decided on the code that runs in it. */
import { projectComponent } from "../analysis/projectComponent.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Forward, Partitioning, Proof } from "../model/component.ts";
import type { Protocol, Role } from "../model/protocol.ts";
import type { RequestedComponent } from "../model/requestedPlan.ts";
import type { Spreading } from "../rules/rule.ts";
import { partitioningRules } from "../rules/rules.ts";
import type { Draft } from "./draft.ts";
import { forcePartitioning } from "./forceSteps.ts";
import { validateKeys } from "./validateKeys.ts";

export interface Spread {
  readonly partitioning: Partitioning | undefined;
  readonly proofs: readonly Proof[];
  readonly findings: readonly Finding[];
}

export const NOT_SPREAD: Spread = { partitioning: undefined, proofs: [], findings: [] };

export function spreadOut(
  protocol: Protocol,
  role: Role,
  draft: Draft,
  forwards: readonly Forward[],
  force: boolean,
): Spread {
  const { request, name, left } = draft;
  if (request?.into === undefined) return NOT_SPREAD;
  const misnamed = validateKeys(role, request, draft.handlers, forwards);
  if (misnamed.length > 0) return { ...NOT_SPREAD, findings: misnamed };
  // What is forwarded with state has the keys of its state; what only sends may have any.
  const fragments = forwards.filter(({ channel }) => channel !== undefined);
  const forwarded = draft.forwarded.flatMap(({ handler, cut }, i) => {
    const forward = forwards[i];
    return forward === undefined || !fragments.includes(forward) ? [] : [{ name: forward.name, handler, cut }];
  });
  const step: Spreading = {
    protocol,
    role: projectComponent(role, { handlers: draft.handlers, left, forwarded }),
    original: role,
    component: name,
    handlers: [...draft.handlers, ...fragments.map((forward) => forward.name)],
    forwards: forwards.filter((forward) => !fragments.includes(forward)),
    fragments,
    forwarding: [...left.map(({ handler }) => handler), ...Object.keys(draft.parks)],
    by: keysOf(request.by, fragments),
    partitions: request.into.partitions,
    request: request.into.span,
  };
  const refusals: (readonly Finding[])[] = [];
  for (const rule of partitioningRules.filter((candidate) => candidate.concerns(step))) {
    const verdict = rule.decide(step);
    if (verdict.kind === "proved") return { partitioning: verdict.outcome, proofs: [verdict.proof], findings: [] };
    // A rule that almost holds has more to say than one that asks for less, and comes after it.
    if (verdict.almost === true) refusals.unshift(verdict.refusals);
    else refusals.push(verdict.refusals);
  }
  const [findings = []] = refusals.filter((one) => one.length > 0);
  return { partitioning: force ? forcePartitioning(step) : undefined, proofs: [], findings };
}

/** A key that is named for a handler is also that of what was forwarded from it. */
function keysOf(by: RequestedComponent["by"], fragments: readonly Forward[]): RequestedComponent["by"] {
  if (by?.kind !== "perHandler") return by;
  const more = fragments.flatMap(({ name, handler }) => {
    const key = by.keys[name] ?? by.keys[handler];
    return key === undefined ? [] : [[name, key] as const];
  });
  return { ...by, keys: { ...by.keys, ...Object.fromEntries(more) } };
}
