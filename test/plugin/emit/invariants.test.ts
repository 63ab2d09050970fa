/** Invariants are part of the protocol, and of no component. */
import { judgeStatically, readFixture } from "../../support/judges.ts";

test("a component has neither the invariants of its role nor what only they use", () => {
  const { errors, files } = judgeStatically(readFixture("locks-with-an-invariant"));
  expect(errors).toEqual([]);
  const keeper = files.find(({ path }) => path.endsWith("lock-server.keeper.ts"))?.text ?? "";
  expect(keeper).toContain("acquire(");
  const code = files.filter(({ path }) => !path.endsWith(".map")).map(({ text }) => text);
  for (const word of ["Invariant", "Snapshot", "holdersHaveTokens", "EXPLANATION", "isToken"])
    expect(code.filter((text) => text.includes(word))).toEqual([]);
});
