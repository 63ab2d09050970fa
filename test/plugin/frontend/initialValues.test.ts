import { readSource } from "../../support/protocolInMemory.ts";

const obstaclesOf = (field: string): readonly string[] =>
  readSource(`
    interface Reading { readonly n: number }
    const shared = { n: 0 };
    @Role() export class Meter {
      ${field}
      @On() read({ n }: Reading): void { this.latest = { n }; }
    }`).protocol.roles.flatMap(({ notUnderstood }) => notUnderstood.map(({ why }) => why));

it.each(["latest: Reading | undefined = undefined;", "latest: Reading | null = null;", "latest: Reading = { n: 0 };"])(
  "a field may start with nothing, or with an object of its own: %s",
  (field) => {
    expect(obstaclesOf(`private ${field}`)).toEqual([]);
  },
);

it("may not start with an object that a module keeps", () => {
  expect(obstaclesOf("private latest: Reading = shared;")).toEqual([
    expect.stringContaining("another name too, shared"),
  ]);
});
