import { verifySystem, type Verification, type ViolationKind } from "../../../plugin/verify/index.ts";
import type { Flaws } from "../../../runtime/simulator/index.ts";
import type { RewrittenSystem, SystemDefinition } from "../../../runtime/system.ts";
import * as assemblies from "../../fixtures/verify/assembly.ts";
import * as quorums from "../../fixtures/verify/ballots.ts";
import * as banks from "../../fixtures/verify/bank.ts";
import * as petitions from "../../fixtures/verify/petition.ts";

const { assembly } = assemblies;
const { ballots } = quorums;
const { bank, quietBank } = banks;
const { petition } = petitions;

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
  const right: readonly (readonly [string, SystemDefinition, RewrittenSystem | undefined])[] = [
    ["signatures counted in sets", petition, petitions.countedInSets],
    ["signatures, as written", petition, undefined],
    ["a ledger behind a counter", bank, banks.relayed],
    ["a ledger behind a counter, by account", bank, banks.relayedByAccount],
    ["a ledger that is asked directly, with a counter that holds its answers", bank, banks.askedDirectlyAndHeld],
    ["a ledger that is asked directly, with a counter that says nothing", quietBank, banks.quietAskedDirectly],
    ["a quorum whose proxies hold their answers", ballots, quorums.heldBack],
    ["a quorum whose proxies hold their answers, and tell what matters", ballots, quorums.heldBackAbove],
    ["parts that wait for their order", assembly, assemblies.partsWait],
  ];

  it.each(right)("%s", (_name, system, rewritten) => {
    expectRefinement(verifySystem({ system, rewritten, seeds: 300, clients: 3 }));
  });

  it.each(right)("%s, under all faults", (_name, system, rewritten) => {
    expectRefinement(verifySystem({ system, rewritten, seeds: 300, clients: 3, faults: true }));
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
    { what: "repetitions are counted", system: petition, rewritten: petitions.countedRepetitions, kind: "cycle", names: [] },
    { what: "a threshold that fires again", system: petition, rewritten: petitions.passedAgain, kind: "replay mismatch", names: [] },
    { what: "a threshold that is not looked at", system: petition, rewritten: petitions.passedTooLate, kind: "lost wake-up", names: [] },
    { what: "asked directly after an answer", system: bank, rewritten: banks.askedDirectly, kind: "cycle", names: [] },
    { what: "booked in any order", system: bank, rewritten: banks.bookedInAnyOrder, kind: "cycle", names: [] },
    { what: "nothing held back", system: ballots, rewritten: quorums.notHeldBack, kind: "cycle", names: [] },
    { what: "a wrong bound", system: ballots, rewritten: quorums.heldBackWrongly, kind: "replay mismatch", names: [] },
    { what: "parts thrown away", system: assembly, rewritten: assemblies.partsThrownAway, kind: "lost wake-up", names: [] },
    { what: "parts forgotten", system: assembly, rewritten: assemblies.partsForgotten, kind: "lost wake-up", names: [] },
    { what: "flaw: an ordered channel without order", system: bank, rewritten: banks.relayed, flaws: { unordered: true }, kind: "cycle", names: [] },
    { what: "flaw: skips on a gap", system: bank, rewritten: banks.relayed, flaws: { skipsGaps: true }, kind: "lost wake-up", names: [] },
    { what: "flaw: no holding (counter)", system: bank, rewritten: banks.askedDirectlyAndHeld, flaws: { holdsNothing: true }, kind: "cycle", names: [] },
    { what: "flaw: no holding (quorum)", system: ballots, rewritten: quorums.heldBack, flaws: { holdsNothing: true }, kind: "cycle", names: [] },
    { what: "flaw: acknowledged before applied", system: bank, rewritten: banks.askedDirectlyAndHeld, flaws: { acknowledgesEarly: true }, kind: "cycle", names: [] },
    { what: "flaw: parked and never woken", system: assembly, rewritten: assemblies.partsWait, flaws: { wakesNobody: true }, kind: "lost wake-up", names: [] },
    { what: "flaw: repeated on an ordered channel", system: bank, rewritten: banks.relayed, flaws: { repeatsForwards: true }, kind: "replay mismatch", names: [] },
    { what: "flaw: repeated on a channel that delivers once", system: ballots, rewritten: quorums.heldBack, flaws: { repeatsForwards: true }, kind: "replay mismatch", names: [] },
  ];

  for (const faults of [false, true]) {
    it.each(wrong)(`$what${faults ? ", under all faults too" : ""}`, ({ system, rewritten, flaws, kind, names }) => {
      const result = verifySystem({ system, rewritten, flaws, clients: 3, seeds: 300, faults });
      const text = print(result);
      expect(text).toContain("counterexample");
      if (process.env["SHOW"]) console.log(text);
      expect(`${text}\nkind: ${String(result.violations[0]?.kind)}`).toContain(`kind: ${kind}`);
      for (const name of names) expect(text).toContain(name);
    });
  }
});
