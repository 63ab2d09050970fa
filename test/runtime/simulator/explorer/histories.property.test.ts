/** Whatever external nodes see in a simulated run, they can see in the system that is explored. */
import { deploy, type Deployment } from "../../../../runtime/deployment.ts";
import {
  exploredSystem,
  randomChooser,
  simulate,
  withoutHostCalls,
  type ExploredSystem,
  type StateNumber,
  type StateSpaceOptions,
} from "../../../../runtime/simulator/index.ts";
import { printEvent } from "../../../../runtime/simulator/explorer/histories.ts";
import type { RewrittenSystem, SystemDefinition } from "../../../../runtime/system.ts";
import { ballots, heldBackAbove } from "../../../fixtures/verify/ballots.ts";
import { bank, askedDirectlyAndHeld } from "../../../fixtures/verify/bank.ts";
import { batcher, flushedInOnePartition } from "../../../fixtures/verify/batcher.ts";
import { askedApart, heartbeat } from "../../../fixtures/verify/heartbeat.ts";
import { keeper, slotsInMemory } from "../../../fixtures/verify/keeper.ts";
import { leases, leasesByLock } from "../../../fixtures/verify/lease.ts";
import { replica, throughProxies } from "../../../fixtures/verify/replica.ts";
import { boxesByBox, vault } from "../../../fixtures/verify/vault.ts";
import { rewrittenVoting, voting } from "../../../fixtures/verify/voting.ts";

interface Case {
  readonly system: SystemDefinition;
  readonly rewritten: RewrittenSystem;
  readonly operations?: number;
  readonly clients?: number;
  readonly seeds?: number;
}

/** As often as timers fire in a simulated run, at most. */
const OPTIONS: StateSpaceOptions = { window: 2, firings: 7 };
const CASES: readonly (readonly [string, Case])[] = [
  ["voting", { system: voting, rewritten: rewrittenVoting }],
  ["a replica behind proxies, which keep no order", { system: replica, rewritten: throughProxies }],
  ["a bank that acknowledges", { system: bank, rewritten: askedDirectlyAndHeld }],
  ["ballots that are held back", { system: ballots, rewritten: heldBackAbove, clients: 1, seeds: 1 }],
  ["batches, with timers", { system: batcher, rewritten: flushedInOnePartition, clients: 1 }],
  ["heartbeats, with timers", { system: heartbeat, rewritten: askedApart, clients: 1 }],
  ["leases, with one-shot timers", { system: leases, rewritten: leasesByLock, clients: 1, operations: 2 }],
  ["a keeper in partitions", { system: keeper, rewritten: slotsInMemory, clients: 1, seeds: 1 }],
  ["a vault with a disk", { system: vault, rewritten: boxesByBox }],
];

describe.each(CASES)("%s", (_, { system, rewritten, operations = 1, clients = 2, seeds = 4 }) => {
  it.each([
    ["as written", deploy(system, { clients })],
    ["rewritten", deploy(system, { rewritten, clients })],
  ])("is explored with all that is simulated, %s", (_variant, deployment) => {
    const explored = exploredSystem(deployment, { ...OPTIONS, operations });
    for (let seed = 1; seed <= seeds; seed++) expectExplored(explored, deployment, operations, seed);
  });
});

function expectExplored(explored: ExploredSystem, deployment: Deployment, operations: number, seed: number): void {
  const run = simulate({ deployment, operations, chooser: randomChooser(seed) });
  const events = run.external.map(({ event }) => printEvent(event));
  const possible = withoutHostCalls(() => follow(explored, events));
  if (possible < events.length)
    throw new Error(
      `Seed ${String(seed)}: nothing explored goes on with ${String(events[possible])} after ${events.slice(0, possible).join("; ")}`,
    );
}

/** In one transition a client may see and do several things, but no more than so many. */
const AT_ONCE = 4;

/** How many of the events can follow each other. */
function follow(explored: ExploredSystem, events: readonly string[]): number {
  const reached = events.map(() => new Set<StateNumber>());
  reached[0]?.add(explored.initial);
  let furthest = 0;
  for (const [index, states] of reached.entries()) {
    const waiting = [...states];
    for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
      for (const { to, event } of explored.successors(state)) {
        if (event === undefined) {
          if (!states.has(to)) waiting.push(to);
          states.add(to);
          continue;
        }
        for (let end = index + 1; end <= Math.min(index + AT_ONCE, events.length); end++) {
          if (events.slice(index, end).join("; ") !== event) continue;
          furthest = Math.max(furthest, end);
          reached[end]?.add(to);
        }
      }
    }
  }
  return furthest;
}
