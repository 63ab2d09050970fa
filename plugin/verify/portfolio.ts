/** Who decides in the run of a seed. No strategy finds everything, so each gets a share of the seeds. */
import {
  bytesChooser,
  drawBytes,
  pctChooser,
  posChooser,
  randomChooser,
  streamsOf,
  swarmChooser,
  type Chooser,
} from "../../runtime/simulator/index.ts";

export const CHOOSERS = ["random", "swarm", "pct", "pos", "bytes"] as const;
export type ChooserName = (typeof CHOOSERS)[number];

/**
 * One seed after another. The length has no factor in common with the number of ways in which keys are spread (see
 * plannedRun.ts), so that each strategy meets all of them.
 */
const PORTFOLIO: readonly ChooserName[] = ["random", "swarm", "random", "pos", "pct"];

/** How many events have to come in a certain order for what is looked for to show, and about how many a run has. */
const DEPTHS = [1, 2, 3, 4, 6] as const;
const EVENTS = [25, 50, 100, 200, 500] as const;
/** Of a string that nobody has made on purpose. */
const BYTES = 2048;

export function chooserOf(seed: number): ChooserName {
  return PORTFOLIO[seed % PORTFOLIO.length] ?? "random";
}

/** A chooser that decides one run, and the same for the same seed. */
export function createChooser(name: ChooserName, seed: number): Chooser {
  switch (name) {
    case "random":
      return randomChooser(seed);
    case "swarm":
      return swarmChooser(seed);
    case "pct":
      return pctChooser(seed, { depth: drawn(seed, DEPTHS), events: drawn(seed + 1, EVENTS) });
    case "pos":
      return posChooser(seed);
    case "bytes":
      return bytesChooser(drawBytes(streamsOf(seed).strategy, BYTES));
  }
}

function drawn(seed: number, alternatives: readonly number[]): number {
  return alternatives[streamsOf(seed).workload(alternatives.length)] ?? 1;
}
