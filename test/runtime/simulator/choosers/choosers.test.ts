/** What holds of every chooser, and what each one promises. */
import fc from "fast-check";
import { CHOOSERS, createChooser } from "../../../../plugin/verify/portfolio.ts";
import {
  bytesChooser,
  exhaust,
  fuzz,
  pctChooser,
  posChooser,
  recordChoices,
  replayChooser,
  swarmChooser,
  type Alternative,
  type Chooser,
  type Concern,
} from "../../../../runtime/simulator/index.ts";
import { chain, play, type ToyEvent } from "./toy.ts";

const CONCERNS: readonly Concern[] = ["schedule", "network", "workload", "faults"];
const KINDS = ["arrival", "resend", "operation", "start", "sync", "heal", "timer", "oneShot"] as const;

const EVENTS: fc.Arbitrary<readonly Alternative[]> = fc.uniqueArray(
  fc.record({
    id: fc.nat(30),
    kind: fc.constantFrom(...KINDS),
    place: fc.option(fc.nat(3), { nil: undefined }),
    origin: fc.option(fc.nat(3), { nil: undefined }),
    handler: fc.option(fc.constantFrom("ask", "answer"), { nil: undefined }),
  }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 12 },
);

/** A question to a chooser. */
type Ask = { readonly concern: Concern; readonly n: number } | readonly Alternative[];

const ASKS: fc.Arbitrary<readonly Ask[]> = fc.array(
  fc.oneof(EVENTS, fc.record({ concern: fc.constantFrom(...CONCERNS), n: fc.integer({ min: 1, max: 1000 }) })),
  { maxLength: 60 },
);

const isEvents = (ask: Ask): ask is readonly Alternative[] => Array.isArray(ask);

function answers(chooser: Chooser, asks: readonly Ask[]): readonly number[] {
  return asks.map((ask) =>
    isEvents(ask) ? chooser.choose(ask.length, "schedule", ask) : chooser.choose(ask.n, ask.concern),
  );
}

describe.each(CHOOSERS)("%s", (name) => {
  const create = (seed: number): Chooser => createChooser(name, seed);

  it("answers in range, and as its seed says", () => {
    fc.assert(
      fc.property(fc.nat(), ASKS, (seed, asks) => {
        const chosen = answers(create(seed), asks);
        chosen.forEach((choice, index) => {
          const ask = asks[index];
          const n = ask === undefined ? 0 : isEvents(ask) ? ask.length : ask.n;
          expect(Number.isInteger(choice) && choice >= 0 && choice < n).toBe(true);
        });
        expect(answers(create(seed), asks)).toEqual(chosen);
      }),
    );
  });

  it("draws for each concern from a stream of its own", () => {
    fc.assert(
      fc.property(fc.nat(), ASKS, fc.constantFrom(...CONCERNS), (seed, asks, concern) => {
        // Which message of several is slow is drawn from the network's; what happens next is no matter of the others.
        const isMine = (ask: Ask): boolean => !isEvents(ask) && ask.concern === concern;
        const mine = asks.filter(isMine);
        const others = asks.filter((ask) => isMine(ask) || (!isEvents(ask) && ask.concern !== concern));
        const among = answers(create(seed), others).filter((_, index) => isMine(others[index] ?? []));
        expect(among).toEqual(answers(create(seed), mine));
      }),
    );
  });

  it("leaves the workload and the faults as they are, whatever it chooses from", () => {
    fc.assert(
      fc.property(fc.nat(), ASKS, (seed, asks) => {
        for (const concern of ["workload", "faults"] as const) {
          const isMine = (ask: Ask): boolean => !isEvents(ask) && ask.concern === concern;
          const among = answers(create(seed), asks).filter((_, index) => isMine(asks[index] ?? []));
          expect(among).toEqual(answers(create(seed), asks.filter(isMine)));
        }
      }),
    );
  });

  it("is repeated by a recording", () => {
    const recording = recordChoices(create(5));
    const system = [chain("a", 4), chain("b", 4), chain("c", 4)];
    const played = play(recording.chooser, system);
    expect(play(replayChooser(recording.choices), system)).toEqual(played);
  });
});

/** How many of so many seeds satisfy what is asked of the order of events. */
function share(
  seeds: number,
  create: (seed: number) => Chooser,
  is: (order: readonly string[]) => boolean,
  system: readonly ToyEvent[],
): number {
  let hits = 0;
  for (let seed = 1; seed <= seeds; seed++) if (is(play(create(seed), system))) hits++;
  return hits / seeds;
}

