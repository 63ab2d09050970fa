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

/** The same, at rest also wherever nothing leads on. */
export function endingSystem({ edges, atRest = [] }: LabelledGraph): TransitionSystem {
  const states = [0, ...edges.map(([, , to]) => to)];
  const ends = states.filter((state) => edges.every(([from]) => from !== state));
  return graphSystem({ edges, atRest: [...atRest, ...ends] });
}
