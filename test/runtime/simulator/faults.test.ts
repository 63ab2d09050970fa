import { deploy } from "../../../runtime/deployment.ts";
import {
  nameOfTimer,
  randomChooser,
  recordChoices,
  replayChooser,
  simulate,
  type FaultOptions,
  type Fragment,
  type SimulatedRun,
} from "../../../runtime/simulator/index.ts";
import { NO_FAULTS } from "../../../runtime/simulator/run.ts";
import { counters, countersByName } from "../../fixtures/verify/counters.ts";
import { leases, leasesByLock } from "../../fixtures/verify/lease.ts";
import { answersApart, boxesByBox, vault } from "../../fixtures/verify/vault.ts";
import { rewrittenVoting, voting } from "../../fixtures/verify/voting.ts";

const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);

const deployments = {
  voting: deploy(voting, { rewritten: rewrittenVoting, clients: 2 }),
  vault: deploy(vault, { rewritten: boxesByBox, clients: 2 }),
  answersApart: deploy(vault, { rewritten: answersApart, clients: 2 }),
  counters: deploy(counters, { rewritten: countersByName, clients: 2 }),
  leases: deploy(leases, { rewritten: leasesByLock, clients: 2 }),
};
type Name = keyof typeof deployments;

function run(name: Name, seed: number, faults: FaultOptions | undefined = true): SimulatedRun {
  return simulate({ deployment: deployments[name], operations: 4, chooser: randomChooser(seed), faults });
}

/** The fragments as they ran. */
function inOrder(activations: SimulatedRun["activations"]): readonly Fragment[] {
  const first = ({ accesses }: Fragment): number => accesses[0]?.sequence ?? -1;
  return activations.flatMap(({ fragments }) => fragments).sort((a, b) => first(a) - first(b));
}

function fragmentsOf({ activations }: SimulatedRun): readonly Fragment[] {
  return activations.flatMap(({ fragments, undone }) => [...fragments, ...undone]);
}

describe("a run with faults", () => {
  it("is a function of its seed, and repeated by its choices", () => {
    for (const seed of [1, 2, 3]) {
      const { hash } = run("vault", seed);
      expect(run("vault", seed).hash).toBe(hash);
      const recording = recordChoices(randomChooser(seed));
      const options = { deployment: deployments.vault, operations: 4, faults: true };
      expect(simulate({ ...options, chooser: recording.chooser }).hash).toBe(hash);
      expect(simulate({ ...options, chooser: replayChooser(recording.choices) }).hash).toBe(hash);
    }
  });

  it("has the schedule of the run without them, as long as none happens", () => {
    for (const seed of [1, 2, 3]) {
      expect(run("voting", seed, {}).hash).toBe(run("voting", seed, false).hash);
      expect(run("vault", seed, {}).hash).toBe(run("vault", seed, false).hash);
    }
    const { faults } = recordChoices(randomChooser(1)).choices;
    const calm = simulate({
      deployment: deployments.vault,
      operations: 4,
      chooser: replayChooser({ faults }),
      faults: true,
    });
    expect(calm.faults).toEqual(NO_FAULTS);
    expect(calm.operations.completed).toBe(8);
  });

  it("has the faults that were asked for, at rates that differ between runs", () => {
    const losses = SEEDS.map((seed) => run("voting", seed, { losses: true }).faults);
    expect(losses.every(({ crashes }) => crashes === 0)).toBe(true);
    expect(losses.some((faults) => faults.losses > 5)).toBe(true);
    expect(losses.some((faults) => faults.losses === 0)).toBe(true);
    const crashes = SEEDS.map((seed) => run("voting", seed, { crashes: true }).faults);
    expect(crashes.some((faults) => faults.crashes > 3)).toBe(true);
    expect(crashes.some((faults) => faults.crashes === 0)).toBe(true);
  });

  it("ends with everything up and every link clean, so that what was only delayed arrives", () => {
    for (const seed of SEEDS) {
      const { operations } = run("voting", seed, { clogs: true });
      expect({ seed, ...operations }).toEqual({ seed, issued: 8, completed: 8 });
    }
  });
});

