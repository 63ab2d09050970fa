import { seal, unseal, type Cipher } from "../../../samples/rset/cipher.ts";

const CIPHER: Cipher = { secret: "a secret", rounds: 1 };

describe("what is sealed", () => {
  const sealed = seal(CIPHER, "request 1", "ein Wörtchen");

  it("can be unsealed, and is the same every time", () => {
    expect(unseal(CIPHER, "request 1", sealed)).toBe("ein Wörtchen");
    expect(seal(CIPHER, "request 1", "ein Wörtchen")).toEqual(sealed);
  });

  it("does not depend on the number of rounds, which is only work", () => {
    const busy = { ...CIPHER, rounds: 3 };
    expect(seal(busy, "request 1", "ein Wörtchen")).toEqual(sealed);
    expect(unseal(busy, "request 1", sealed)).toBe("ein Wörtchen");
  });

  it.each([
    ["under another label", CIPHER, "request 2", sealed],
    ["with another secret", { secret: "another secret", rounds: 1 }, "request 1", sealed],
    ["when a bit is changed", CIPHER, "request 1", sealed.map((byte, i) => (i === 0 ? byte ^ 1 : byte))],
    ["when there is less than a tag", CIPHER, "request 1", sealed.subarray(0, 15)],
  ])("cannot be unsealed %s", (_, cipher, label, bytes) => {
    expect(unseal(cipher, label, bytes)).toBeUndefined();
  });
});
