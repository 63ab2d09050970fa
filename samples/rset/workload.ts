/** What clients of a replicated set do, and what a message costs its leader. */
import type { Cipher } from "./cipher.ts";

const secret = "what the clients and the leader of this sample share";

/** Leaders work; RSET_ROUNDS sets how much. */
export const SERVER_CIPHER: Cipher = { secret, rounds: Number(process.env["RSET_ROUNDS"] ?? 20) };
/** Clients encrypt once: they are not what is measured. */
export const CLIENT_CIPHER: Cipher = { secret, rounds: 1 };

/** The element that a request inserts. */
export function elementOf(id: string): string {
  return `element of ${id}`;
}

/** Whether a client's n-th operation looks for an element, rather than inserting one. */
export function looksFor(n: number): boolean {
  return n % 8 === 3;
}
