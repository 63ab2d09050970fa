/**
 * A component spread by keys: what the rules that route by keys have in common. What keys may be is theirs to say; how
 * the choice is judged, proved and written down is the same.
 */
import { keyScopeOf, type KeyScope } from "../analysis/dependencies/keyScope.ts";
import { isPrintable } from "../analysis/keys/printableKey.ts";
import { toOwner } from "../analysis/dependencies/ownership.ts";
import { inferKeys, type KeyAnalysis, type KeyPolicy } from "../analysis/keys/inferKeys.ts";
import { keyProblem, type KeyProblem } from "../analysis/keys/keyProblem.ts";
import {
  isColumn,
  isKeyTerm,
  isRouteTerm,
  keyPartOf,
  printKey,
  simplify,
  toKeyPart,
  type KeyTerm,
} from "../analysis/keys/keyTerms.ts";
import { equationsOf } from "../analysis/keys/keyPlaces.ts";
import { names } from "../analysis/quote.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { KeyPart, Proof, RoutingKey } from "../model/component.ts";
import { findHandler, findStateField } from "../model/protocol.ts";
import { contains } from "../model/span.ts";
import type { Partitioning } from "../model/component.ts";
import { chooseKeys, positionsOf, type ChosenKeys, type Obstacle } from "./chooseKeys.ts";
import { describeOwnership, describeEquations } from "./describeOwnership.ts";
import { refuseFifoSpread } from "./refusals/fifoSpread.ts";
import { refuseKey, refuseDarkSpread, refuseNothingToSpreadBy } from "./refusals/keyRefusals.ts";
import { verdict, type Spreading, type Verdict } from "./rule.ts";

/** @param scope What keys may be, besides columns and senders; undefined: nothing. */
export function spreadByKeys(step: Spreading, rule: string, scope: KeyScope | undefined): Verdict<Partitioning> {
  const analysis = inferKeys(step.role, step.handlers, undefined, scope);
  const dark = analysis.notUnderstood.filter(
    (one, i, all) => all.findIndex((other) => isSameTrouble(one, other)) === i,
  );
  if (dark.length > 0) return { kind: "refused", refusals: dark.map((why) => refuseDarkSpread(step, why)) };
  if (scope === undefined && asksForFunctions(step)) return { kind: "refused", refusals: [] };
  const problem = keyProblem(step.role, step.handlers, undefined, scope);
  const chosen = chooseKeys(step, problem, analysis);
  const owners = ownersOf(problem, chosen);
  const refusals = [
    ...distinctFindings([...chosen.obstacles, ...owners.obstacles].map((obstacle) => refuseKey(step, obstacle))),
    ...refuseFifoSpread(step, chosen.keys),
    ...(chosen.obstacles.length === 0 && Object.values(chosen.keys).every((key) => key.length === 0)
      ? [refuseNothingToSpreadBy(step)]
      : []),
  ];
  return verdict(refusals, () => ({
    proof: prove(step, rule, problem, chosen, analysis),
    outcome: {
      partitions: step.partitions,
      keys: routesOf(chosen.keys),
      positions: positionsOf(chosen.policies),
      ...(Object.keys(owners.owners).length === 0 ? {} : { owners: owners.owners }),
    },
  }));
}

/** Whether functions of columns, or what is known of columns, could matter to the keys of a component. */
export function concernsFunctions(step: Spreading): boolean {
  if (asksForFunctions(step)) return true;
  const scope = keyScopeOf(step);
  if ([...scope.equations.values(), ...scope.unreliable.values()].some((equations) => equations.length > 0))
    return true;
  const accesses = [...keyProblem(step.role, step.handlers).footprints.values()].flatMap((one) => one.accesses);
  return accesses.some(({ cell }) =>
    cell.keys.map(simplify).some((key) => key.kind === "pure" && isKeyTerm(key) && !isColumn(key)),
  );
}

function asksForFunctions({ by }: Spreading): boolean {
  if (by === undefined) return false;
  const keys = by.kind === "everywhere" ? [by.key] : Object.values(by.keys);
  return keys.flat().some(({ kind }) => kind === "pure");
}

interface Owners {
  readonly owners: { readonly [field: string]: RoutingKey };
  readonly obstacles: readonly Obstacle[];
}

/** Of the fields whose entries are not spread by their keys as they are: what tells the partition of an entry. */
function ownersOf(problem: KeyProblem, { policies }: ChosenKeys): Owners {
  const spread = Object.keys(positionsOf(policies)).filter((field) =>
    policies.flat().some(({ through }) => through[field] !== undefined),
  );
  const found = spread.map((field) => {
    const parts = policies.map((groups) => {
      const policy = groups.find(({ positions }) => positions[field] !== undefined);
      return policy === undefined ? undefined : ownerOf(problem, policy, field);
    });
    const key = parts.flatMap((part) => part ?? []);
    return { field, key: key.length === parts.length ? key : undefined };
  });
  return {
    owners: Object.fromEntries(found.flatMap(({ field, key }) => (key === undefined ? [] : [[field, key] as const]))),
    obstacles: found.flatMap(({ field, key }): readonly Obstacle[] => {
      if (key !== undefined || findStateField(problem.role, field)?.durable !== true) return [];
      const access = [...problem.footprints.values()]
        .flatMap(({ accesses }) => accesses)
        .find(({ cell }) => cell.field === field);
      const wanted =
        access === undefined ? undefined : policies[0]?.flatMap(({ keys }) => keys[access.handler] ?? [])[0];
      return access === undefined || wanted === undefined ? [] : [{ kind: "owner-unknown", access, wanted }];
    }),
  };
}

