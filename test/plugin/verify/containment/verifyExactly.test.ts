/** Small configurations of real protocols, all schedules of them. `npm run verify:exact` asks all fixtures. */
import type { ContainmentBounds } from "../../../../plugin/verify/containment/bounds.ts";
import { verifyExactly, type ExactVerification } from "../../../../plugin/verify/containment/verifyExactly.ts";
import { clearWorkshop, judgeStatically, loadBoth, readFixture } from "../../../support/judges.ts";

afterAll(clearWorkshop);

it.each(["accounts-spread-behind-a-deduplicator", "broker-with-held-subscriptions"])(
  "no schedule tells %s from the original",
  async (name) => {
    const { verdict, checks } = await verify(name);
    expect(verdict).toBe("refines");
    expect(checks.map(({ containment }) => containment.coverage.isComplete)).toEqual(Array(6).fill(true));
  },
);

it.each([
  ["blocked-numbers-get-through", "impossible event"],
  ["alerts-counted", "impossible event"],
  ["acks-through-a-gateway", "lost wake-up"],
])("some schedule of %s, which was forced, is none of the original", async (name, kind) => {
  const { verdict, checks } = await verify(name, 2);
  expect(verdict).toBe("counterexample");
  const counterexample = checks.at(-1)?.containment.counterexample;
  expect(counterexample).toMatchObject({ kind });
  expect(counterexample?.instead).not.toEqual([]);
});

it("confirms that no schedule shows what a forced rewrite happens to do right", async () => {
  expect((await verify("key-that-no-message-has", 2)).verdict).toBe("refines");
});

it("does not take a timer that has fired as often as it may for one that was lost", async () => {
  const { checks } = await verify("locks-lapse-under-pairs");
  expect(checks.map(({ containment }) => containment.verdict)).toEqual(Array(6).fill("refines"));
});

it("says where it had to stop", async () => {
  const { verdict, checks } = await verify("broker-with-held-subscriptions", 1, { pairs: 100 });
  expect(verdict).toBe("bound reached");
  expect(checks.at(-1)?.containment).toMatchObject({ bound: "100 pairs", coverage: { isComplete: false } });
});

async function verify(name: string, operations = 1, bounds: ContainmentBounds = {}): Promise<ExactVerification> {
  const fixture = readFixture(name);
  const judged = judgeStatically(fixture, fixture.expectation.kind === "refused");
  const both = await loadBoth(fixture, judged);
  return verifyExactly({ ...both, operations, bounds: { milliseconds: Infinity, ...bounds } });
}
