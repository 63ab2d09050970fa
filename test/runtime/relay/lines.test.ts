import fc from "fast-check";
import { decodePayload } from "../../../runtime/codec/payloadDecoder.ts";
import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import { LineReader } from "../../../runtime/relay/lineReader.ts";
import { fromTaggedJson, toTaggedJson } from "../../../runtime/relay/taggedJson.ts";

const throughJson = (payload: unknown): unknown => fromTaggedJson(JSON.parse(JSON.stringify(toTaggedJson(payload))));

describe("tagged JSON", () => {
  it.each([
    [new Uint8Array([0, 1, 255]), { $bytes: "AAH/" }],
    [12345678901234567890n, { $bigint: "12345678901234567890" }],
    [new Map([[1, "one"]]), { $map: [[1, "one"]] }],
    [new Set(["a"]), { $set: ["a"] }],
    [-Infinity, { $number: "-Infinity" }],
    [{ $set: [1] }, { $record: { $set: [1] } }],
    [{ a: undefined, b: [undefined] }, { b: [{ $undefined: true }] }],
    [
      { $a: 1, b: 2 },
      { $a: 1, b: 2 },
    ],
  ])("%p", (payload, json) => {
    expect(toTaggedJson(payload)).toEqual(json);
    expect(encodePayload(fromTaggedJson(json))).toEqual(encodePayload(payload));
  });

  it("carries every payload there and back", () => {
    const key = fc.oneof(fc.string(), fc.integer(), fc.bigInt(), fc.boolean());
    const { payload } = fc.letrec((tie) => ({
      payload: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.double({ noNaN: true }),
        fc.bigInt(),
        fc.boolean(),
        fc.constantFrom(null, undefined),
        fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
        fc.array(tie("payload"), { maxLength: 4 }),
        fc.array(key, { maxLength: 4 }).map((members) => new Set(members)),
        fc.array(fc.tuple(key, tie("payload")), { maxLength: 4 }).map((entries) => new Map(entries)),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("$map", "$record", "__proto__")), tie("payload"), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
      ),
    }));
    fc.assert(
      fc.property(payload, (value) => {
        const decoded = decodePayload(encodePayload(value));
        expect(encodePayload(throughJson(decoded))).toEqual(encodePayload(decoded));
      }),
    );
  });

  it.each([
    { $bytes: "AAH" },
    { $bytes: 1 },
    { $bigint: "1.5" },
    { $bigint: "" },
    { $number: "NaN" },
    { $undefined: 1 },
    { $map: [[1]] },
    { $set: {} },
    { $record: [] },
    { $other: 1 },
  ])("refuses %j", (json) => {
    expect(() => fromTaggedJson(json)).toThrow(/^\$\w+ with /);
  });
});

describe("a reader of lines", () => {
  it("finds the same lines however the bytes come", () => {
    const line = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replaceAll("\n", ""));
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 1, max: 7 }), (lines, step) => {
        const read: string[] = [];
        const reader = new LineReader(1000, {
          onLine: (text) => read.push(text),
          onBadLine: (problem) => read.push(problem),
        });
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(""));
        for (let start = 0; start < bytes.length; start += step) reader.push(bytes.subarray(start, start + step));
        expect(read).toEqual(lines.filter((text) => text.trim() !== ""));
      }),
    );
  });

  it("skips a line that is too long, or not text, and no other", () => {
    const read: string[] = [];
    const reader = new LineReader(4, {
      onLine: (text) => read.push(text),
      onBadLine: (problem) => read.push(`! ${problem}`),
    });
    for (const part of ["one\ntoo", " long", " by far\ntwo\n", "\n"]) reader.push(Buffer.from(part));
    reader.push(Buffer.from([0xff, 0x0a]));
    reader.push(Buffer.from("end\nnever ended"));
    expect(read).toEqual(["one", "! the line is longer than 4 bytes", "two", "! the line is not UTF-8", "end"]);
  });
});