describe("PCT", () => {
  const before = (order: readonly string[], ...names: readonly string[]): boolean =>
    names.every((name, i) => i === 0 || order.indexOf(names[i - 1] ?? "") < order.indexOf(name));
  const [chains, length] = [4, 8];
  const system = ["a", "b", "c", "d"].map((name) => chain(name, length));
  const events = chains * length;

  it.each<[number, readonly string[]]>([
    // All of one chain before anything of another.
    [1, ["a8", "b1"]],
    // One chain is interrupted at one moment, and goes on after all of another.
    [2, ["a3", "b1", "b8", "a4"]],
    [3, ["a3", "b1", "b3", "a4", "a8", "b4"]],
  ])("finds what takes %s ordered events as often as is guaranteed", (depth, names) => {
    const guaranteed = 1 / (chains * events ** (depth - 1));
    const seeds = Math.min(8_000, Math.ceil(40 / guaranteed));
    const found = share(
      seeds,
      (seed) => pctChooser(seed, { depth, events }),
      (order) => before(order, ...names),
      system,
    );
    expect(found).toBeGreaterThanOrEqual(guaranteed);
  });

  it("puts what was caused by an event on the chain of that, and goes on by chance when a run is longer than was said", () => {
    const forked: ToyEvent = { name: "root", causes: [chain("x", 5), chain("y", 5)] };
    for (let seed = 1; seed <= 50; seed++) {
      const order = play(pctChooser(seed, { depth: 1, events: 11 }), [forked]).join(" ");
      expect(["root x1 x2 x3 x4 x5 y1 y2 y3 y4 y5", "root y1 y2 y3 y4 y5 x1 x2 x3 x4 x5"]).toContain(order);
    }
    const starving = (seed: number): readonly string[] =>
      play(pctChooser(seed, { depth: 1, events: 5 }), [chain("x", 200), chain("y", 1)]);
    for (let seed = 1; seed <= 20; seed++) expect(starving(seed).indexOf("y1")).toBeLessThan(40);
  });
});

describe("POS", () => {
  it("shows every order of a few racing events, about equally often, whatever lies beside them", () => {
    const racing = ["p", "q", "r", "s"].map((name) => ({ name, place: 1 }));
    const beside = [chain("x", 20), chain("y", 20)].map((event) => ({ ...event, place: 2 }));
    const counts = new Map<string, number>();
    const seeds = 4800;
    for (let seed = 1; seed <= seeds; seed++) {
      const order = play(posChooser(seed), [...racing, ...beside]).filter((name) => /^[p-s]$/.test(name));
      counts.set(order.join(""), (counts.get(order.join("")) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(Math.min(...counts.values())).toBeGreaterThan(seeds / 24 / 2);
  });

  it("meets one event late among many racing ones as often as early", () => {
    const system: readonly ToyEvent[] = [
      { name: "late", place: 1 },
      ...Array.from({ length: 9 }, (_, i) => ({ name: `${i}`, place: 1 })),
    ];
    const last = share(2000, posChooser, (order) => order.at(-1) === "late", system);
    expect(last).toBeGreaterThan(0.07);
  });
});

it("a swarm starves some handlers in some of its runs", () => {
  const system = [...Array.from({ length: 30 }, (_, i) => ({ name: `many${i}` })), { name: "rare" }];
  const last = share(1000, swarmChooser, (order) => order.at(-1) === "rare", system);
  expect(last).toBeGreaterThan(2 / system.length);
});

describe("bytes", () => {
  it("are a run, whatever they are, and the first alternatives where they have ended", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(play(bytesChooser(bytes), [chain("a", 10), chain("b", 10)])).toHaveLength(20);
      }),
    );
    expect(play(bytesChooser(new Uint8Array()), [chain("a", 3), chain("b", 1)])).toEqual(["a1", "b1", "a2", "a3"]);
  });

  it("reach more alternatives than a byte can count", () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => (i === 0 || i === 2 ? 3 : 0));
    expect(bytesChooser(bytes).choose(1000, "schedule")).toBe(3 * 256 + 3);
  });
});

