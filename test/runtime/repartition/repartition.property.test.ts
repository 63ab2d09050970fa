import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { readJournal } from "../../../runtime/node/readJournal.ts";
import { repartition } from "../../../runtime/repartition/repartition.ts";
import { deployLibrary, quickFiles, read, store, type Content } from "./library.ts";

const value = fc.oneof(
  fc.integer(),
  fc.string(),
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.dictionary(fc.string(), fc.integer(), { noNullPrototype: true }),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.uint8Array({ maxLength: 5 }).map((bytes) => new Uint8Array(bytes)),
  fc.array(fc.string(), { maxLength: 3 }).map((members) => new Set(members)),
);
const text = fc.string({ maxLength: 6 });
const map = <K, V>(key: fc.Arbitrary<K>, content: fc.Arbitrary<V>): fc.Arbitrary<Map<K, V>> =>
  fc.array(fc.tuple(key, content), { maxLength: 12 }).map((entries) => new Map(entries));
const content: fc.Arbitrary<Content> = fc.record({
  lent: map(text, value),
  reserved: fc.array(text, { maxLength: 12 }).map((members) => new Set(members)),
  shelves: map(
    text,
    map(
      fc.integer({ min: -20, max: 20 }).map((n) => n + 0),
      value,
    ),
  ),
  byInitial: map(text, value),
  motto: value,
  rules: value,
  journal: fc.array(fc.integer(), { maxLength: 5 }),
});

function move(data: string, partitions: number): void {
  repartition({ deployment: deployLibrary(partitions), data, files: quickFiles });
}

describe("re-partitioning", () => {
  it("loses nothing, makes nothing up, and can be taken back", () => {
    const folder = mkdtempSync(join(tmpdir(), "riven-repartition-"));
    let runs = 0;
    const partitions = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(content, partitions, partitions, (before, first, second) => {
        const data = join(folder, String(++runs));
        store(data, before);
        move(data, first);
        const once = read(data, "east", first);
        move(data, second);
        move(data, first);
        expect(read(data, "east", first)).toEqual(once);
        move(data, 1);
        const { journal, ...fields } = before;
        expect(read(data, "west", 1)).toEqual([new Map(Object.entries(fields))]);
        const address = { role: "Library", id: "west", component: "desk", partition: 0 };
        expect(readJournal(data, address, "ledger")).toEqual(journal);
        rmSync(data, { recursive: true });
      }),
      { numRuns: 30 },
    );
    rmSync(folder, { recursive: true });
  });
});
