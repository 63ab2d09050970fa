/** No reason why a tempting rewrite is wrong rests on one protocol alone. */
import { readFixtures, REFUSED_FOR } from "../support/judges.ts";

const ENOUGH = 3;

const reasons = readFixtures().flatMap(({ expectation }) =>
  expectation.kind === "refused" && expectation.reason !== undefined ? [expectation.reason] : [],
);

it.each(REFUSED_FOR)("%s", (reason) => {
  expect(reasons.filter((one) => one === reason).length).toBeGreaterThanOrEqual(ENOUGH);
});
