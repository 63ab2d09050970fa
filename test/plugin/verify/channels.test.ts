import { verifySystem, type Coverage, type Verification, type ViolationKind } from "../../../plugin/verify/index.ts";
import type { Flaws } from "../../../runtime/simulator/index.ts";
import type { RewrittenSystem, SystemDefinition } from "../../../runtime/system.ts";
import * as assemblies from "../../fixtures/verify/assembly.ts";
import * as quorums from "../../fixtures/verify/ballots.ts";
import * as banks from "../../fixtures/verify/bank.ts";
import * as petitions from "../../fixtures/verify/petition.ts";
import * as registries from "../../fixtures/verify/registry.ts";
import { rewrittenVoting, voting } from "../../fixtures/verify/voting.ts";

const { assembly } = assemblies;
const { ballots } = quorums;
const { bank, quietBank } = banks;
const { petition } = petitions;
const { archive, registry } = registries;

function print({ verdict, violations, coverage }: Verification): string {
  const found = violations.map(({ kind, seed, summary, trace }) =>
    [`${kind} (seed ${String(seed)}): ${summary}`, ...trace].join("\n  "),
  );
  return [verdict, ...found, JSON.stringify(coverage)].join("\n");
}

/** Fails with the violation in full. */
function expectRefinement(result: Verification): void {
  if (result.verdict !== "refines") throw new Error(print(result));
}

describe("right rewrites with state on both sides are accepted", () => {
  interface Right {
    readonly what: string;
    readonly system: SystemDefinition;
    readonly rewritten: RewrittenSystem;
    /** What the runs have to exercise. */
    readonly exercises: readonly (keyof Coverage["channels"])[];
    /** Whether activations may observe other states than in the original. */
    readonly needsWitness?: boolean;
  }
  const right: readonly Right[] = [
    {
      what: "signatures counted in sets",
      system: petition,
      rewritten: petitions.countedInSets,
      exercises: ["repeatable", "repeated"],
      needsWitness: true,
    },
    {
      what: "a ledger behind a counter",
      system: bank,
      rewritten: banks.relayed,
      exercises: ["ordered", "stalled"],
    },
    {
      what: "a ledger behind a counter, by account",
      system: bank,
      rewritten: banks.relayedByAccount,
      exercises: ["ordered", "stalled"],
    },
    {
      what: "a ledger that is asked directly, behind a counter that holds its answers",
      system: bank,
      rewritten: banks.askedDirectlyAndHeld,
      exercises: ["acknowledged", "held", "stalled"],
    },
    {
      what: "a ledger that is asked directly, behind a counter that says nothing",
      system: quietBank,
      rewritten: banks.quietAskedDirectly,
      exercises: ["ordered", "stalled"],
    },
    {
      what: "a quorum whose proxies hold their answers",
      system: ballots,
      rewritten: quorums.heldBack,
      exercises: ["once", "acknowledged", "held", "stalled"],
    },
    {
      what: "a quorum whose proxies hold their answers, and tell only what matters",
      system: ballots,
      rewritten: quorums.heldBackAbove,
      exercises: ["once", "acknowledged", "held", "stalled"],
    },
    {
      what: "parts that wait for their order",
      system: assembly,
      rewritten: assemblies.partsWait,
      exercises: ["repeatable", "repeated", "parked"],
    },
    {
      what: "entries that are counted where they are kept",
      system: registry,
      rewritten: registries.keptOnShelves,
      exercises: ["repeatable", "repeated"],
      needsWitness: true,
    },
    {
      what: "entries that are noted when they are kept",
      system: archive,
      rewritten: registries.notedWhenKept,
      exercises: ["acknowledged", "held", "stalled"],
    },
  ];

  it.each(right)("$what", ({ system, rewritten, exercises, needsWitness }) => {
    const result = verifySystem({ system, rewritten, seeds: 200, clients: 3 });
    expectRefinement(result);
    const { channels, witnessRuns, completedOperations, issuedOperations } = result.coverage;
    expect(completedOperations).toBe(issuedOperations);
    for (const kind of exercises) expect([kind, channels[kind] > 0]).toEqual([kind, true]);
    expect(witnessRuns > 0).toBe(needsWitness === true);
  });

  it.each(right)("$what, under all faults", ({ system, rewritten }) => {
    const result = verifySystem({ system, rewritten, seeds: 200, clients: 3, faults: true });
    expectRefinement(result);
    const { crashes, losses, comebacks } = result.coverage;
    expect(Math.min(crashes, losses, comebacks)).toBeGreaterThan(10);
  });

  it.each([petition, bank, quietBank, ballots, assembly, registry, archive])("$name as its own rewrite", (system) => {
    for (const faults of [false, true]) expectRefinement(verifySystem({ system, seeds: 60, faults }));
  });

  it("tells less where a bound says that it does not matter", () => {
    const [all, some] = [quorums.heldBack, quorums.heldBackAbove].map(
      (rewritten) => verifySystem({ system: ballots, rewritten, seeds: 30, clients: 3 }).coverage.channels.acknowledged,
    );
    expect(some).toBeLessThan((all ?? 0) / 2);
  });
});

