import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { JumpableRandomGenerator } from "pure-rand/types/JumpableRandomGenerator";
import { CONCERNS, type Chooser } from "./chooser.ts";

/** Chooses uniformly. Each concern draws from a stream of its own, far away from the others on one sequence. */
export function randomChooser(seed: number): Chooser {
  const streams = new Map(CONCERNS.map((concern, index) => [concern, streamOf(seed, index)]));
  return {
    choose(n, concern) {
      const stream = streams.get(concern);
      return n === 1 || stream === undefined ? 0 : uniformInt(stream, 0, n - 1);
    },
  };
}

function streamOf(seed: number, index: number): JumpableRandomGenerator {
  const stream = xoroshiro128plus(seed);
  for (let i = 0; i < index; i++) stream.jump();
  return stream;
}
