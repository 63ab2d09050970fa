/** Where methods stand, by how code is laid out. */
import { findMethod } from "../../../../plugin/cli/verify/findMethod.ts";

const text = `import { On, Role } from "riven";

@Role()
export class Other {
  @On() vote(m: { id: string }): void {}
}

@Role()
export abstract class Leader<T> extends Base {
  private readonly votes = new Map<string, string>(); // vote(

  @On()
  vote(m: { id: string }): void {
    if (m.id === "}") {
      this.votes.set(m.id, \`}\`);
    }
  }

  @On() protected async decided<X>(
    m: { id: string },
  ): Promise<void> {
    this.vote(m);
  }

  @Every("1s") tick(): void { this.votes.clear(); }
}
`;

test.each([
  ["Other", "vote", { line: 5, endLine: 5 }],
  ["Leader", "vote", { line: 13, endLine: 17 }],
  ["Leader", "decided", { line: 19, endLine: 23 }],
  ["Leader", "tick", { line: 25, endLine: 25 }],
])("%s.%s", (owner, method, place) => {
  expect(findMethod(text, owner, method)).toEqual(place);
});

test("what is not there is not found", () => {
  expect(findMethod(text, "Lead", "vote")).toBeUndefined();
  expect(findMethod(text, "Other", "decided")).toBeUndefined();
  expect(findMethod(text, "Leader", "set")).toBeUndefined();
});
