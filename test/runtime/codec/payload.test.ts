import { decode as decodeCbor } from "cbor-x";
import fc from "fast-check";
import { decodeMessage, decodePayload } from "../../../runtime/codec/payloadDecoder.ts";
import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import { PayloadError } from "../../../runtime/codec/payloadError.ts";

const text = fc.string({ unit: "binary" }).filter((value) => !/\p{Surrogate}/u.test(value));
const scalar = fc.oneof(
  text,
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.constant(-0),
);
const propertyName = fc.oneof(text, fc.constantFrom("__proto__", "constructor", "id", "0", ""));

/** Plain data of every kind that the language allows. */
const plainData = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.uint8Array({ maxLength: 100 }),
    fc.array(tie("value"), { maxLength: 8 }),
    fc.array(fc.tuple(propertyName, tie("value")), { maxLength: 8 }).map(recordOf),
    fc.array(fc.tuple(scalar, tie("value")), { maxLength: 5 }).map((entries) => new Map(entries)),
    fc.array(scalar, { maxLength: 5 }).map((members) => new Set(members)),
  ),
})).value;

function recordOf(entries: readonly (readonly [string, unknown])[]): object {
  const record = {};
  for (const [name, value] of entries) {
    Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return record;
}

/** What a payload is after a journey: properties that are undefined are absent. */
function canonical(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: [...value] };
  if (Array.isArray(value)) return value.map((element: unknown) => canonical(element));
  if (value instanceof Map)
    return { map: Array.from<[unknown, unknown], unknown>(value, ([key, element]) => [key, canonical(element)]) };
  if (value instanceof Set) return { set: [...value] };
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .filter(([, property]) => property !== undefined)
      .map(([name, property]) => [name, canonical(property)]);
  }
  return value;
}

function roundTrip(value: unknown): unknown {
  return decodePayload(encodePayload(value));
}

describe("payloads", () => {
  it("come back as they were sent", () => {
    fc.assert(
      fc.property(plainData, (value) => {
        expect(canonical(roundTrip(value))).toStrictEqual(canonical(value));
      }),
      { numRuns: 500 },
    );
  });

  it("are written in full before the next one, and stay as they are", () => {
    fc.assert(
      fc.property(fc.array(plainData, { maxLength: 20 }), (values) => {
        const encoded = values.map(encodePayload);
        expect(encoded.map((bytes) => canonical(decodePayload(bytes)))).toStrictEqual(values.map(canonical));
      }),
    );
  });

  it("may be larger than any buffer", () => {
    const large = {
      text: "ż".repeat(100_000),
      bytes: new Uint8Array(200_000).fill(7),
      list: Array.from({ length: 50_000 }, (_, i) => i),
    };
    expect(canonical(roundTrip(large))).toStrictEqual(canonical(large));
  });

  it("survive the end of a buffer, wherever in them it falls", () => {
    const value = { id: "ballot", żółć: "gęś", list: ["a", "ą", 1n, 0.5], bytes: new Uint8Array(5) };
    const expected = encodePayload(value);
    let different = 0;
    for (let i = 0; i < 50_000; i++) {
      encodePayload("x".repeat((i * i) % 61)); // so that the end comes at another place each time
      if (Buffer.compare(encodePayload(value), expected) !== 0) different++;
    }
    expect(different).toBe(0);
    expect(canonical(decodePayload(expected))).toStrictEqual(canonical(value));
  });

  it("are CBOR that others read", () => {
    const message = {
      id: "ballot-1",
      count: 3,
      negative: -70_000,
      big: 2n ** 70n,
      ratio: 0.5,
      list: [1, [true, null]],
      map: new Map([["a", 1]]),
    };
    expect(decodeCbor(encodePayload(message))).toEqual(message);
  });

  it("do not share anything with what was sent, and may be sent on", () => {
    const bytes = new Uint8Array([1, 2]);
    const sent = { list: [1], bytes, map: new Map([["k", { n: 1 }]]), set: new Set(["x"]) };
    const encoded = encodePayload(sent);
    sent.list.push(2);
    bytes[0] = 9;
    const received = decodePayload(encoded);
    expect(canonical(received)).toStrictEqual(
      canonical({ list: [1], bytes: new Uint8Array([1, 2]), map: new Map([["k", { n: 1 }]]), set: new Set(["x"]) }),
    );
    expect(canonical(roundTrip(received))).toStrictEqual(canonical(received));
  });

  it("arrive frozen, in all their depth", () => {
    const received = roundTrip({ list: [{ n: 1 }], map: new Map([["k", [1]]]), set: new Set(["x"]) }) as {
      readonly list: { n: number }[];
      readonly map: Map<string, number[]>;
      readonly set: Set<string>;
    };
    expect(() => received.list.push({ n: 2 })).toThrow(TypeError);
    expect(() => Object.assign(received.list[0] ?? {}, { n: 2 })).toThrow(TypeError);
    expect(() => received.map.set("k", [])).toThrow(/must not be changed/);
    expect(() => received.map.get("k")?.push(2)).toThrow(TypeError);
    expect(() => received.set.add("y")).toThrow(/must not be changed/);
    expect(() => {
      received.set.clear();
    }).toThrow(/must not be changed/);
    expect(received.set instanceof Set && received.map instanceof Map).toBe(true);
  });
});