function ownerOf(problem: KeyProblem, { positions, through }: KeyPolicy, field: string): KeyPart | undefined {
  const position = positions[field] ?? 0;
  const ownership = through[field];
  if (ownership === undefined) return { kind: "column", path: [String(position)] };
  const accesses = [...problem.footprints.values()].flatMap((footprint) => footprint.accesses);
  for (const { cell, handler } of accesses.filter((access) => access.cell.field === field)) {
    const key = cell.keys[position];
    if (key === undefined) continue;
    const equations = equationsOf(problem, handler);
    const part = toOwner(ownership, position, problem.handlers.get(handler), simplify(key), equations, (term) =>
      isPrintable(term) ? keyPartOf(term) : undefined,
    );
    if (part !== undefined) return part;
  }
  return undefined;
}

/** One reason at one place is one refusal, however many accesses are made by the expression there. */
function distinctFindings(findings: readonly Finding[]): readonly Finding[] {
  const placeOf = ({ code, span }: Finding): string => `${code} ${span.file} ${String(span.start)} ${String(span.end)}`;
  return findings.filter((one, i) => findings.findIndex((other) => placeOf(other) === placeOf(one)) === i);
}

/** What is not followed at one place is often not followed around it either, nor where the same thing is used again. */
function isSameTrouble(one: HandlersTrouble, other: HandlersTrouble): boolean {
  if (contains(one.span, other.span) || contains(other.span, one.span)) return true;
  return one.handler === other.handler && one.why === other.why;
}

type HandlersTrouble = KeyAnalysis["notUnderstood"][number];

/** What senders route by. A one-shot timer is not sent: it fires where it was armed. */
function routesOf(keys: { readonly [name: string]: readonly KeyTerm[] }): { readonly [name: string]: RoutingKey } {
  const routes = Object.entries(keys).filter(([, key]) => key.every(isRouteTerm));
  return Object.fromEntries(routes.map(([name, key]) => [name, key.filter(isRouteTerm).map(toKeyPart)] as const));
}

function prove(
  step: Spreading,
  rule: string,
  problem: KeyProblem,
  { policies, keys }: ChosenKeys,
  { pinned, recovering }: KeyAnalysis,
): Proof {
  const positions = positionsOf(policies);
  const timed = Object.entries(keys)
    .filter(([, key]) => !key.every(isRouteTerm))
    .map(([name]) => name);
  const routed = Object.entries(keys).filter(([, key]) => key.length > 0 && key.every(isRouteTerm));
  const unrouted = Object.entries(keys)
    .filter(([, key]) => key.length === 0)
    .map(([name]) => name);
  const fields = Object.entries(positions).map(
    ([field, places]) =>
      describeOwnership(problem, policies, field) ??
      `Every access to \`${field}\` is keyed by the key of the message, as its ${places.map(ordinal).join(" and ")} key.`,
  );
  const stateful = new Set(policies.flat().flatMap((policy) => Object.keys(policy.keys)));
  const free = routed.map(([name]) => name).filter((name) => !stateful.has(name));
  return {
    rule,
    statement:
      fields.length === 0
        ? `\`${step.component}\` keeps no state between messages, so any key will do: ${describeKeys(routed)}.`
        : `Whatever \`${step.component}\` does to its state, it does under the key of the message: ${describeKeys(routed)}.`,
    facts: [
      ...fields,
      ...describeEquations(problem, policies),
      ...(free.length === 0 || fields.length === 0
        ? []
        : [`${names(free)} ${free.length === 1 ? "touches" : "touch"} no mutable state, so any key will do.`]),
      ...(unrouted.length === 0
        ? []
        : [
            `${names(unrouted)} ${unrouted.length === 1 ? "touches" : "touch"} no mutable state and ${unrouted.length === 1 ? "has" : "have"} no such column: the first partition takes it.`,
          ]),
      ...timed.map(
        (name) => `\`${name}\` runs on the partition that armed its timer, which is that of the timer's key.`,
      ),
      ...pinned.map((name) => pinnedFact(step, name)),
      ...recovering.map(
        (name) =>
          `\`${name}\` runs on every partition, for the entries that are there: no turn of its loops has to do with another one.`,
      ),
    ],
  };
}

function pinnedFact({ role }: Spreading, name: string): string {
  const kind = findHandler(role, name)?.trigger.kind === "start" ? "at the start" : "as a timer";
  return `\`${name}\` runs ${kind} on the first partition only, and nothing else touches its state.`;
}

function describeKeys(routed: readonly (readonly [string, readonly KeyTerm[]])[]): string {
  const byKey = new Map<string, string[]>();
  for (const [name, key] of routed) {
    const text = key.map(printKey).join(", ");
    byKey.set(text, [...(byKey.get(text) ?? []), name]);
  }
  return [...byKey].map(([key, handlers]) => `\`${key}\` of ${names(handlers)}`).join("; ");
}

function ordinal(position: number): string {
  return ["first", "second", "third", "fourth"][position] ?? `${String(position + 1)}th`;
}
