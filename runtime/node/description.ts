/**
 * What the runtime keeps, told as plain values, so that states can be compared: two instances whose descriptions are the
 * same do the same from then on. What is told is told in an order that makes no difference, or that does make one.
 */
import { printLogical } from "../routing/address.ts";
import type { Incoming, Outgoing } from "./message.ts";

export type Description = string | number | bigint | boolean | null | undefined | readonly Description[];

/**
 * Activations are counted from when a host was made, and only which of them came first ever matters: gives the place of an
 * activation among those that something still waits for.
 */
export type Rank = (activation: number) => number;

/** All that a message is to whoever handles it. */
export function describeMessage(message: Incoming | Outgoing): string {
  const { handler, from, payload, stamp, round, fragment } = message;
  const parts = "fragmentsOf" in message ? message.fragmentsOf?.map(describeMessage) : undefined;
  return JSON.stringify([
    handler,
    printLogical(from),
    Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString("latin1"),
    stamp === undefined ? 0 : [stamp.channel, stamp.sender, stamp.sequence],
    round ?? 0,
    fragment === undefined
      ? 0
      : [fragment.epoch, fragment.round, fragment.ordinal, fragment.part, fragment.of, fragment.by],
    parts ?? 0,
    "destination" in message ? message.destination.number : -1,
  ]);
}
