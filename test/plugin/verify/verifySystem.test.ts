import { verifySystem, type Verification } from "../../../plugin/verify/index.ts";
import { rewrittenVoting, voting } from "../../fixtures/verify/voting.ts";

function print({ verdict, violations, coverage }: Verification): string {
  const found = violations.map(({ kind, seed, summary, trace }) =>
    [`${kind} (seed ${String(seed)}): ${summary}`, ...trace].join("\n  "),
  );
  return [verdict, ...found, JSON.stringify(coverage)].join("\n");
}

describe("verifySystem", () => {
  it("finds that the rewritten voting refines the original", () => {
    const started = Date.now();
    const result = verifySystem({ system: voting, rewritten: rewrittenVoting });
    console.log(print(result), Date.now() - started);
    expect(result.verdict).toBe("refines");
  });
  it("identity", () => {
    const started = Date.now();
    const result = verifySystem({ system: voting });
    console.log(print(result), Date.now() - started);
    expect(result.verdict).toBe("refines");
  });
});
