/** Counts of states that others have published for well-known models, and the rules under which ours are the same. */
import { explore, type Exploration, type ExploreOptions } from "../../../../runtime/simulator/index.ts";
import { dieHard } from "../../../fixtures/explorer/dieHard.ts";
import { increment } from "../../../fixtures/explorer/increment.ts";
import { paxosRegister } from "../../../fixtures/explorer/paxosRegister.ts";
import { linearizabilityTester } from "../../../fixtures/explorer/registerClient.ts";
import { sharedRegister } from "../../../fixtures/explorer/sharedRegister.ts";
import { singleCopyRegister } from "../../../fixtures/explorer/singleCopyRegister.ts";
import { twoPhaseCommit } from "../../../fixtures/explorer/twoPhaseCommit.ts";

type Counts = Pick<Exploration, "verdict" | "distinct" | "generated" | "depth">;

function counts({ verdict, distinct, generated, depth }: Exploration): Counts {
  return { verdict, distinct, generated, depth };
}

/**
 * Stateright (examples/*.rs, `unique_state_count`): an unordered network that duplicates nothing; each client puts when the
 * system starts, and gets in the very step in which it has its answer; what a `LinearizabilityTester` remembers is part of a
 * state; a delivery that changes no actor and sends nothing is no transition, and its message stays where it is.
 */
const STATERIGHT: ExploreOptions = {
  clients: 2,
  operations: 2,
  issue: "at once",
  deliveries: "effective",
  history: linearizabilityTester,
};

describe("Stateright counts as many states", () => {
  it.each([
    ["single-copy-register, 2 clients and 1 server", singleCopyRegister(1), 93],
    ["linearizable-register (ABD), 2 clients and 2 servers", sharedRegister(2), 544],
    ["paxos, 2 clients and 3 servers", paxosRegister(3), 16_668],
  ])("in %s", (_, system, distinct) => {
    for (const exact of [false, true]) {
      const exploration = explore(system, { ...STATERIGHT, exact });
      expect(counts(exploration)).toMatchObject({ verdict: "exhausted", distinct });
      expect(exploration.collisionProbability).toBeLessThan(1e-10);
    }
  });
});

/**
 * TLC counts the initial state as depth 1. Where an action of a specification cannot be taken, a timer of ours fires all the
 * same, and changes nothing: so of what was generated only DieHard, in which every action can always be taken, compares.
 */
const TLA: ExploreOptions = { clients: 1, operations: 0, firings: Infinity };

describe("TLC counts as many states", () => {
  it("in DieHard: 97 generated, 16 distinct, depth 8", () => {
    expect(counts(explore(dieHard(), TLA))).toEqual({ verdict: "exhausted", distinct: 16, generated: 97, depth: 7 });
  });

  it("in TwoPhase with 3 resource managers: 288 distinct, depth 11; Stateright's 2pc as well", () => {
    expect(counts(explore(twoPhaseCommit(3), TLA))).toMatchObject({ verdict: "exhausted", distinct: 288, depth: 10 });
  });
});

describe("Stateright's increment", () => {
  it("has 13 states with 2 threads", () => {
    expect(explore(increment(2).system, TLA)).toMatchObject({ verdict: "exhausted", distinct: 13 });
  });

  it("loses an increment after both have read, and then written", () => {
    const { system, fin } = increment(2);
    const { verdict, violation } = explore(system, { ...TLA, invariants: [fin] });
    expect(verdict).toBe("violated");
    expect(violation?.invariant).toBe(fin.name);
    expect(violation?.trace.map(({ description }) => description.replace(/^.* expires /, ""))).toEqual([
      "all start",
      'step["0"]',
      'step["1"]',
      'step["0"]',
      'step["1"]',
    ]);
  });
});
