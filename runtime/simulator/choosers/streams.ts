/** Chance, from a seed. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { JumpableRandomGenerator } from "pure-rand/types/JumpableRandomGenerator";
import { CONCERNS, type Concern } from "../chooser.ts";

/** A number from 0 to `n - 1`, each as likely as the others. Where there is one only, nothing is drawn. */
export type Draw = (n: number) => number;

/**
 * A stream for each concern, and one for what a strategy draws for itself; each far away from the others on one
 * sequence, so that another draw from one does not shift the others.
 */
export type Streams = { readonly [Name in Concern | "strategy"]: Draw };

export function streamsOf(seed: number): Streams {
  const [schedule, network, workload, faults, strategy] = [...CONCERNS, "strategy"].map((_, index) =>
    drawFrom(streamOf(seed, index)),
  ) as [Draw, Draw, Draw, Draw, Draw];
  return { schedule, network, workload, faults, strategy };
}

function drawFrom(stream: JumpableRandomGenerator): Draw {
  return (n) => (n === 1 ? 0 : uniformInt(stream, 0, n - 1));
}

function streamOf(seed: number, index: number): JumpableRandomGenerator {
  const stream = xoroshiro128plus(scatter(seed));
  for (let i = 0; i < index; i++) stream.jump();
  return stream;
}

/**
 * What the generator draws first is linear in what it is given, and seeds are mostly small: given these as they are it would
 * begin with a few of all beginnings, and always with the same for every fourth or eighth seed, which is what the choosers and
 * the ways of spreading keys go by. So the bits are mixed before, as MurmurHash3 does at its end (Appleby, public domain),
 * and no two seeds become one.
 */
function scatter(seed: number): number {
  let bits = seed | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** One of several; there is at least one. */
export function pick<T>(draw: Draw, alternatives: readonly T[]): T {
  const picked = alternatives[draw(alternatives.length)];
  if (picked === undefined) throw new Error("There is nothing to pick from.");
  return picked;
}
