/** Authenticated encryption with AES-256-GCM, as much of it as a benchmark asks for. */
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { pure } from "riven";

export interface Cipher {
  /** What all who may read and write share. */
  readonly secret: string;
  /** How often every encryption and every decryption is done: the cost of a message. At least once. */
  readonly rounds: number;
}

const ALGORITHM = "aes-256-gcm";
const TAG_BYTES = 16;

/**
 * Encrypts a text: as many bytes as it has, and a tag of 16.
 *
 * @param label what the text is, such as `request 7`: no two texts may have the same one
 */
export const seal = pure((cipher: Cipher, label: string, text: string): Uint8Array =>
  repeat(cipher, () => {
    const encryption = createCipheriv(ALGORITHM, keyOf(cipher), nonceOf(label));
    const encrypted = encryption.update(text, "utf8");
    return new Uint8Array(Buffer.concat([encrypted, encryption.final(), encryption.getAuthTag()]));
  }),
);

/** The text that was sealed under a label, or undefined when these bytes are not what `seal` made of one. */
export const unseal = pure((cipher: Cipher, label: string, sealed: Uint8Array): string | undefined =>
  sealed.byteLength < TAG_BYTES ? undefined : repeat(cipher, () => decrypt(cipher, label, sealed)),
);

function decrypt(cipher: Cipher, label: string, sealed: Uint8Array): string | undefined {
  const decryption = createDecipheriv(ALGORITHM, keyOf(cipher), nonceOf(label));
  decryption.setAuthTag(sealed.subarray(-TAG_BYTES));
  const text = decryption.update(sealed.subarray(0, -TAG_BYTES), undefined, "utf8");
  try {
    return text + decryption.final("utf8");
  } catch {
    return undefined; // forged, or of another label
  }
}

function repeat<T>({ rounds }: Cipher, work: () => T): T {
  let result = work();
  for (let round = 1; round < rounds; round++) result = work();
  return result;
}

function keyOf({ secret }: Cipher): Uint8Array {
  return createHash("sha256").update(secret).digest();
}

function nonceOf(label: string): Uint8Array {
  return createHash("sha256").update(label).digest().subarray(0, 12);
}
