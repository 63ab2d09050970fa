/**
 * Co-hashing: the state and the messages of a component are spread by one key. (Chu et al., section 4.1, appendix B.1.)
 *
 * Precondition: every handler has a key, a column (or tuple of columns) of its message or its sender, and every field a
 * position, such that each access of each handler to the field has the handler's key at that position; columns are taken
 * exactly as they arrive. So there is no access without a key: no size, no iteration, no clearing, no reassignment of the
 * whole, no counter. Handlers that touch no mutable state need no key. Timers and start handlers run on the first
 * partition, and their state, if any, is touched by nothing else in the component. Handlers that are `@Fifo` are routed
 * by their sender, all by it alone, and no handler sends to one. Nothing in the component is not understood.
 * Whether a one-shot timer is pending is a cell too, under the key that it was armed with: so a timer without a key is
 * state without a key, and the handler of one with a key has that for its key. A recovery handler consists of loops over
 * whole collections, each turn of which touches, arms and sends only what belongs to its own entry (see
 * `analysis/recoveryObstacles.ts`), and it cannot throw. Journals are no state, since nobody reads them.
 *
 * τ(a) = the instant at which the only fragment of a ran.
 * - Conflict order: let two activations touch a common cell. Both accesses have, at the position of the cell's field, the
 *   key of their message; it is the same value, the container keeps apart what routing keeps apart, so both messages went
 *   to one partition. There they ran one after the other. The state of timers is on the first partition only. No cell has
 *   copies, since initial values are equal everywhere and a cell is only ever touched on one partition.
 * - Causal order: messages leave when the handler returns, and are consumed after that. A timer fires on the partition that
 *   armed it, which is the one that keeps what is under its key, and later than it was armed.
 * - External order: an output is received after the activation that sent it, and what an external node sends after that is
 *   consumed later still.
 * - Channel order: all messages of one logical sender to `@Fifo` handlers go to one partition, over one channel; and no
 *   partition sends to a `@Fifo` handler, which would have to see the messages of all partitions in one order.
 * Every edge goes from an earlier τ to a later one, so there is no cycle.
 *
 * Recovery: the handler of the original is one activation r, here one fragment r_p for each partition p. Its turns commute,
 * for they touch cells of different keys, and nothing passes between them; so r is the turns of all r_p in any order.
 * Each r_p is the first thing that p does in an incarnation. Hence every activation that conflicts with a turn, in that incarnation,
 * comes after it on the same partition; and what a turn depends on are durable cells, which hold what the earlier incarnation
 * had made stable. r can be put before all activations of its incarnation: an edge into it would have to come from one of
 * them, by a message that it consumes (none), or by a cell that it observes (all of them later). A sync that covers only
 * what one activation read or wrote is enough: cells of different keys are never read together. Journals are appended to on
 * several partitions; the order of their records is observed by nobody. A partition that loses no state in a crash comes
 * back alone: then its r_p stands for an r whose other turns sent nothing (an omission of a node that failed) and armed
 * timers that were armed already, or that do not fire; such turns may not change state or append to journals, and do not.
 *
 * A partition answers under the logical id of its node, so nobody can tell partitions apart, count them, or miss one.
 */
import { inferKeys, keyProblem, type KeyAnalysis, type KeyPolicy } from "../analysis/inferKeys.ts";
import { isRouteTerm, printKey, toKeyPart, type KeyTerm } from "../analysis/keyTerms.ts";
import { names } from "../analysis/quote.ts";
import type { Proof, RoutingKey } from "../model/component.ts";
import { findHandler } from "../model/protocol.ts";
import { contains } from "../model/span.ts";
import { chooseKeys, positionsOf } from "./chooseKeys.ts";
import { refuseFifoSpread } from "./refusals/fifoSpread.ts";
import { refuseKey, refuseDarkSpread, refuseNothingToSpreadBy } from "./refusals/keyRefusals.ts";
import { verdict, type PartitioningRule, type Spreading } from "./rule.ts";

export const coHashing: PartitioningRule = {
  name: "co-hashing",
  mechanism: "Senders compute the partition from the key of the message; the code of the component is unchanged.",
  concerns: () => true,
  decide: (step) => {
    const analysis = inferKeys(step.role, step.handlers);
    const dark = analysis.notUnderstood.filter(
      (one, i, all) => all.findIndex((other) => isSameTrouble(one, other)) === i,
    );
    if (dark.length > 0) return { kind: "refused", refusals: dark.map((why) => refuseDarkSpread(step, why)) };
    const problem = keyProblem(step.role, step.handlers);
    const chosen = chooseKeys(step, problem, analysis);
    const refusals = [
      ...chosen.obstacles.map((obstacle) => refuseKey(step, obstacle)),
      ...refuseFifoSpread(step, chosen.keys),
      ...(chosen.obstacles.length === 0 && Object.values(chosen.keys).every((key) => key.length === 0)
        ? [refuseNothingToSpreadBy(step)]
        : []),
    ];
    return verdict(refusals, () => ({
      proof: prove(step, chosen.policies, chosen.keys, analysis),
      outcome: {
        partitions: step.partitions,
        keys: routesOf(chosen.keys),
        positions: positionsOf(chosen.policies),
      },
    }));
  },
};

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
  coordinates: readonly (readonly KeyPolicy[])[],
  keys: { readonly [name: string]: readonly KeyTerm[] },
  { pinned, recovering }: KeyAnalysis,
): Proof {
  const positions = positionsOf(coordinates);
  const timed = Object.entries(keys)
    .filter(([, key]) => !key.every(isRouteTerm))
    .map(([name]) => name);
  const routed = Object.entries(keys).filter(([, key]) => key.length > 0 && key.every(isRouteTerm));
  const unrouted = Object.entries(keys)
    .filter(([, key]) => key.length === 0)
    .map(([name]) => name);
  const fields = Object.entries(positions).map(
    ([field, places]) =>
      `Every access to \`${field}\` is keyed by the key of the message, as its ${places.map(ordinal).join(" and ")} key.`,
  );
  const stateful = new Set(coordinates.flat().flatMap((policy) => Object.keys(policy.keys)));
  const free = routed.map(([name]) => name).filter((name) => !stateful.has(name));
  return {
    rule: coHashing.name,
    statement:
      fields.length === 0
        ? `\`${step.component}\` keeps no state between messages, so any key will do: ${describeKeys(routed)}.`
        : `Whatever \`${step.component}\` does to its state, it does under the key of the message: ${describeKeys(routed)}.`,
    facts: [
      ...fields,
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
