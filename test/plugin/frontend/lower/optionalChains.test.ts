/** What comes behind a `?.` happens only when there is something in front of it. */
import { lowered } from "./lowered.ts";

const FIELDS = `private readonly ballots = new Map<string, { voters: Set<string>; by: Map<string, Set<string>> }>();`;
const effects = (body: string): readonly string[] =>
  lowered(`${FIELDS}@On() h(m: { id: string; voter: string }): void { ${body} }`).filter((line) =>
    line.startsWith("add"),
  );

describe("calls in an optional chain", () => {
  it.each([
    ["this.ballots.get(m.id)?.voters.add(m.voter);", 'add ballots[m.id]["voters"][m.voter]  when ballots[m.id]'],
    [
      "this.ballots.get(m.id)?.by.get(m.voter)?.add(m.id);",
      'add ballots[m.id]["by"][m.voter][m.id]  when ballots[m.id] and ballots[m.id]["by"][m.voter]',
    ],
    ["this.ballots.get(m.id)!.voters.add(m.voter);", 'add ballots[m.id]["voters"][m.voter]'],
  ])("%s", (body, expected) => {
    expect(effects(body)).toEqual([expected]);
  });
});
