/** Looking on while a run is judged, for reports. Whatever an observer does, the verdict is the same. */
import type { Activation, Step } from "../../runtime/simulator/index.ts";
import type { Difference } from "./compareActivation.ts";
import type { CycleEdge } from "./explainCycle.ts";
import type { Act, ReplayObserver } from "./replayOriginal.ts";
import type { Problem } from "./verdict.ts";

export interface JudgeObserver {
  /** No order exists: each of these would have to come before the next, and the last before the first. */
  onCycle(problem: Problem, edges: readonly CycleEdge[]): void;
  /** The original is about to do this, in this order. */
  onReplay(acts: readonly Act[]): void;
  /** What the original did for the activation that came next. */
  onStep(activation: Activation, step: Step): void;
  /** In what the last step was different. */
  onDifference(difference: Difference): void;
  /** The original has done everything, and has come to rest. */
  onEnd(): void;
  /** The replay is over, whether it came to its end or not, and what is wrong with the run as far as it shows. */
  onReplayed(problem: Problem | undefined): void;
}

/** The same replay, looked at. */
export function watched(replay: ReplayObserver, observer: JudgeObserver | undefined): ReplayObserver {
  if (observer === undefined) return replay;
  return {
    ...replay,
    onActivation(activation, step) {
      observer.onStep(activation, step);
      return replay.onActivation(activation, step);
    },
    onParked(activation, step) {
      observer.onStep(activation, step);
      return replay.onParked(activation, step);
    },
    onEnd(rest) {
      observer.onEnd();
      replay.onEnd(rest);
    },
  };
}
