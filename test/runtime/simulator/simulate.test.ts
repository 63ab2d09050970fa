import { randomBytes } from "node:crypto";
import { On, peer, Role, type Ref } from "riven";
import { deploy } from "../../../runtime/deployment.ts";
import {
  HostCallError,
  randomChooser,
  recordChoices,
  replayChooser,
  simulate,
  type Chooser,
  type Concern,
  type SimulatedRun,
} from "../../../runtime/simulator/index.ts";
import { instances, system } from "../../../runtime/system.ts";
import { batcher } from "../../fixtures/verify/batcher.ts";
import { heartbeat } from "../../fixtures/verify/heartbeat.ts";
import { replica } from "../../fixtures/verify/replica.ts";
import { rewrittenVoting, voting } from "../../fixtures/verify/voting.ts";

const deployment = deploy(voting, { rewritten: rewrittenVoting, clients: 2 });

function run(chooser: Chooser): SimulatedRun {
  return simulate({ deployment, operations: 3, chooser });
}

describe("a run", () => {
  it("is a function of its seed", () => {
    const hashes = [1, 2, 3].map((seed) => run(randomChooser(seed)).hash);
    expect([1, 2, 3].map((seed) => run(randomChooser(seed)).hash)).toEqual(hashes);
    expect(new Set(hashes).size).toBe(3);
  });

  it("is repeated by its choices, and by any list of numbers as well", () => {
    const recording = recordChoices(randomChooser(7));
    const { hash } = run(recording.chooser);
    expect(run(replayChooser(recording.choices)).hash).toBe(hash);
    const shrunk = { ...recording.choices, network: recording.choices.network.map((choice) => choice >> 1) };
    expect(run(replayChooser(shrunk)).operations.completed).toBe(6);
    expect(run(replayChooser({ schedule: [], network: [], workload: [] })).operations.completed).toBe(6);
  });

  it("comes to rest with every operation complete, and everything that was sent handled", () => {
    const { operations, activations, external, forwards, problems } = run(randomChooser(1));
    expect(operations).toEqual({ issued: 6, completed: 6 });
    expect(problems).toEqual([]);
    expect(forwards).toBe(6);
    const sent = activations.flatMap(({ fragments }) =>
      fragments.flatMap((fragment) => fragment.sent.map(({ id }) => id)),
    );
    const inputs = external.filter(({ event }) => event.kind === "sent").map(({ message }) => message.id);
    const outputs = external.filter(({ event }) => event.kind === "received").map(({ message }) => message.id);
    const handled = activations.map(({ id }) => id);
    const ascending = (a: number, b: number): number => a - b;
    expect([...sent, ...inputs].sort(ascending)).toEqual([...handled, ...outputs].sort(ascending));
  });

  it("records what the fragments of an activation did, where", () => {
    const { activations } = run(randomChooser(1));
    const proposal = activations.find(({ handler }) => handler === "propose");
    expect(proposal?.fragments.map(({ instance, handler }) => [instance.component, handler])).toEqual([
      ["main", "propose"],
      ["broadcaster", "proposeVote"],
    ]);
    expect(proposal?.fragments.map(({ sent }) => sent.length)).toEqual([0, 3]);
    const vote = activations.find(({ handler }) => handler === "voted");
    const accesses = vote?.fragments[0]?.accesses.map(({ kind, cell, value }) => `${kind} ${cell.name}: ${value}`);
    expect(accesses?.slice(0, 3)).toEqual([
      "read votes: a Map",
      expect.stringMatching(/^read votes\["client-\d:\d"\]: undefined$/),
      "read votes: a Map",
    ]);
    expect(accesses?.[3]).toMatch(/^write votes\["client-\d:\d"\]: a Set$/);
  });

  it("delivers in any order, but for what relies on it", () => {
    const orders = (seed: number): number[] => {
      const { activations } = simulate({
        deployment: deploy(replica, { clients: 3 }),
        operations: 3,
        chooser: randomChooser(seed),
      });
      const messages = activations.flatMap(({ cause }) => (cause.kind === "message" ? [cause.message] : []));
      return messages.filter(({ handler }) => handler === "apply").map(({ id }) => id);
    };
    for (let seed = 1; seed <= 50; seed++) expect(orders(seed)).toEqual([...orders(seed)].sort((a, b) => a - b));
    const arrivals = run(randomChooser(1)).activations.map(({ id }) => id);
    expect(arrivals).not.toEqual([...arrivals].sort((a, b) => a - b));
  });

  it("starts nodes before they do anything, and fires timers a bounded number of times, also at rest", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { activations } = simulate({
        deployment: deploy(heartbeat, { clients: 2 }),
        operations: 3,
        chooser: randomChooser(seed),
      });
      expect(activations[0]?.handler).toBe("greet");
      const beats = activations.flatMap(({ cause }) => (cause.kind === "timer" ? [cause.atRest] : []));
      expect(beats).toHaveLength(6);
      expect(beats.filter((atRest) => atRest).length).toBeGreaterThanOrEqual(3);
    }
    const waited = simulate({ deployment: deploy(batcher, { clients: 2 }), operations: 3, chooser: randomChooser(1) });
    expect(waited.operations.completed).toBeGreaterThan(0);
  });
});

it("draws for each concern from a stream of its own", () => {
  const draw = (chooser: Chooser, concern: Concern): number[] =>
    Array.from({ length: 20 }, () => chooser.choose(1000, concern));
  const undisturbed = randomChooser(3);
  const disturbed = randomChooser(3);
  draw(disturbed, "network");
  draw(disturbed, "workload");
  expect(draw(disturbed, "schedule")).toEqual(draw(undisturbed, "schedule"));
  expect(draw(undisturbed, "network")).not.toEqual(draw(undisturbed, "workload"));
});

describe("time and chance of the host", () => {
  @Role({ external: true })
  abstract class Client {
    abstract answer(m: { n: number }): void;
  }

  let call: () => unknown = () => undefined;

  @Role()
  class Oracle {
    @On() ask(m: { n: number }, from: Ref<Client>): void {
      try {
        call();
      } catch {
        // hides it from the node, but not from the simulator
      }
      from.answer(m);
    }
  }

  class Asker extends Client {
    private readonly oracle = peer(() => Oracle);

    request(n: number): string {
      this.oracle.ask({ n });
      return String(n);
    }

    answer(m: { n: number }): string {
      return String(m.n);
    }
  }

  const oracle = system({ name: "oracle", roles: [instances(Oracle, 1)], clients: { driver: Asker } });
  const consult = (): SimulatedRun =>
    simulate({ deployment: deploy(oracle), operations: 1, chooser: randomChooser(1) });

  it.each<[string, () => unknown]>([
    ["Date.now()", () => Date.now()],
    ["new Date()", () => new Date()],
    ["Math.random()", () => Math.random()],
    ["performance.now()", () => performance.now()],
    ["setTimeout()", () => setTimeout(() => undefined, 0)],
    ["crypto.randomUUID()", () => crypto.randomUUID()],
    ["crypto.randomBytes()", () => randomBytes(4)],
  ])("%s is refused by name, and works again afterwards", (name, use) => {
    call = use;
    expect(consult).toThrow(HostCallError);
    expect(consult).toThrow(`${name} was called by a handler`);
    expect(use).not.toThrow();
  });

  it("may be represented by values that are given", () => {
    call = () => new Date(0).toISOString();
    expect(consult().operations.completed).toBe(1);
  });
});