class Vote {
  readonly id = "v";
}
class NamedMap extends Map<string, string> {}
class NamedList extends Array<number> {}

function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

function cyclic(): unknown {
  const order: { items: unknown[] } = { items: [] };
  order.items.push({ order });
  return order;
}

describe("what is not plain data", () => {
  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ["a function", { a: { run: () => 1 } }, /payload\.a\.run is a function/],
    ["a symbol", [Symbol("s")], /payload\[0\] is a symbol/],
    [
      "a symbol as a property name",
      { a: Object.assign({}, { [Symbol("s")]: 1 }), b: Symbol("x") },
      /property named by a symbol/,
    ],
    ["a class instance", { vote: new Vote() }, /payload\.vote is an instance of Vote.*\{ \.\.\.vote \}/],
    ["a Date", { at: [new Date(0)] }, /payload\.at\[0\] is a Date.*getTime/],
    ["an Error", { error: new TypeError("x") }, /payload\.error is an Error/],
    ["a subclass of Map", new NamedMap(), /payload is an instance of NamedMap/],
    ["a subclass of Array", [new NamedList()], /payload\[0\] is an instance of NamedList/],
    ["another typed array", { "odd name": new Uint16Array(2) }, /payload\["odd name"\] is an instance of Uint16Array/],
    [
      "an accessor",
      {
        get now() {
          return 1;
        },
      },
      /payload\.now is an accessor/,
    ],
    ["an object as a key", { m: new Map([[{ a: 1 }, 1]]) }, /a key of payload\.m is an object/],
    ["an object as a member", new Set([[1]]), /a member of payload is an object/],
    ["a fault inside a Map", new Map([["k", { f: Math.abs }]]), /payload\.get\("k"\)\.f is a function/],
    ["text that is no Unicode", { id: "\ud800" }, /payload\.id is not well-formed/],
    ["long text that is no Unicode", { id: `${"a".repeat(500)}\udc00` }, /payload\.id is not well-formed/],
    ["a cycle", cyclic(), /payload\.items\[0\]\.order leads back/],
    ["endless nesting", nested(300), /nested more than 200 deep/],
    ["a reference to a node", { to: bound() }, /payload\.to is a reference.*Send its id: payload\.to: ref\.id/],
  ];

  it.each(refused)("is refused, by its path: %s", (_, value, message) => {
    expect(() => encodePayload(value)).toThrow(PayloadError);
    expect(() => encodePayload(value)).toThrow(message);
  });

  it("does not spoil what is sent next", () => {
    const before = encodePayload({ id: "before" });
    expect(() => encodePayload({ id: "x", run: () => 1 })).toThrow(PayloadError);
    expect([decodePayload(before), roundTrip({ id: "after" })]).toEqual([{ id: "before" }, { id: "after" }]);
  });

  it("is not literals of another realm or without a prototype", () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 });
    expect(roundTrip([bare])).toEqual([{ a: 1 }]);
  });
});

function bound(): object {
  class Reference {
    readonly id = "n";
    get [Symbol.for("riven.bound")](): true {
      return true;
    }
  }
  return new Reference();
}

describe("bytes that are no payload", () => {
  it.each([
    ["nothing", []],
    ["two payloads", [0x01, 0x01]],
    ["cut off text", [0x63, 0x61]],
    ["a list longer than the bytes", [0x9a, 0xff, 0xff, 0xff, 0xff]],
    ["an indefinite length", [0x9f, 0xff]],
    ["an unknown tag", [0xc1, 0x00]],
    ["a half float", [0xf9, 0x00, 0x00]],
    ["a property name that is no text", [0xa1, 0x01, 0x01]],
    ["an object as a key", [0xd9, 0x01, 0x03, 0xa1, 0x80, 0x01]],
    ["text that is no UTF-8", [0x61, 0xff]],
    ["an integer beyond 2^53", [0x1b, 0xff, 0, 0, 0, 0, 0, 0, 0]],
    ["a set of no list", [0xd9, 0x01, 0x02, 0x01]],
    ["deep nesting", new Array<number>(300).fill(0x81)],
  ])("are refused: %s", (_, bytes) => {
    expect(() => decodePayload(Uint8Array.from(bytes))).toThrow(PayloadError);
  });

  it("are refused or read, and never anything else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          decodePayload(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(PayloadError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("messages", () => {
  it.each([
    [{ amount: Number.NaN }, "payload.amount is NaN"],
    [[1, [Number.NaN]], "payload[1][0] is NaN"],
    [new Map([["a", Number.NaN]]), "payload is NaN"],
  ])("hold no NaN: %j", (value, reason) => {
    const bytes = encodePayload(value);
    expect(canonical(decodePayload(bytes))).toEqual(canonical(value));
    expect(() => decodeMessage(bytes)).toThrow(reason);
  });

  it("may hold all other numbers", () => {
    const value = [1, 0.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];
    expect(decodeMessage(encodePayload(value))).toEqual(value);
  });
});
