/** Wrong rewrites: the rules refuse them at the right place, and the verifier shows what would have gone wrong. */
import {
  clearWorkshop,
  judgeDynamically,
  judgeStatically,
  printVerification,
  readFixtures,
  surprises,
  type Expectation,
  type Fixture,
} from "../support/judges.ts";

const SEEDS = 1000;
/** Enough to notice that a rewrite that is said to look right does not. */
const SEEDS_WHEN_NOT_SHOWN = 100;

type Refused = Extract<Expectation, { readonly kind: "refused" }>;

const refused = readFixtures().flatMap((fixture) =>
  fixture.expectation.kind === "refused" ? [[fixture.name, fixture, fixture.expectation] as const] : [],
);

afterAll(clearWorkshop);

it.each(refused)("%s", async (_name, fixture, expectation) => {
  expect(surprises(judgeStatically(fixture), expectation.findings)).toEqual([]);
  const verdict = await verdictWhenForced(fixture, expectation);
  if (expectation.notShown === undefined) expect(verdict).toMatch(/^counterexample/);
  else expect(verdict).toMatch(/^(refines|nothing exercised|cannot be built)/);
});

async function verdictWhenForced(fixture: Fixture, { notShown }: Refused): Promise<string> {
  const forced = judgeStatically(fixture, true);
  if (forced.files.length === 0) return `cannot be built: ${forced.errors.map(({ message }) => message).join("\n")}`;
  return printVerification(
    await judgeDynamically(fixture, forced, notShown === undefined ? SEEDS : SEEDS_WHEN_NOT_SHOWN),
  );
}
