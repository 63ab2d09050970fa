/** Right rewrites: the rules accept them, TypeScript accepts what is emitted, and no schedule tells it from the original. */
import {
  clearWorkshop,
  describeFinding,
  judgeDynamically,
  judgeStatically,
  printVerification,
  readFixtures,
} from "../support/judges.ts";

const SEEDS = 60;

const accepted = readFixtures().filter(({ expectation }) => expectation.kind === "accepted");

afterAll(clearWorkshop);

it.each(accepted.map((fixture) => [fixture.name, fixture] as const))("%s", async (_name, fixture) => {
  const judged = judgeStatically(fixture);
  expect(judged.errors.map((finding) => `${describeFinding(judged.protocol, finding)}: ${finding.message}`)).toEqual(
    [],
  );
  const verification = await judgeDynamically(fixture, judged, SEEDS);
  const told = printVerification(verification);
  expect(told).toMatch(/^refines/);
  const { partsTouched, parts, completedOperations, coordination, conflictingActivations } = verification.coverage;
  expect(`${told}\nparts: ${String(partsTouched)}`).toContain(`parts: ${String(parts)}`);
  expect(completedOperations).toBeGreaterThan(0);
  // What all partitions do, and nothing else notices, shows nothing.
  if (coordination.begun > 0) expect(conflictingActivations).toBeGreaterThan(0);
});
