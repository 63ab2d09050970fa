/** Who decides in which run, what of it is reported, and what becomes of runs that never end. */
import { On, peer, Role, type Ref } from "riven";
import { CHOOSERS, verifySystem } from "../../../plugin/verify/index.ts";
import { instances, system } from "../../../runtime/system.ts";
import * as voting from "../../fixtures/verify/voting.ts";

const { voting: asWritten, rewrittenVoting } = voting;

test("each strategy has a share of the seeds, and chance the largest", () => {
  const { verdict, coverage, seeds } = verifySystem({ system: asWritten, rewritten: rewrittenVoting, seeds: 40 });
  expect(verdict).toBe("refines");
  expect(coverage.runsByChooser).toEqual({ random: 16, swarm: 8, pos: 8, pct: 8 });
  expect(seeds).toHaveLength(40);
  expect(coverage.steps).toBeGreaterThan(40 * 10);
  expect(coverage.pathsTaken).toBeGreaterThan(1);
});

test.each(CHOOSERS)("%s may decide all runs", (chooser) => {
  const { verdict, coverage } = verifySystem({ system: asWritten, rewritten: rewrittenVoting, seeds: 20, chooser });
  expect(verdict).toBe("refines");
  expect(coverage.runsByChooser).toEqual({ [chooser]: 20 });
  expect(coverage.distinctTraces).toBeGreaterThan(10);
});

test("a violation says who came upon it, and its seed alone shows it again", () => {
  const wrong = { system: asWritten, rewritten: voting.votingWithBrittleBroadcaster };
  const found = verifySystem({ ...wrong, seeds: 200, stopAfter: 6 }).violations;
  expect(found.length).toBeGreaterThan(0);
  for (const { seed, chooser, runs, summary } of found) {
    expect(runs).toBe(seed);
    const [again] = verifySystem({ ...wrong, seeds: 1, firstSeed: seed }).violations;
    expect(again).toMatchObject({ seed, chooser, runs: 1, summary });
  }
});

@Role({ external: true })
abstract class Caller {
  abstract answer(m: { n: number }): void;
}

@Role()
class Echo {
  private readonly other = peer(() => Wall);

  @On() ask(m: { n: number }, from: Ref<Caller>): void {
    from.answer(m);
    this.other.bounce(m);
  }

  @On() back(m: { n: number }): void {
    this.other.bounce(m);
  }
}

@Role()
class Wall {
  @On() bounce(m: { n: number }, from: Ref<Echo>): void {
    from.back(m);
  }
}

class Asker extends Caller {
  private readonly echo = peer(() => Echo);

  request(n: number): string {
    this.echo.ask({ n });
    return String(n);
  }

  answer(m: { n: number }): string {
    return String(m.n);
  }
}

test("a system that never comes to rest is not said to be right, whoever decides", () => {
  const restless = system({
    name: "restless",
    roles: [instances(Echo, 1), instances(Wall, 1)],
    clients: { driver: Asker },
  });
  const { verdict, violations, coverage, seeds } = verifySystem({ system: restless, seeds: 5, maxSteps: 300 });
  expect(verdict).toBe("bound reached");
  expect(violations).toEqual([]);
  expect(coverage).toMatchObject({ runs: 5, unfinishedRuns: 5, idleRuns: 0, steps: 1500 });
  expect(seeds.map((one) => one.verdict)).toEqual(Array.from({ length: 5 }, () => "unfinished"));
});
