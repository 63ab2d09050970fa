/** A class with one of each lattice, and random activations on it. */
import fc from "fast-check";
import { Counter, GrowMap, GrowSet, MaxReg, Once, Tally } from "../../decorators/index.ts";

type Ballot = readonly [round: number, proposer: string];

export class Ledger {
  readonly seen = new GrowSet<string>();
  readonly ballot = new MaxReg<Ballot>([0, ""]);
  readonly high = new MaxReg<number>(0);
  readonly votes = new Tally<string>();
  readonly weight = new Counter();
  readonly decided = new Once<string>();
  readonly replies = new GrowMap<string, GrowSet<string>>(() => new GrowSet());
  readonly nested = new GrowMap<string, GrowMap<number, MaxReg<number>>>(() => new GrowMap(() => new MaxReg(0)));
  fired = 0;
}

export type Step = readonly [op: keyof Ledger | "nothing", key: string, other: string, amount: number];

const key = fc.constantFrom("a", "b", "c");
const operations = ["seen", "ballot", "high", "votes", "weight", "decided", "replies", "nested"] as const;
const step: fc.Arbitrary<Step> = fc.tuple(fc.constantFrom(...operations), key, key, fc.integer({ min: -2, max: 5 }));

export const latticeSteps = fc.array(step, { maxLength: 12 });
export const latticeActivations = fc.array(fc.record({ steps: latticeSteps, fails: fc.boolean() }), { maxLength: 8 });

/** Everything but `fired` only grows, in any order. */
export function take(ledger: Ledger, [operation, key, other, amount]: Step): void {
  switch (operation) {
    case "seen":
      ledger.seen.add(key);
      return;
    case "ballot":
      ledger.ballot.merge([amount, key]);
      return;
    case "high":
      ledger.high.merge(amount);
      return;
    case "votes":
      ledger.votes.add(key, other);
      return;
    case "weight":
      ledger.weight.add(key, amount);
      return;
    case "decided":
      ledger.decided.do(key, () => {
        ledger.fired++;
      });
      return;
    case "replies":
      ledger.replies.at(key).add(other);
      return;
    case "nested":
      ledger.nested.at(key).at(amount).merge(amount);
      return;
    case "fired":
    case "nothing":
      return;
  }
}

/** What the lattices of a ledger (or of a view of one) hold, as comparable data; the order of arrival is not part of it. */
export function contentsOf(ledger: Ledger): unknown {
  const sorted = (members: Iterable<string>): readonly string[] => [...members].sort();
  const keys = ["a", "b", "c"];
  return {
    seen: sorted(ledger.seen),
    ballot: [...ledger.ballot.value],
    high: ledger.high.value,
    votes: keys.map((k) => keys.filter((source) => ledger.votes.has(k, source))),
    counts: keys.map((k) => [ledger.votes.count(k), ledger.votes.reached(k, 2), ledger.votes.has(k)]),
    weight: [ledger.weight.value, ...keys.map((k) => ledger.weight.of(k))],
    decided: keys.filter((k) => ledger.decided.has(k)),
    replies: sorted(ledger.replies.keys()).map((k) => [k, sorted(ledger.replies.get(k) ?? [])]),
    nested: sorted(ledger.nested.keys()).map((k) =>
      [...(ledger.nested.get(k) ?? [])].map(([n, register]) => [n, register.value]).sort(([a = 0], [b = 0]) => a - b),
    ),
  };
}
