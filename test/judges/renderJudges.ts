/** The page that shows both judges at work on every wrong rewrite; made from what `npm run table:judges` has seen. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Fixture } from "../support/judges.ts";

/** Where what was seen is kept, and the page that is made from it. */
export const CAUGHT = "test/judges/caught.json";
export const PAGE = "docs/reference/judges.md";

/** The strategies that the page compares: choosers of the verifier. */
export const STRATEGIES = ["portfolio", "random", "swarm", "pct", "pos"] as const;

export type Catches =
  /** The forced rewrite is no program. */
  | { readonly built: false }
  | {
      readonly built: true;
      /** What is wrong with the first run that was caught. */
      readonly kind?: string;
      /** The number of the first run that was caught, by strategy; null when none was. */
      readonly after: { readonly [strategy: string]: number | null };
    };

/** By the names of the protocols. */
export type CaughtByFixture = { readonly [name: string]: Catches };

export function readCaught(): CaughtByFixture {
  return JSON.parse(readFileSync(join(process.cwd(), CAUGHT), "utf8")) as CaughtByFixture;
}

/** @param refused the protocols that have to be refused, in the order of the page */
export function renderJudges(refused: readonly Fixture[], caught: CaughtByFixture): string {
  const rows = refused.flatMap((fixture) => rowOf(fixture, caught[fixture.name]));
  const argued = refused.filter(({ expectation }) => expectation.kind === "refused" && expectation.notShown);
  return `<!-- Made by \`npm run table:judges\`. -->

# Both judges on every wrong rewrite

Each row is a protocol of \`test/fixtures/protocols\` with a plan that looks right and is not. The first judge, the rules of
the compiler, refuses it with the codes that are named. The second judge is given the rewrite all the same, forced past the
first, and knows nothing of it: the numbers say which simulated run was the first to give the rewrite away, for each
strategy of exploration, and for the portfolio of them that \`riven verify\` uses; a dash says that none of 1,000 runs did.

\`npm run table:judges\` makes the page again. \`npm test\` has every row refused and caught once more, but for those under
the table, whose arguments say why no schedule can show them.

${String(refused.length)} wrong rewrites; ${String(refused.length - argued.length)} are caught by the second judge.

| protocol | why it is wrong | refused by | caught as | ${STRATEGIES.join(" | ")} |
| --- | --- | --- | --- | ${STRATEGIES.map(() => "--:").join(" | ")} |
${rows.join("\n")}

## Not shown by any schedule

${argued.map(argumentOf).join("\n")}
`;
}

function rowOf({ name, expectation }: Fixture, catches: Catches | undefined): readonly string[] {
  if (expectation.kind !== "refused") return [];
  const codes = [...new Set(expectation.findings.map(({ code }) => code))].sort().join(", ");
  const runs = STRATEGIES.map((strategy) => (catches?.built === true ? String(catches.after[strategy] ?? "–") : ""));
  const kind = catches?.built === false ? "no program" : (catches?.kind ?? "see below");
  return [`| ${[name, expectation.reason ?? "", codes, kind, ...runs].join(" | ")} |`];
}

function argumentOf({ name, expectation }: Fixture): string {
  const why = expectation.kind === "refused" ? (expectation.notShown ?? "") : "";
  return `- **${name}**: ${why}`;
}
