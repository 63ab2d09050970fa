/** What the store signs and hashes with: Ed25519 and SHA-256, both functions of their arguments alone. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign as signBytes,
  verify as verifyBytes,
  type KeyObject,
} from "node:crypto";
import { pure } from "riven";

/** The public keys of nodes, in hexadecimal, by the nodes' ids. */
export interface PublicKeys {
  readonly [id: string]: string;
}

/** What precedes the 32 bytes of a key in its standard encodings (RFC 8410). */
const PRIVATE_KEY = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC_KEY = Buffer.from("302a300506032b6570032100", "hex");

/** The public keys that go with a secret; for the topology, so that nobody needs the secrets of others. */
export function publicKeys(secret: string, ids: readonly string[]): PublicKeys {
  return Object.fromEntries(ids.map((id) => [id, publicKeyOf(secret, id)]));
}

/** A node's signature of a text: 64 bytes, always the same for the same text. */
export const sign = pure(
  (secret: string, signer: string, text: string): Uint8Array =>
    new Uint8Array(signBytes(null, Buffer.from(text), privateKeyOf(secret, signer))),
);

/** Whether a signature of a text is by the owner of a public key; by nobody when there is no such key. */
export const verify = pure((publicKey: string | undefined, text: string, signature: Uint8Array): boolean => {
  if (publicKey?.length !== 64) return false;
  return verifyBytes(null, Buffer.from(text), publicKeyFrom(publicKey), signature);
});

/** So many hexadecimal digits of the SHA-256 of a value; 64 are all of it. */
export const digest = pure((value: string, digits: number): string =>
  createHash("sha256").update(value).digest("hex").slice(0, digits),
);

/** Making a key takes several times as long as signing with it; each is made once. */
function once<A extends readonly string[]>(make: (...args: A) => KeyObject): (...args: A) => KeyObject {
  const made = new Map<string, KeyObject>();
  return (...args) => {
    const name = JSON.stringify(args);
    const key = made.get(name) ?? make(...args);
    made.set(name, key);
    return key;
  };
}

const privateKeyOf = once((secret: string, id: string) => {
  const seed = createHash("sha256")
    .update(JSON.stringify([secret, id]))
    .digest();
  return createPrivateKey({ key: Buffer.concat([PRIVATE_KEY, seed]), format: "der", type: "pkcs8" });
});

const publicKeyFrom = once((hexadecimal: string) =>
  createPublicKey({ key: Buffer.concat([PUBLIC_KEY, Buffer.from(hexadecimal, "hex")]), format: "der", type: "spki" }),
);

function publicKeyOf(secret: string, id: string): string {
  const encoded = createPublicKey(privateKeyOf(secret, id)).export({ format: "der", type: "spki" });
  return encoded.subarray(PUBLIC_KEY.length).toString("hex");
}
