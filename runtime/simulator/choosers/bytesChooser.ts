/** Choices read from a string of bytes, for fuzzers: each string is a run, and similar strings are similar runs. */
import type { Chooser, Concern } from "../chooser.ts";

/**
 * Whose each byte is, by its place in the string, over and over: concerns read bytes of their own, so that a byte more or
 * less for one does not shift the others.
 */
const READERS: readonly Concern[] = [
  "schedule",
  "faults",
  "schedule",
  "network",
  "schedule",
  "faults",
  "schedule",
  "workload",
];

/** Where a concern's bytes have ended its first alternative is chosen. A choice among more than 256 takes two bytes. */
export function bytesChooser(bytes: Uint8Array): Chooser {
  const next: Record<Concern, number> = { schedule: -1, network: -1, workload: -1, faults: -1 };
  const read = (concern: Concern): number => {
    do next[concern]++;
    while (next[concern] < bytes.length && READERS[next[concern] % READERS.length] !== concern);
    return bytes[next[concern]] ?? 0;
  };
  return {
    choose(n, concern) {
      if (n === 1) return 0;
      return (n <= 256 ? read(concern) : read(concern) * 256 + read(concern)) % n;
    },
  };
}

/** A string of bytes of this length. */
export function drawBytes(draw: (n: number) => number, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => draw(256));
}
