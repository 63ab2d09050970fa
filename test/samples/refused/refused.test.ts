/**
 * The tempting plans that samples keep: each folder in `refused` of a sample is a protocol with a plan that the rules refuse, at
 * the place that is given here and in the sample's README. Built all the same, the verifier shows what goes wrong.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  clearWorkshop,
  judgeDynamically,
  judgeStatically,
  printVerification,
  surprises,
  type Fixture,
} from "../../support/judges.ts";

const SEEDS = 300;

/** By folder: the code, and how the text at the finding's place begins; none where the place is in the plan. */
const REFUSED = {
  "lock-server/refused/global-tokens": ["RVN301", "this.token += 1"],
  "lock-server/refused/statistics": ["RVN302", "this.holders.size"],
  "lock-server/refused/release-apart": ["RVN201", "this.holders.delete(m.lock)"],
  "order-pipeline/refused/several-articles": ["RVN303", "this.stock.get(m.second)"],
  "order-pipeline/refused/check-apart": ["RVN202", "this.stock.get(m.sku)"],
  "crdt-cart/refused/numbered-orders": ["RVN301", "this.last += 1"],
  "crdt-cart/refused/removal-by-arrival": ["RVN319", ""],
} as const;

const refused = Object.entries(REFUSED).map(
  ([folder, [code, at]]) => [folder, { findings: [{ code, at }], fixture: readFixture(folder) }] as const,
);

afterAll(clearWorkshop);

describe.each(refused)("samples/%s", (folder, { findings, fixture }) => {
  it("is refused there", () => {
    expect(surprises(judgeStatically(fixture), findings)).toEqual([]);
  });

  it("is rightly refused", async () => {
    const verification = await judgeDynamically(fixture, judgeStatically(fixture, true), SEEDS);
    expect(printVerification(verification)).toMatch(/^counterexample/);
  });

  it("is in the README of the sample", () => {
    const [sample = "", , variant = ""] = folder.split("/");
    const readme = readFileSync(join(process.cwd(), "samples", sample, "README.md"), "utf8");
    expect(readme).toContain(`refused/${variant}`);
    expect(readme).toContain(findings[0].code);
  });
});

it("holds everything that samples keep as refused", () => {
  const samples = join(process.cwd(), "samples");
  const kept = readdirSync(samples)
    .filter((sample) => existsSync(join(samples, sample, "refused")))
    .flatMap((sample) => readdirSync(join(samples, sample, "refused")).map((name) => `${sample}/refused/${name}`));
  expect(kept.filter((folder) => !(folder in REFUSED))).toEqual([]);
});

it("lets items be counted apart, in any order, where nothing is removed by order of arrival", async () => {
  const { files, expectation } = readFixture("crdt-cart/refused/removal-by-arrival");
  const onlyAdds = (files["protocol.ts"] ?? "").replace(
    / {4}this\.holders\.get\(m\.item\)\?\.delete\(m\.cart\);\n/,
    "",
  );
  expect(onlyAdds).not.toBe(files["protocol.ts"]);
  const fixture: Fixture = { name: "only-additions", expectation, files: { ...files, "protocol.ts": onlyAdds } };
  const judged = judgeStatically(fixture);
  expect(surprises(judged, [])).toEqual([]);
  expect(printVerification(await judgeDynamically(fixture, judged, SEEDS))).toMatch(/^refines/);
});

function readFixture(folder: string): Fixture {
  const path = join(process.cwd(), "samples", folder);
  const files = Object.fromEntries(readdirSync(path).map((file) => [file, readFileSync(join(path, file), "utf8")]));
  return { name: folder.replaceAll("/", "-"), files, expectation: { kind: "accepted" } };
}
