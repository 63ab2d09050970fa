import type { TransitionSystem } from "../../../../runtime/simulator/explorer/transitionSystem.ts";

/** A transition system that is written down: from, event (or nothing), to. The initial state is 0. */
export interface LabelledGraph {
  readonly edges: readonly (readonly [from: number, event: string | undefined, to: number])[];
  readonly atRest?: readonly number[];
}

export function graphSystem({ edges, atRest = [] }: LabelledGraph): TransitionSystem {
  return {
    initial: 0,
    successors: (state) =>
      edges
        .filter(([from]) => from === state)
        .map(([from, event, to]) => ({ to, event, describe: () => `${from} ${event ?? "-"} ${to}` })),
    isAtRest: (state) => atRest.includes(state),
  };
}
