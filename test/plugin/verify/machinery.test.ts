/** What a runtime could do wrong under the faults that it is there for, and the rewrite is right. The judge notices. */
import { verifySystem, type Verification } from "../../../plugin/verify/index.ts";
import type { Flaws } from "../../../runtime/simulator/index.ts";
import type { RewrittenSystem, SystemDefinition } from "../../../runtime/system.ts";
import { bank, relayed } from "../../fixtures/verify/bank.ts";
import { counters, countersByName } from "../../fixtures/verify/counters.ts";
import { durableKeeper, slotsOnDisk } from "../../fixtures/verify/keeper.ts";
import { leases, leasesByLock } from "../../fixtures/verify/lease.ts";
import { lockServer, locksByLock } from "../../fixtures/verify/lockServer.ts";
import { countedInSets, petition } from "../../fixtures/verify/petition.ts";
import { archive, keptOnShelves, notedWhenKept, registry } from "../../fixtures/verify/registry.ts";
import { replica } from "../../fixtures/verify/replica.ts";
import { boxesByBox, vault } from "../../fixtures/verify/vault.ts";
import { voter, votersByQuestion } from "../../fixtures/verify/voter.ts";

interface Wrong {
  readonly what: string;
  readonly flaws: Flaws;
  readonly systems: readonly (readonly [SystemDefinition, RewrittenSystem | undefined])[];
  /** One of these is said. */
  readonly said: RegExp;
}

const inVault = [vault, boxesByBox] as const;
const inVoter = [voter, votersByQuestion] as const;
const inLeases = [leases, leasesByLock] as const;
const inCounters = [counters, countersByName] as const;
const inKeeper = [durableKeeper, slotsOnDisk] as const;

const wrong: readonly Wrong[] = [
  {
    what: "a reader of logs that trusts a torn record",
    flaws: { trustsTornRecords: true },
    systems: [inVault, [vault, undefined], inVoter, inLeases, inCounters, inKeeper],
    said: /lost wake-up|replay mismatch|durability|cycle/,
  },
  {
    what: "messages that leave before the sync, where the disk is slow",
    flaws: { hastyWhenSlow: true },
    systems: [inVault, inVoter],
    said: /left before what|had already left/,
  },
  {
    what: "channels that give up",
    flaws: { neverResends: true },
    systems: [
      [petition, countedInSets],
      [bank, relayed],
      [registry, keptOnShelves],
    ],
    said: /the rewritten system never did|has stored nothing/,
  },
  {
    what: "messages that are delivered twice",
    flaws: { repeatsMessages: true },
    systems: [[lockServer, locksByLock], inVault, inCounters],
    said: /once, and it was delivered twice/,
  },
  {
    what: "messages that overtake each other where that matters",
    flaws: { overtakes: true },
    systems: [[replica, undefined]],
    said: /cycle/,
  },
  {
    what: "timers that survive a crash",
    flaws: { keepsTimers: true },
    systems: [inLeases, [leases, undefined]],
    said: /the original reads not set/,
  },
  {
    what: "recovery that is done twice",
    flaws: { startsTwice: true },
    systems: [inVault, inVoter],
    said: /as it came back and sent something else/,
  },
  {
    what: "recovery that is not done",
    flaws: { recoversNothing: true },
    systems: [inVault, inVoter, inLeases],
    said: /has never run/,
  },
  {
    what: "partitions that come back with each other's logs",
    flaws: { swapsLogs: true },
    systems: [inVault, inKeeper],
    said: /replay mismatch|lost wake-up|cycle|durability/,
  },
  {
    what: "a disk that loses what it said was stable",
    flaws: { losesStable: true },
    systems: [[vault, undefined], inCounters, [archive, notedWhenKept]],
    said: /lost wake-up|replay mismatch|durability/,
  },
];

function print({ verdict, violations, coverage }: Verification): string {
  const found = violations.map(({ kind, seed, summary }) => `${kind} (seed ${String(seed)}): ${summary}`);
  return [verdict, ...found, JSON.stringify(coverage)].join("\n");
}

describe.each(wrong)("$what", ({ flaws, systems, said }) => {
  it.each(systems.map(([system, rewritten]) => [system.name, system, rewritten] as const))(
    "in %s",
    (_name, system, rewritten) => {
      const text = print(verifySystem({ system, rewritten, flaws, clients: 3, seeds: 300, faults: true }));
      expect(text).toMatch(/^counterexample/);
      expect(text).toMatch(said);
    },
  );
});

it("faults of all kinds happen, and what is right stays right", () => {
  const result = verifySystem({ system: vault, rewritten: boxesByBox, clients: 3, seeds: 200, faults: true });
  expect(print(result)).toMatch(/^refines/);
  const { crashes, losses, tornWrites, slowSyncs, partitions, omissions } = result.coverage;
  expect(Math.min(crashes, losses, tornWrites, slowSyncs, partitions, omissions)).toBeGreaterThan(10);
});
