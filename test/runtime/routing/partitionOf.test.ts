import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import fc from "fast-check";
import { hashKey, partitionOf } from "../../../runtime/routing/partitionOf.ts";
import type { KeyValue } from "../../../runtime/routing/routingTable.ts";

interface Vector {
  readonly expression: string;
  readonly hash: number;
  readonly of3: number;
  readonly of5: number;
}

/** The table of the reference page; keys are TypeScript expressions. */
function readVectors(): readonly Vector[] {
  const page = readFileSync(join(__dirname, "../../../docs/reference/routing-hash.md"), "utf8");
  const rows = page
    .slice(page.indexOf("## Test vectors"))
    .matchAll(/^\| `(.+)` \| `([0-9a-f]{8})` \| (\d) \| (\d) \|$/gm);
  return [...rows].map(([, expression = "", hash = "", of3 = "", of5 = ""]) => ({
    expression,
    hash: Number.parseInt(hash, 16),
    of3: Number(of3),
    of5: Number(of5),
  }));
}

function evaluate(expression: string): KeyValue {
  return runInThisContext(`(${expression})`) as KeyValue;
}

const key = fc.letrec<{ key: KeyValue }>((tie) => ({
  key: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: "binary" }),
    fc.double(),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.array(tie("key"), { maxLength: 3 }),
  ),
})).key;

describe("the routing hash", () => {
  const vectors = readVectors();

  it("has vectors for every type of key", () => {
    expect(vectors.length).toBeGreaterThanOrEqual(30);
  });

  it.each(vectors)("hashes $expression as written down", ({ expression, hash, of3, of5 }) => {
    const value = evaluate(expression);
    expect({ hash: hashKey(value), of3: partitionOf(value, 3), of5: partitionOf(value, 5) }).toEqual({
      hash,
      of3,
      of5,
    });
  });

  it("keeps keys of different types apart, and -0 with 0", () => {
    const alike: readonly KeyValue[] = [1, 1n, "1", true, ["1"], [1], null, undefined, 0, 0n, "", false, []];
    expect(new Set(alike.map(hashKey)).size).toBe(alike.length);
    expect(hashKey(-0)).toBe(hashKey(0));
  });

  it("gives a partition that exists, always the same one", () => {
    fc.assert(
      fc.property(key, fc.integer({ min: 1, max: 64 }), (value, partitions) => {
        const partition = partitionOf(value, partitions);
        expect(Number.isInteger(partition) && partition >= 0 && partition < partitions).toBe(true);
        expect(partitionOf(structuredClone(value), partitions)).toBe(partition);
      }),
    );
  });

  it.each([2, 3, 5, 8, 16])("spreads numbered ids evenly over %d partitions", (partitions) => {
    const keys = 20_000;
    const counts = new Array<number>(partitions).fill(0);
    for (let n = 0; n < keys; n++) {
      const partition = partitionOf(`ballot-${String(n)}`, partitions);
      counts[partition] = (counts[partition] ?? 0) + 1;
    }
    // Five standard deviations of a binomial distribution: a fair hash fails this once in millions of such choices.
    const expected = keys / partitions;
    const tolerance = 5 * Math.sqrt(expected * (1 - 1 / partitions));
    for (const count of counts) expect(Math.abs(count - expected)).toBeLessThan(tolerance);
  });

  it("refuses what is no key", () => {
    const keyOfUncheckedMessage = { id: "a" } as never;
    expect(() => partitionOf(keyOfUncheckedMessage, 2)).toThrow(/routing key/);
  });
});
