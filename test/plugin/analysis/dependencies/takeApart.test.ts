import fc from "fast-check";
import { takenApart } from "../../../../plugin/analysis/dependencies/takeApart.ts";
import type { Term } from "../../../../plugin/model/term.ts";
import { column, handler } from "../../../support/model.ts";

const put = handler("put", {
  columns: [
    { path: ["shard"], type: "string", keyable: true, optional: false },
    { path: ["n"], type: "number", keyable: true, optional: false },
  ],
});

const SHARD = column("shard");
const NUMBER = column("n");

function pure(name: string, ...args: readonly Term[]): Term {
  return { kind: "pure", name, args, injective: false };
}

function text(value: string | number): Term {
  return { kind: "literal", value };
}

const SHARD_FIRST = pure("`${}:${}`", SHARD, NUMBER);
const NUMBER_FIRST = pure("`${}:${}`", NUMBER, SHARD);

function upTo(id: Term, find: string): Term {
  return pure(".slice", id, text(0), pure(find, id, text(":")));
}

describe("takenApart", () => {
  it("reads a free text up to the last separator", () => {
    expect(takenApart(put, upTo(SHARD_FIRST, ".lastIndexOf"))).toEqual(SHARD);
  });

  it("does not read a free text up to the first separator, which may be in it", () => {
    const term = upTo(SHARD_FIRST, ".indexOf");
    expect(takenApart(put, term)).toBe(term);
    const split = pure(".0", pure(".split", SHARD_FIRST, text(":")));
    expect(takenApart(put, split)).toBe(split);
  });

  it("reads the text of a number up to the first separator, and the number from that", () => {
    for (const read of [upTo(NUMBER_FIRST, ".indexOf"), pure(".0", pure(".split", NUMBER_FIRST, text(":")))]) {
      expect(takenApart(put, read)).toEqual(pure("String", NUMBER));
      expect(takenApart(put, pure("Number", read))).toEqual(NUMBER);
    }
  });

  it("looks into functions of modules, and knows what is the same whatever was read from state", () => {
    const read: Term = { kind: "read", cell: { field: "next", keys: [SHARD], aspect: "value" }, gives: "number" };
    const counted = pure("+", { ...pure("??", read, text(0)), certain: true } as Term, text(1));
    const id = pure("`${}:${}`", SHARD, counted);
    const means = upTo({ kind: "payload", path: [] }, ".lastIndexOf");
    const shardOf: Term = { kind: "pure", name: "protocol.ts#shardOf", args: [id], injective: false, means };
    expect(takenApart(put, shardOf)).toEqual(SHARD);
  });

  it("takes a value for its default only where that is certain", () => {
    const read = upTo(SHARD_FIRST, ".lastIndexOf");
    const term = pure("??", read, text(""));
    expect(takenApart(put, { ...term, certain: true } as Term)).toEqual(SHARD);
    expect(takenApart(put, term)).toEqual(pure("??", SHARD, text("")));
  });

  it("reads what the language reads", () => {
    fc.assert(
      fc.property(fc.string(), fc.double(), (shard, n) => {
        const [first, last] = [`${shard}:${String(n)}`, `${String(n)}:${shard}`];
        expect(first.slice(0, first.lastIndexOf(":"))).toBe(shard);
        expect(last.slice(0, last.indexOf(":"))).toBe(String(n));
        expect(last.split(":")[0]).toBe(String(n));
      }),
    );
  });
});
