/** What replicas answer with, in the variants in which they do the work. */
import { unseal, type Cipher } from "./cipher.ts";

/** A number that a replica states about a request, encrypted. */
export interface Receipt {
  readonly replica: string;
  readonly sealed: Uint8Array;
}

/** What a receipt is sealed under. */
export const receiptLabel = (replica: string, id: string): string => `receipt ${replica} ${id}`;

/** The number that a receipt states; NaN when it is not what its replica has encrypted. */
export function numberIn(cipher: Cipher, id: string, { replica, sealed }: Receipt): number {
  return Number(unseal(cipher, receiptLabel(replica, id), sealed) ?? "none");
}
