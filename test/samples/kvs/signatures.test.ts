import { digest, publicKeys, sign, verify } from "../../../samples/kvs/signatures.ts";

const SECRET = "a secret";
const KEYS = publicKeys(SECRET, ["one", "two"]);

describe("a signature", () => {
  const signature = sign(SECRET, "one", "a text");

  it("is the same every time, so that a handler that signs can be replayed", () => {
    expect(sign(SECRET, "one", "a text")).toEqual(signature);
    expect(signature).toHaveLength(64);
  });

  it("verifies with its signer's key", () => {
    expect(verify(KEYS["one"], "a text", signature)).toBe(true);
  });

  it.each([
    ["another text", KEYS["one"], "another text", signature],
    ["the key of somebody else", KEYS["two"], "a text", signature],
    ["nobody's key", undefined, "a text", signature],
    ["a key that is too short", "00", "a text", signature],
    ["a signature that is too short", KEYS["one"], "a text", signature.subarray(1)],
    ["no signature", KEYS["one"], "a text", new Uint8Array()],
  ])("does not verify with %s", (_, key, text, bytes) => {
    expect(verify(key, text, bytes)).toBe(false);
  });

  it("of another secret does not verify", () => {
    expect(verify(KEYS["one"], "a text", sign("another secret", "one", "a text"))).toBe(false);
  });
});

describe("a digest", () => {
  it("is so many digits of SHA-256", () => {
    expect(digest("abc", 64)).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(digest("abc", 2)).toBe("ba");
  });
});