describe("stable storage", () => {
  it("is waited for: nothing leaves before what it depends on is stable", () => {
    let waited = 0;
    for (const seed of SEEDS) {
      for (const { durability, sent } of fragmentsOf(run("vault", seed))) {
        if (durability.position === undefined) continue;
        for (const { left, handler } of sent) {
          const early = left < (durability.stableAt ?? Infinity) ? [`seed ${String(seed)}: ${handler} left early`] : [];
          expect(early).toEqual([]);
        }
        waited += sent.length;
      }
    }
    expect(waited).toBeGreaterThan(200);
  });

  it("loses in a crash only what nobody has heard of", () => {
    const lost = SEEDS.flatMap((seed) =>
      fragmentsOf(run("answersApart", seed)).filter(({ durability }) => durability.lost),
    );
    expect(lost.length).toBeGreaterThan(5);
    expect(lost.filter(({ durability }) => durability.left)).toEqual([]);
  });
});

describe("a part without volatile state", () => {
  it("is replaced alone, and what it forgot never happened", () => {
    let undone = 0;
    for (const seed of SEEDS) {
      const { activations, comebacks } = run("counters", seed);
      expect(comebacks).toEqual([]);
      for (const activation of activations) {
        undone += activation.undone.length;
        for (const { durability, sent } of activation.undone)
          expect([seed, durability.lost, durability.left, sent]).toEqual([seed, true, false, []]);
      }
    }
    expect(undone).toBeGreaterThan(5);
  });
});

describe("a node that comes back", () => {
  it("does so in a new incarnation, which no fragment of an older activation reaches", () => {
    for (const seed of SEEDS) {
      const { activations, comebacks, faults } = run("answersApart", seed);
      expect(comebacks.map(({ ended }) => ended)).toEqual(comebacks.map((_, index) => index));
      expect(faults.comebacks).toBe(comebacks.length);
      for (const { incarnation, fragments } of activations)
        for (const fragment of fragments) expect([seed, fragment.incarnation]).toEqual([seed, incarnation]);
    }
  });

  it("recovers once, on every partition that a crash does not keep from it, before each does anything else", () => {
    let recoveries = 0;
    let interrupted = 0;
    for (const seed of SEEDS) {
      const { activations, comebacks } = run("vault", seed);
      const recovered = activations.filter(({ cause }) => cause.kind === "recover");
      const lives = recovered.map(({ incarnation }) => incarnation);
      expect(lives).toEqual([...new Set(lives)]);
      for (const { fragments, incarnation } of recovered) {
        const partitions = fragments.map(({ instance }) => instance.partition).sort();
        expect(partitions).toEqual([...new Set(partitions)]);
        if (incarnation === comebacks.length) expect(partitions).toEqual([0, 1, 2]);
        else if (partitions.length < 3) interrupted++;
      }
      if (comebacks.length > 0) expect(lives).toContain(comebacks.length);
      const recoveredAt = new Set<string>();
      for (const { handler, instance, incarnation, accesses } of inOrder(activations)) {
        const life = `${String(instance.partition)} ${String(incarnation)}`;
        if (handler === "recovered") recoveredAt.add(life);
        else if (incarnation > 0 && accesses.length > 0)
          expect([seed, [...recoveredAt]]).toEqual([seed, expect.arrayContaining([life])]);
      }
      recoveries += recoveredAt.size;
    }
    expect(recoveries).toBeGreaterThan(60);
    expect(interrupted).toBeGreaterThan(0);
  });
});

describe("one-shot timers", () => {
  it("fire after they were set, and never after they were cleared, or lost with a crash", () => {
    let fired = 0;
    for (const seed of SEEDS) {
      for (const faults of [true, false]) {
        const accesses = fragmentsOf(run("leases", seed, faults)).flatMap((fragment) =>
          fragment.accesses.map((access) => ({ ...access, incarnation: fragment.incarnation })),
        );
        const state = new Map<string, string>();
        for (const { cell, kind, value, instance, incarnation } of accesses.sort((a, b) => a.sequence - b.sequence)) {
          if (!cell.name.startsWith("timer ")) continue;
          const timer = `${String(instance.number)} ${String(incarnation)} ${cell.name}`;
          if (kind === "write") state.set(timer, value);
          else expect([seed, timer, state.get(timer)]).toEqual([seed, timer, "set"]);
          if (value === "fired") fired++;
        }
      }
    }
    expect(fired).toBeGreaterThan(100);
  });

  it("have all fired at rest, unless they are set again and again", () => {
    for (const seed of SEEDS) {
      const { pendingTimers } = run("leases", seed);
      expect([seed, [...pendingTimers.values()].flat().map(nameOfTimer)]).toEqual([seed, []]);
    }
  });
});
