import { verifySystem, type Verification, type Violation, type ViolationKind } from "../../../plugin/verify/index.ts";
import type { RewrittenSystem, SystemDefinition } from "../../../runtime/system.ts";
import { batcher, flushedInOnePartition, neverFlushed } from "../../fixtures/verify/batcher.ts";
import { broker, publishApartFromSubscribe, topicsByTopic } from "../../fixtures/verify/broker.ts";
import { gate, windowByRequest } from "../../fixtures/verify/gate.ts";
import { askedApart, heartbeat, startedApart } from "../../fixtures/verify/heartbeat.ts";
import { checkApartFromAct, inventory, stockBySku } from "../../fixtures/verify/inventory.ts";
import { lockServer, locksApart, locksByLock } from "../../fixtures/verify/lockServer.ts";
import * as numbered from "../../fixtures/verify/numberedVoting.ts";
import { replica, throughProxies } from "../../fixtures/verify/replica.ts";
import { checkedOnlyWhenPaid, shipping } from "../../fixtures/verify/shipping.ts";
import * as votings from "../../fixtures/verify/voting.ts";

const { numberedVoting } = numbered;
const { voting, rewrittenVoting } = votings;

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

describe("right rewrites are accepted", () => {
  const right: readonly (readonly [string, SystemDefinition, RewrittenSystem])[] = [
    ["voting: broadcaster, collector and participants by ballot", voting, rewrittenVoting],
    ["a lock server by lock", lockServer, locksByLock],
    ["an inventory by article", inventory, stockBySku],
    ["a broker by topic", broker, topicsByTopic],
  ];

  it.each(right)("%s", (_name, system, rewritten) => {
    const result = verifySystem({ system, rewritten, seeds: 300, clients: 3 });
    expectRefinement(result);
    expect(result.coverage.partsTouched).toBe(result.coverage.parts);
    expect(result.coverage.completedOperations).toBe(result.coverage.issuedOperations);
    expect(result.coverage.distinctTraces).toBeGreaterThan(250);
  });

  const systems = {
    voting,
    numberedVoting,
    lockServer,
    inventory,
    broker,
    shipping,
    gate,
    replica,
    heartbeat,
    batcher,
  };
  it.each(Object.entries(systems))("%s as its own rewrite", (_name, system) => {
    expectRefinement(verifySystem({ system, seeds: 150 }));
  });
});

describe("wrong rewrites are caught", () => {
  interface Wrong {
    readonly what: string;
    readonly system: SystemDefinition;
    readonly rewritten: RewrittenSystem;
    readonly kind: ViolationKind;
    /** What the trace has to name. */
    readonly names: readonly string[];
  }
  const wrong: readonly Wrong[] = [
    {
      what: "state without a key: decisions numbered by a counter, partitioned by ballot",
      system: numberedVoting,
      rewritten: numbered.decisionsByBallot,
      kind: "cycle",
      names: ["leader collector.", "voted(", "read seq (", "without seeing"],
    },
    {
      what: "context not forwarded: the fan-out reads a copy that nobody updates",
      system: numberedVoting,
      rewritten: numbered.roundNotForwarded,
      kind: "cycle",
      names: [
        "leader broadcaster handled propose(",
        "read round (0)",
        "leader main handled raise(",
        "after it had arrived",
      ],
    },
    {
      what: "key of another message: votes routed by voter, counted by ballot",
      system: voting,
      rewritten: votings.votingByVoter,
      kind: "cycle",
      names: ["leader leader.", "voted(", 'votes["client-'],
    },
    {
      what: "state without a key: an in-flight window split by partition",
      system: gate,
      rewritten: windowByRequest,
      kind: "cycle",
      names: ["gate gate.", "submit(", "read inFlight.size (0)", "without seeing"],
    },
    {
      what: "stale read after a causally earlier answer: acquire and release apart",
      system: lockServer,
      rewritten: locksApart,
      kind: "cycle",
      names: ["server releaser handled release(", "read owner[", "sent granted(", "after it had arrived"],
    },
    {
      what: "stale read after a causally earlier answer: subscribe and publish apart",
      system: broker,
      rewritten: publishApartFromSubscribe,
      kind: "cycle",
      names: ["broker publisher handled publish(", 'subscribers["topic-', "sent subscribed("],
    },
    {
      what: "check apart from act: oversold",
      system: inventory,
      rewritten: checkApartFromAct,
      kind: "cycle",
      names: ["inventory checker handled order(", 'read sold["sku-'],
    },
    {
      what: "identity: physical ids instead of logical ones",
      system: numberedVoting,
      rewritten: numbered.physicalVoters,
      kind: "replay mismatch",
      names: ["participant-", "the rewritten system sent Leader/leader.voted(", 'voter: "participant-1/'],
    },
    {
      what: "edge-triggered check: what is packed last never ships",
      system: shipping,
      rewritten: checkedOnlyWhenPaid,
      kind: "lost wake-up",
      names: ["shipping packing handled pack(", "the original sends Client/client-", "shipped("],
    },
    {
      what: "a message never sent",
      system: voting,
      rewritten: votings.votingWithForgetfulBroadcaster,
      kind: "lost wake-up",
      names: ["propose(", "the original sends Participant/participant-1.vote("],
    },
    {
      what: "channel order: a replica's input fanned through proxies",
      system: replica,
      rewritten: throughProxies,
      kind: "cycle",
      names: ["replica relies on the order of what leader sends", "apply(", "leader main handled put("],
    },
    {
      what: "a timer apart from what it changes",
      system: heartbeat,
      rewritten: askedApart,
      kind: "cycle",
      names: ["drum asked handled ask(", "read count (0)"],
    },
    {
      what: "whole-collection read: a timer flushes one of several partitions",
      system: batcher,
      rewritten: flushedInOnePartition,
      kind: "cycle",
      names: ["batcher batches.0 fired flush and read batch.order", "handled put(", "when nothing was left to do"],
    },
    {
      what: "a timer that was forgotten",
      system: batcher,
      rewritten: neverFlushed,
      kind: "lost wake-up",
      names: ["Batcher.flush runs in no component"],
    },
    {
      what: "a start handler apart from what it prepares",
      system: heartbeat,
      rewritten: startedApart,
      kind: "cycle",
      names: ["ran greet as it started", 'read greeting ("")'],
    },
    {
      what: "a handler that throws where the original's does not",
      system: voting,
      rewritten: votings.votingWithBrittleBroadcaster,
      kind: "crash",
      names: ["leader broadcaster.", "propose(", "threw Error: the third ballot"],
    },
  ];

  it.each(wrong)("$what", ({ system, rewritten, kind, names }) => {
    // What is named is of one of the first violations: there is more than one way to notice what is wrong.
    const result = verifySystem({ system, rewritten, stopAfter: 10 });
    const text = print(result);
    expect(text).toContain("counterexample");
    const explained = result.violations.filter(
      (violation) => violation.kind === kind && names.every((name) => printViolation(violation).includes(name)),
    );
    expect(explained.length > 0 ? "explained" : text).toBe("explained");
  });
});