describe("wrong ones are caught", () => {
  interface Wrong {
    readonly what: string;
    readonly system: SystemDefinition;
    readonly rewritten: RewrittenSystem;
    readonly flaws?: Flaws;
    readonly kind: ViolationKind;
    /** What the explanation has to name. */
    readonly names: readonly string[];
  }
  const wrong: readonly Wrong[] = [
    {
      what: "repetitions are counted",
      system: petition,
      rewritten: petitions.countedRepetitions,
      kind: "cycle",
      names: ["office counter.", "signatures[", "passed({ petition:", "which the original had not sent by then"],
    },
    {
      what: "a threshold fires again",
      system: petition,
      rewritten: petitions.passedAgain,
      kind: "cycle",
      names: ["office counter.", "passed({ petition:", "which the original had not sent by then"],
    },
    {
      what: "a threshold is not looked at",
      system: petition,
      rewritten: petitions.passedTooLate,
      kind: "lost wake-up",
      names: ["the original then sends Office/office > Citizen/citizen-", "passed({ petition:"],
    },
    {
      what: "asked directly after an answer",
      system: bank,
      rewritten: banks.askedDirectly,
      kind: "cycle",
      names: ["bank ledger handled ask(", "read balances[", "sent accepted({", "after it had arrived"],
    },
    {
      what: "booked in any order",
      system: bank,
      rewritten: banks.bookedInAnyOrder,
      kind: "cycle",
      names: ["bank ledger handled", "balances["],
    },
    {
      what: "nothing is held back",
      system: ballots,
      rewritten: quorums.notHeldBack,
      kind: "cycle",
      names: ["proposer main handled propose(", "read ballot (", "sent chosen({", "after it had arrived"],
    },
    {
      what: "what is told is not what matters",
      system: ballots,
      rewritten: quorums.heldBackWrongly,
      kind: "replay mismatch",
      names: ["proposer main handled propose(", "the original sends Client/client-"],
    },
    {
      what: "parts are thrown away",
      system: assembly,
      rewritten: assemblies.partsThrownAway,
      kind: "lost wake-up",
      names: ["workshop bench.", "deliver({ order:", "the original then sends Workshop/workshop > Buyer/buyer-"],
    },
    {
      what: "parts wait, and nobody tells them",
      system: assembly,
      rewritten: assemblies.partsForgotten,
      kind: "lost wake-up",
      names: ["only in the original", 'the original changes parts["buyer-', "waits to this day"],
    },
    {
      what: "entries are noted before they are kept",
      system: archive,
      rewritten: registries.notedBeforeKept,
      kind: "cycle",
      names: ["archive store handled list(", "sent noted({", "after it had arrived"],
    },
    {
      what: "what is counted is told before it is kept",
      system: registry,
      rewritten: registries.keptOnShelves,
      flaws: { hasty: true },
      kind: "durability",
      names: ["left before what it wrote"],
    },
    {
      what: "a channel that keeps order does not",
      system: bank,
      rewritten: banks.relayed,
      flaws: { unordered: true },
      kind: "cycle",
      names: ["bank ledger handled", "balances["],
    },
    {
      what: "a channel that keeps order skips what is missing",
      system: bank,
      rewritten: banks.relayed,
      flaws: { skipsGaps: true },
      kind: "lost wake-up",
      names: ["the original then sends Customer/customer-"],
    },
    {
      what: "a counter holds nothing",
      system: bank,
      rewritten: banks.askedDirectlyAndHeld,
      flaws: { holdsNothing: true },
      kind: "cycle",
      names: ["bank ledger handled ask(", "sent accepted({", "after it had arrived"],
    },
    {
      what: "proxies hold nothing",
      system: ballots,
      rewritten: quorums.heldBack,
      flaws: { holdsNothing: true },
      kind: "cycle",
      names: ["proposer main handled propose(", "sent chosen({", "after it had arrived"],
    },
    {
      what: "what has not been applied is acknowledged",
      system: bank,
      rewritten: banks.askedDirectlyAndHeld,
      flaws: { acknowledgesEarly: true },
      kind: "cycle",
      names: ["bank ledger handled ask(", "sent accepted({", "after it had arrived"],
    },
    {
      what: "what waits is not woken",
      system: assembly,
      rewritten: assemblies.partsWait,
      flaws: { wakesNobody: true },
      kind: "lost wake-up",
      names: ["only in the original", "waits to this day"],
    },
    {
      what: "a channel that keeps order repeats",
      system: bank,
      rewritten: banks.relayed,
      flaws: { repeatsForwards: true },
      kind: "cycle",
      names: ["bank ledger handled"],
    },
    {
      what: "a channel that delivers once repeats",
      system: voting,
      rewritten: rewrittenVoting,
      flaws: { repeatsForwards: true },
      kind: "replay mismatch",
      names: ["propose(", "the rewritten system sent Participant/participant-"],
    },
  ];

  for (const faults of [false, true]) {
    it.each(wrong)(`$what${faults ? ", under all faults too" : ""}`, ({ system, rewritten, flaws, kind, names }) => {
      // What is named is of the first violation, so it matters who comes upon it.
      const options = { system, rewritten, flaws, clients: 3, faults, ...(!faults && { chooser: "random" as const }) };
      const result = verifySystem({ ...options, seeds: 300 });
      const text = print(result);
      expect(text).toContain("counterexample");
      const [violation] = result.violations;
      if (!faults) expect(`${text}\nkind: ${String(violation?.kind)}`).toContain(`kind: ${kind}`);
      if (!faults) for (const name of names) expect(text).toContain(name);
      const seed = violation?.seed ?? 0;
      const again = verifySystem({ ...options, seeds: 1, firstSeed: seed });
      expect(again.violations).toEqual(result.violations.map((violation) => ({ ...violation, runs: 1 })));
    });
  }
});
