/** What the samples say of all their nodes at every moment: it holds (samples.test.ts), and a mistake in the protocol breaks it. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { verifySystem } from "../../plugin/verify/index.ts";
import { snapshotInvariants } from "../../runtime/snapshot.ts";
import type { SystemDefinition } from "../../runtime/system.ts";
import { loadSample, SAMPLES } from "./sampleNames.ts";

interface Mistake {
  readonly sample: string;
  /** The invariant that it breaks. */
  readonly breaks: string;
  readonly was: string;
  readonly is: string;
  readonly faults?: boolean;
}

const MISTAKES: readonly Mistake[] = [
  {
    sample: "voting",
    breaks: "Leader.decidedOnlyWithEveryVote",
    was: "voters.size === this.participants.size",
    is: "voters.size === this.participants.size - 1",
  },
  {
    sample: "twopc",
    breaks: "Coordinator.committedOnlyWithEveryVote",
    was: "ballot.voters.size < this.participants.size",
    is: "ballot.voters.size < this.participants.size - 1",
  },
  {
    sample: "twopc-locks",
    breaks: "Participant.locksAreHeldByThePrepared",
    was: "m.writes.every(({ key }) => !this.locks.has(key))",
    is: "m.writes.some(({ key }) => !this.locks.has(key))",
  },
  {
    sample: "paxos",
    breaks: "Acceptor.oneValuePerBallot",
    was: "if (m.ballot === this.promised) this.log.set",
    is: "this.log.set",
  },
  {
    sample: "paxos",
    breaks: "Replica.oneValuePerSlot",
    was: "if (voters.size < majority(this.acceptors.size)) return;",
    is: "if (voters.size < 1) return;",
    faults: true,
  },
  {
    sample: "paxos",
    breaks: "Replica.equalLogsMakeEqualStates",
    was: "for (; this.log.has(this.next); this.next++) {",
    is: "for (; this.log.size > 0 && this.next <= Math.max(...this.log.keys()); this.next++) {",
  },
  {
    sample: "kvs",
    breaks: "Storage.collisionsAreCounted",
    was: "values.get(m.value) ?? values.size",
    is: "values.get(m.value) ?? values.size + 1",
  },
  {
    sample: "lock-server",
    breaks: "LockServer.oneHolder",
    was: "this.tokens.set(lock, token);",
    is: "",
  },
  {
    sample: "lock-server",
    breaks: "LockServer.noneWaitsInVain",
    was: "if (held) {\n      const { token, holder } = this.passOn(m.lock);",
    is: "if (held) {\n      this.grants.delete(m.lock);\n      const { token, holder } = { token: m.token, holder: undefined };",
  },
  {
    sample: "order-pipeline",
    breaks: "Inventory.stockIsNeverNegative",
    was: "const ok = m.quantity <= stock;",
    is: "const ok = stock > 0;",
  },
  {
    sample: "crdt-cart",
    breaks: "Replica.tagsMeanTheSameEverywhere",
    was: "this.additions.set(m.cart, additions.set(m.tag, m.item));",
    is: "this.additions.set(m.cart, additions.set(m.tag, `${m.item} as added`));",
  },
];

const folder = join(process.cwd(), "test/.tmp", `invariants-${String(process.pid)}`);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function makeMistake({ sample, breaks, was, is }: Mistake): Promise<SystemDefinition> {
  const copy = join(folder, breaks);
  mkdirSync(copy, { recursive: true });
  cpSync(join(process.cwd(), "samples", sample), copy, { recursive: true });
  const protocol = join(copy, "protocol.ts");
  const source = readFileSync(protocol, "utf8");
  expect(source).toContain(was);
  writeFileSync(protocol, source.replace(was, is));
  return ((await import(join(copy, "run.ts"))) as { readonly default: SystemDefinition }).default;
}

it.each(MISTAKES.map((mistake) => [mistake.sample, mistake.breaks, mistake] as const))(
  "samples/%s: a mistake breaks %s",
  async (_sample, breaks, mistake) => {
    const system = await makeMistake(mistake);
    // Whatever clients see of it is not asked here.
    const options = { seeds: 300, faults: mistake.faults ?? false };
    const { violations } = verifySystem({ system: { ...system, invariants: [] }, ...options });
    expect(violations[0]?.summary).toContain(`The invariant "${breaks}" does not hold`);
  },
  60_000,
);

it("there is a mistake for each of them", async () => {
  const systems = await Promise.all(SAMPLES.map(async (name) => (await loadSample(name)).system));
  const declared = systems.flatMap((system) => snapshotInvariants(system).map(({ name }) => name));
  expect([...new Set(declared)].sort()).toEqual([...new Set(MISTAKES.map(({ breaks }) => breaks))].sort());
});