describe("a violation", () => {
  it("shows again when its seed alone is verified, and stops the search", () => {
    const options = { system: lockServer, rewritten: locksApart, firstSeed: 100 };
    const { violations, coverage } = verifySystem(options);
    expect(violations).toHaveLength(1);
    expect(coverage.runs).toBeLessThan(1000);
    const seed = violations[0]?.seed ?? 0;
    expect(verifySystem({ ...options, firstSeed: seed, seeds: 1 }).violations).toEqual(violations);
  });

  it("does not hide that an invariant is broken too", () => {
    const { violations } = verifySystem({
      system: inventory,
      rewritten: checkApartFromAct,
      seeds: 200,
      stopAfter: 200,
    });
    expect(violations.some(({ trace }) => trace.at(-1)?.includes("nothing is oversold"))).toBe(true);
  });

  it("blames the protocol when the original breaks the invariant as well", () => {
    const invariants = [{ name: "nobody gets a lock", holds: () => false }];
    const { violations } = verifySystem({ system: { ...lockServer, invariants }, rewritten: locksByLock, seeds: 5 });
    expect(violations[0]?.kind).toBe("invariant");
    expect(violations[0]?.summary).toMatch(/"nobody gets a lock" does not hold.*protocol itself/);
  });
});

describe("runs that show nothing", () => {
  it("are not passes: no operation completes", () => {
    const result = verifySystem({ system: voting, rewritten: rewrittenVoting, seeds: 5, operations: 0 });
    expect(result.verdict).toBe("nothing exercised");
    expect(result.coverage.idleRuns).toBe(5);
  });

  it("are not passes: only one part of the rewritten node is ever used", () => {
    const { lockServer: routes } = { lockServer: locksByLock.routing.roles["LockServer"] };
    if (routes === undefined) throw new Error("The fixture has changed.");
    const handlers = Object.fromEntries(Object.keys(routes.handlers).map((name) => [name, { component: "locks" }]));
    const routing = { roles: { LockServer: { ...routes, handlers } } };
    const result = verifySystem({ system: lockServer, rewritten: { ...locksByLock, routing }, seeds: 5 });
    expect(result.verdict).toBe("nothing exercised");
  });
});

it("reports progress after each seed", () => {
  const seen: number[] = [];
  verifySystem({ system: voting, seeds: 3, onProgress: ({ done, seeds }) => seen.push(done, seeds) });
  expect(seen).toEqual([1, 3, 2, 3, 3, 3]);
});
