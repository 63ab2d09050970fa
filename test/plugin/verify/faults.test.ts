import { verifySystem, type Verification, type Violation, type ViolationKind } from "../../../plugin/verify/index.ts";
import type { Flaws } from "../../../runtime/simulator/index.ts";
import type { RewrittenSystem, SystemDefinition } from "../../../runtime/system.ts";
import { batcher } from "../../fixtures/verify/batcher.ts";
import { broker, publishApartFromSubscribe, topicsByTopic } from "../../fixtures/verify/broker.ts";
import { counters, countersByName } from "../../fixtures/verify/counters.ts";
import { gate } from "../../fixtures/verify/gate.ts";
import { heartbeat } from "../../fixtures/verify/heartbeat.ts";
import { doorAndFloor, house } from "../../fixtures/verify/house.ts";
import { inventory, stockBySku } from "../../fixtures/verify/inventory.ts";
import * as lease from "../../fixtures/verify/lease.ts";
import { lockServer, locksApart, locksByLock } from "../../fixtures/verify/lockServer.ts";
import { replica } from "../../fixtures/verify/replica.ts";
import { shipping } from "../../fixtures/verify/shipping.ts";
import * as vaults from "../../fixtures/verify/vault.ts";
import * as voters from "../../fixtures/verify/voter.ts";
import { rewrittenVoting, voting, votingByVoter } from "../../fixtures/verify/voting.ts";

const { vault } = vaults;
const { voter } = voters;
const { leases } = lease;

function print({ verdict, violations, coverage }: Verification): string {
  return [verdict, ...violations.map(printViolation), JSON.stringify(coverage)].join("\n");
}

function printViolation({ kind, seed, summary, trace }: Violation): string {
  return [`${kind} (seed ${String(seed)}): ${summary}`, ...trace].join("\n  ");
}

/** Fails with the violation in full. */
function expectRefinement(result: Verification): void {
  if (result.verdict !== "refines") throw new Error(print(result));
}

describe("loss and delay alone", () => {
  const right: readonly (readonly [string, SystemDefinition, RewrittenSystem | undefined])[] = [
    ["voting", voting, rewrittenVoting],
    ["a lock server by lock", lockServer, locksByLock],
    ["an inventory by article", inventory, stockBySku],
    ["a broker by topic", broker, topicsByTopic],
    ["shipping as its own rewrite", shipping, undefined],
    ["a gate as its own rewrite", gate, undefined],
    ["a replica that relies on order, as its own rewrite", replica, undefined],
    ["timers and start handlers as their own rewrite", heartbeat, undefined],
    ["a batcher as its own rewrite", batcher, undefined],
  ];

  it.each(right)("do not make %s wrong", (_name, system, rewritten) => {
    const faults = { losses: true, clogs: true };
    const result = verifySystem({ system, rewritten, seeds: 100, clients: 3, faults });
    expectRefinement(result);
    expect(result.coverage.losses).toBeGreaterThan(50);
    expect(result.coverage.crashes).toBe(0);
    expect(result.coverage.completedOperations).toBeLessThan(result.coverage.issuedOperations);
  });
});

describe("right rewrites are right under all faults", () => {
  const right: readonly (readonly [string, SystemDefinition, RewrittenSystem | undefined])[] = [
    ["voting, which stores nothing", voting, rewrittenVoting],
    ["a lock server that forgets, by lock", lockServer, locksByLock],
    ["a component that numbers, and one that keeps what was numbered", house, doorAndFloor],
    ["a vault as its own rewrite", vault, undefined],
    ["a vault by box", vault, vaults.boxesByBox],
    ["a vault whose answers leave elsewhere once it has written down", vault, vaults.answersApart],
    ["a voter as its own rewrite", voter, undefined],
    ["a voter by question", voter, voters.votersByQuestion],
    ["a stateless relay in front of a voter", voter, voters.relayed],
    ["leases with timers as their own rewrite", leases, undefined],
    ["leases with timers by lock", leases, lease.leasesByLock],
  ];

  it.each(right)("%s", (_name, system, rewritten) => {
    const result = verifySystem({ system, rewritten, seeds: 150, clients: 3, faults: true });
    expectRefinement(result);
    const { crashes, losses, comebacks } = result.coverage;
    expect(Math.min(crashes, losses, comebacks)).toBeGreaterThan(10);
  });

  it("also where parts are replaced while the rest of their node goes on", () => {
    const result = verifySystem({ system: counters, rewritten: countersByName, seeds: 300, faults: true });
    expectRefinement(result);
    expect(result.coverage.replacements).toBeGreaterThan(100);
    expect(result.coverage.comebacks).toBe(0);
  });
});

