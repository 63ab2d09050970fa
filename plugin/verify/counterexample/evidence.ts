/** What a judge has looked at before it said what is wrong with a run. */
import type { Activation, Step } from "../../../runtime/simulator/index.ts";
import type { Difference } from "../compareActivation.ts";
import type { CycleEdge } from "../explainCycle.ts";
import type { JudgeObserver } from "../judgeObserver.ts";
import type { Act } from "../replayOriginal.ts";
import type { Problem } from "../verdict.ts";

/** The original, as far as it was run. */
export interface ReplayEvidence {
  readonly kind: "replay";
  readonly acts: readonly Act[];
  /** What the original did, for each activation that it came to. */
  readonly steps: ReadonlyMap<Activation, Step>;
  /** Of the last of these, when that is where it stopped. */
  readonly difference: Difference | undefined;
  /** Whether everything was done; then what is wrong shows in the end only. */
  readonly ended: boolean;
}

export interface CycleEvidence {
  readonly kind: "cycle";
  readonly edges: readonly CycleEdge[];
}

export type Evidence = ReplayEvidence | CycleEvidence;

/** Keeps everything that the judge tries, since only in the end is it known what counted. */
export class EvidenceCollector implements JudgeObserver {
  readonly #found: { readonly problem: Problem | undefined; readonly evidence: Evidence }[] = [];
  #acts: readonly Act[] = [];
  #steps = new Map<Activation, Step>();
  #difference: Difference | undefined;
  #ended = false;

  onCycle(problem: Problem, edges: readonly CycleEdge[]): void {
    this.#found.push({ problem, evidence: { kind: "cycle", edges } });
  }

  onReplay(acts: readonly Act[]): void {
    this.#acts = acts;
    this.#steps = new Map();
    this.#difference = undefined;
    this.#ended = false;
  }

  onStep(activation: Activation, step: Step): void {
    this.#steps.set(activation, step);
  }

  onDifference(difference: Difference): void {
    this.#difference = difference;
  }

  onEnd(): void {
    this.#ended = true;
  }

  onReplayed(problem: Problem | undefined): void {
    const [acts, steps, difference] = [this.#acts, this.#steps, this.#difference];
    const ended = this.#ended;
    this.#found.push({ problem, evidence: { kind: "replay", acts, steps, difference, ended } });
  }

  /** What shows a problem; undefined when it was found before any order was looked for. */
  evidenceOf(problem: Problem | undefined): Evidence | undefined {
    const same = this.#found.find((one) => one.problem?.summary === problem?.summary);
    return (same ?? this.#found[0])?.evidence;
  }
}
