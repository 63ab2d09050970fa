/** Invariants over all nodes: at which moments they are asked, of what, and what is made of the answer. */
import { inspect } from "node:util";
import type { Snapshot } from "../../../decorators/index.ts";
import { verifySystem, type Verification } from "../../../plugin/verify/index.ts";
import { invariantsOf, type SnapshotInvariant } from "../../../runtime/snapshot.ts";
import type { RewrittenSystem, SystemDefinition } from "../../../runtime/system.ts";
import { lockServer, locksApart } from "../../fixtures/verify/lockServer.ts";
import { countedInSets, petition } from "../../fixtures/verify/petition.ts";
import { asked, Audit, Bookkeeping, Rota, rota, shiftsByShift } from "../../fixtures/verify/rota.ts";

const BOTH: readonly (readonly [string, RewrittenSystem | undefined])[] = [
  ["as written", undefined],
  ["rewritten", shiftsByShift],
];

function always(holds: (nodes: Snapshot) => boolean): SnapshotInvariant {
  return { name: "the invariant of this test", always: holds };
}

function verify(
  rewritten: RewrittenSystem | undefined,
  invariants: SystemDefinition["invariants"],
  options: { readonly seeds?: number; readonly faults?: boolean } = {},
): Verification {
  return verifySystem({ system: { ...rota, invariants: invariants ?? [] }, rewritten, seeds: 20, ...options });
}

describe.each(BOTH)("the system %s", (_name, rewritten) => {
  test("what a role declares is asked before the first step, and after each that changed something", () => {
    asked.times = 0;
    const { verdict, coverage } = verify(rewritten, invariantsOf(Bookkeeping));
    expect(verdict).toBe("refines");
    // Each operation changes the rota, or what its client has seen, and each shift of a run the two audits.
    expect(asked.times).toBeGreaterThanOrEqual(coverage.runs + coverage.completedOperations);
  });

  test("what does not hold is the fault of the protocol, after steps that are named, with what the nodes hold", () => {
    const broken = always((nodes) => nodes.all(Audit).every(({ size }) => size < 2));
    const { verdict, violations } = verify(rewritten, [broken]);
    expect(verdict).toBe("counterexample");
    const [found] = violations;
    expect(found?.kind).toBe("invariant");
    expect(found?.summary).toMatch(
      /"the invariant of this test" does not hold after the last of these steps\..*protocol itself/,
    );
    const steps = found?.trace.filter((line) => line.includes(" handled ")) ?? [];
    expect(steps.at(-1)).toMatch(/^audit-\d.* handled noted\(/);
    expect(found?.trace.some((line) => /^then audit-\d holds seen = Set { "shift-\d", "shift-\d" }$/.test(line))).toBe(
      true,
    );
    expect(found?.trace.some((line) => line.startsWith("then rota holds shifts = Map {"))).toBe(true);
  });

  test("the first moment is one", () => {
    const { violations } = verify(rewritten, [always((nodes) => nodes.all(Rota).some(({ taken }) => taken > 0))]);
    expect(violations[0]?.summary).toContain("does not hold before anything has happened");
  });

  test("one that throws is broken, and the message stands as a sentence", () => {
    const throwing = always(() => {
      throw new TypeError("no such shift");
    });
    expect(verify(rewritten, [throwing]).violations[0]?.summary).toContain("TypeError: no such shift. The original");
  });

  test("the history of a moment is what was seen by then", () => {
    let longest = 0;
    let complete = true;
    const growing = always((nodes) => {
      longest = Math.max(longest, nodes.history.length);
      const sent = nodes.history.filter(({ kind }) => kind === "sent").length;
      complete &&= nodes.history.length - sent <= sent;
      return true;
    });
    expect(verify(rewritten, [growing]).verdict).toBe("refines");
    expect(complete).toBe(true);
    expect(longest).toBe(16); // two clients with four operations each, each sent and answered
  });

  test("a node that crashes is next seen with its durable state, and nothing else", () => {
    expect(verify(rewritten, []).verdict).toBe("refines");
    const { violations } = verify(rewritten, [], { seeds: 300, faults: true });
    // What was wished for is forgotten, and what was taken is not.
    expect(violations[0]?.summary).toContain('"Rota.onlyWishesComeTrue" does not hold');
    expect(violations[0]?.trace.some((line) => line.endsWith("crashed and came back"))).toBe(true);
  });

  test("looking changes nothing: runs with an invariant are the runs without", () => {
    const reading = always((nodes) => nodes.all(Rota).every((node) => inspect(node, { getters: true }) !== ""));
    expect(verify(rewritten, [reading]).coverage).toEqual(verify(rewritten, []).coverage);
  });
});

test("an invariant that throws is broken, and says why", () => {
  const { violations } = verify(undefined, [
    always(() => {
      throw new Error("two of them");
    }),
  ]);
  expect(violations[0]?.summary).toContain("Error: two of them");
});

test("what a system names under the name of what a role declares is asked once", () => {
  asked.times = 0;
  verify(undefined, [], { seeds: 1 });
  const { times } = asked;
  asked.times = 0;
  verify(undefined, invariantsOf(Rota), { seeds: 1 });
  expect(asked.times).toBe(times);
});

test("a rewrite that does what the original cannot is to blame, not the invariant", () => {
  const { violations } = verifySystem({
    system: { ...lockServer, invariants: [always(() => false)] },
    rewritten: locksApart,
    seeds: 300,
    stopAfter: 300,
  });
  expect(violations.some(({ kind }) => kind !== "invariant")).toBe(true);
});

test("where a run is another run of the original than the conflicts suggest, it is that run that is looked at", () => {
  const signed = always((nodes) => nodes.history.every(({ kind }) => kind === "sent"));
  const options = { rewritten: countedInSets, seeds: 40, clients: 3, stopAfter: 40 };
  const held = verifySystem({ system: petition, ...options });
  const broken = verifySystem({ system: { ...petition, invariants: [signed] }, ...options });
  const inWitness = broken.seeds.filter(({ verdict }) => verdict === "violated").length;
  expect(held.coverage.witnessRuns).toBeGreaterThan(0);
  expect(broken.coverage.witnessRuns).toBe(held.coverage.witnessRuns);
  expect(inWitness).toBe(held.coverage.runs - held.coverage.idleRuns);
  expect(broken.violations.every(({ kind }) => kind === "invariant")).toBe(true);
});