describe("what breaks when something fails is caught", () => {
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
      what: "durability apart from the answer: the vote leaves another component than the one that logs it",
      system: voter,
      rewritten: voters.voteApartFromLog,
      kind: "durability",
      names: [
        "voter voter handled prepare(",
        "left before what it wrote to prepared was on stable storage",
        "voter log ran keep",
      ],
    },
    {
      what: "a journal that was forgotten",
      system: vault,
      rewritten: vaults.journalForgotten,
      kind: "durability",
      names: ["appended nothing to its journals; the original appends log: { box:"],
    },
    {
      what: "a journal apart from the answer",
      system: vault,
      rewritten: vaults.journalApart,
      kind: "durability",
      names: ["left before what it appended to a journal was on stable storage", "vault journalist ran write"],
    },
    {
      what: "a field whose durability was forgotten",
      system: vault,
      rewritten: vaults.nothingDurable,
      kind: "durability",
      names: ["At rest, vault has stored nothing as boxes[", "in the original"],
    },
    {
      what: "a recovery handler that does nothing",
      system: vault,
      rewritten: vaults.silentRecovery,
      kind: "lost wake-up",
      names: ["ran recovered as it came back; the original then sends"],
    },
    {
      what: "timers that nobody sets again",
      system: leases,
      rewritten: lease.timersForgotten,
      kind: "lost wake-up",
      names: ['At rest, the timer end["lock-', "is set in the original"],
    },
    {
      what: "a timer that fires although the original has cleared it",
      system: leases,
      rewritten: lease.timerNotCleared,
      kind: "replay mismatch",
      names: ['fired end["lock-', "the original reads not set"],
    },
    {
      what: "outputs released before the sync",
      system: vault,
      rewritten: vaults.answersApart,
      flaws: { hasty: true },
      kind: "durability",
      names: ["left before what it wrote to boxes was on stable storage"],
    },
    {
      what: "a component with volatile state that restarts alone",
      system: house,
      rewritten: doorAndFloor,
      flaws: { alone: () => true },
      kind: "replay mismatch",
      names: ["the rewritten system sent Guest/guest-", "seat: 0"],
    },
    {
      what: "a forward of an old incarnation that is accepted",
      system: house,
      rewritten: doorAndFloor,
      flaws: { staleForwards: true },
      kind: "replay mismatch",
      names: ["the rewritten system sent Guest/guest-", "taken: true"],
    },
    {
      what: "state without a key, under faults too",
      system: voting,
      rewritten: votingByVoter,
      kind: "cycle",
      names: ["voted("],
    },
    {
      what: "a stale read, under faults too",
      system: lockServer,
      rewritten: locksApart,
      kind: "cycle",
      names: ["server releaser handled release("],
    },
    {
      what: "another stale read, under faults too",
      system: broker,
      rewritten: publishApartFromSubscribe,
      kind: "cycle",
      names: ["broker publisher handled "],
    },
  ];

  it.each(wrong)("$what", ({ system, rewritten, flaws, kind, names }) => {
    // What is named is of one of the first violations: there is more than one way to notice what is wrong.
    const result = verifySystem({ system, rewritten, flaws, clients: 3, seeds: 300, faults: true, stopAfter: 10 });
    const text = print(result);
    expect(text).toContain("counterexample");
    const explained = result.violations.filter(
      (violation) => violation.kind === kind && names.every((name) => printViolation(violation).includes(name)),
    );
    expect(explained.length > 0 ? "explained" : text).toBe("explained");
    const seed = result.violations[0]?.seed ?? 0;
    const again = verifySystem({ system, rewritten, flaws, clients: 3, seeds: 1, firstSeed: seed, faults: true });
    expect(again.violations).toEqual(result.violations.slice(0, 1).map((violation) => ({ ...violation, runs: 1 })));
  });

  it("outputs released before the sync, also by what a crash then loses", () => {
    const { violations } = verifySystem({
      system: vault,
      rewritten: vaults.answersApart,
      flaws: { hasty: true },
      clients: 3,
      seeds: 100,
      stopAfter: 100,
      faults: true,
    });
    expect(violations.some(({ summary }) => summary.includes("a crash lost what it had written down"))).toBe(true);
  });

  it("outputs released before the sync, by a part that is replaced while its node goes on", () => {
    const flaws = { hasty: true };
    const result = verifySystem({
      system: counters,
      rewritten: countersByName,
      flaws,
      seeds: 300,
      stopAfter: 300,
      faults: true,
    });
    const lost = result.violations.filter(({ summary }) => summary.includes("a crash lost what it had written down"));
    expect(lost.length).toBeGreaterThan(10);
    expect(lost.some(({ trace }) => trace.at(-1)?.includes('"no value is given twice"'))).toBe(true);
  });

  it("a protocol that forgets what it promised, which is not the fault of its rewrite", () => {
    const { forgetfulVault: system, forgetfulByBox: rewritten } = vaults;
    const { violations } = verifySystem({ system, rewritten, clients: 3, seeds: 100, faults: true });
    expect(violations[0]?.summary).toContain("The original does so too");
    expectRefinement(verifySystem({ system, rewritten, clients: 3, seeds: 100 }));
  });
});

describe("faults are off", () => {
  it("unless they are asked for, or the system asks for them", () => {
    const quiet = verifySystem({ system: vault, seeds: 20 }).coverage;
    expect(quiet).toMatchObject({ crashes: 0, losses: 0, comebacks: 0, replacements: 0 });
    const declared = { ...vault, simulation: { faults: true } };
    expect(verifySystem({ system: declared, seeds: 20 }).coverage.losses).toBeGreaterThan(0);
    expect(verifySystem({ system: declared, seeds: 20, faults: false }).coverage.losses).toBe(0);
  });
});