describe("fuzzing", () => {
  /** Fails when the first eight choices of a schedule count up, which takes chance a million times a million runs. */
  const countUp = (bytes: Uint8Array): { readonly coverage: readonly string[]; readonly isFailure: boolean } => {
    const chooser = bytesChooser(bytes);
    let right = 0;
    while (right < 8 && chooser.choose(16, "schedule") === right + 1) right++;
    return { coverage: [`${right}`], isFailure: right === 8 };
  };

  it("goes by what is new, and is a function of its seed", () => {
    const options = { seed: 1, runs: 100_000, length: 32, run: countUp };
    const { failing, runs, corpus } = fuzz(options);
    if (failing === undefined) throw new Error("Nothing was found.");
    expect(countUp(failing).isFailure).toBe(true);
    expect(corpus.length).toBeLessThanOrEqual(9);
    expect(fuzz(options).runs).toBe(runs);
    expect(fuzz({ ...options, run: (bytes) => ({ ...countUp(bytes), coverage: [] }) }).failing).toBeUndefined();
  });
});

describe("exhaustion", () => {
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));

  it.each([1, 2, 3, 4, 5, 6])("shows each order of %s events once", (n) => {
    const orders = new Set<string>();
    const names = Array.from({ length: n }, (_, i) => ({ name: `${i}` }));
    const seen = exhaust((chooser) => orders.add(play(chooser, names).join(" ")));
    expect(seen).toEqual({ runs: factorial(n), pruned: 0, isComplete: true });
    expect(orders.size).toBe(factorial(n));
  });

  it("counts the interleavings of chains", () => {
    const runs = exhaust((chooser) => play(chooser, [chain("a", 4), chain("b", 4)])).runs;
    expect(runs).toBe(70);
  });

  it("ends runs in states that have been met, and meets all the same", () => {
    const states = new Set<string>();
    const met = new Set<string>();
    let state: string[] = [];
    let isNew = true;
    const { runs, pruned, isComplete } = exhaust(
      (chooser) => {
        state = [];
        isNew = true;
        const tracked: Chooser = {
          choose(n, concern, among) {
            const chosen = chooser.choose(n, concern, among);
            state.push(among?.[chosen]?.handler ?? "");
            states.add([...state].sort().join(" "));
            isNew = false;
            return chosen;
          },
        };
        play(tracked, [chain("a", 4), chain("b", 4)]);
      },
      {
        wasSeen: () => {
          const digest = [...state].sort().join(" ");
          const known = !isNew && met.has(digest);
          met.add(digest);
          return known;
        },
      },
    );
    // A state is how far each chain has come; the first one, of which both are at the beginning, is not entered by a choice.
    expect(states.size).toBe(24);
    expect(isComplete).toBe(true);
    expect(pruned).toBeGreaterThan(0);
    expect(runs).toBeLessThan(70);
  });

  it("keeps to its bounds, and tries what it was told to", () => {
    const ask = (concern: Concern) => (chooser: Chooser) => void chooser.choose(3, concern);
    expect(exhaust(ask("faults"))).toEqual({ runs: 1, pruned: 0, isComplete: true });
    expect(exhaust(ask("faults"), { concerns: ["faults"] }).runs).toBe(3);
    const many = Array.from({ length: 8 }, (_, i) => ({ name: `${i}` }));
    expect(exhaust((chooser) => play(chooser, many), { runs: 100 })).toEqual({
      runs: 100,
      pruned: 0,
      isComplete: false,
    });
    expect(exhaust((chooser) => play(chooser, many), { choices: 2 }).runs).toBe(56);
  });

  it("does not claim to have tried everything when it met states where few choices were left", () => {
    const met = new Set<string>();
    const outcomes = new Set<number>();
    let state = "";
    const { isComplete, pruned } = exhaust(
      (chooser) => {
        state = "fork";
        const isShort = chooser.choose(2, "schedule") === 1;
        state = "detour";
        if (!isShort) chooser.choose(2, "schedule");
        state = "end"; // with one choice left, or none
        outcomes.add(chooser.choose(2, "schedule"));
      },
      { choices: 2, wasSeen: () => met.size === met.add(state).size },
    );
    expect(pruned).toBeGreaterThan(0);
    expect([...outcomes, isComplete]).toEqual([0, false]);
  });

  it("notices a run that is no function of its choices", () => {
    let n = 3;
    expect(() => exhaust((chooser) => [chooser.choose(2, "schedule"), chooser.choose(n++, "schedule")])).toThrow(
      "The same choices lead to",
    );
  });
});
