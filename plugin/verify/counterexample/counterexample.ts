/** A violation that was found, as the smallest run that shows it. */
import type { Activation, SimulatedRun } from "../../../runtime/simulator/index.ts";
import type { Problem, Violation } from "../verdict.ts";
import type { VerifyOptions } from "../verifySystem.ts";
import type { Diagram } from "./diagram/diagram.ts";
import { drawRun } from "./diagram/drawRun.ts";
import { EvidenceCollector } from "./evidence.ts";
import { Reruns, type RecordedRun, type RunSetup, type Verified } from "./recordedRun.ts";
import { shrinkRun, stepsOf, type ShrinkProgress } from "./shrinkRun.ts";

export interface Counterexample extends RecordedRun {
  readonly problem: Problem;
}

export interface Shrunk {
  readonly counterexample: Counterexample;
  readonly effort: ShrinkEffort;
}

export interface ShrinkEffort {
  /** How many runs were tried. */
  readonly tried: number;
  /** What external nodes did and saw, and what nodes handled, in the run that was found and in the shrunk one. */
  readonly stepsBefore: number;
  readonly stepsAfter: number;
}

export interface ShrinkViolationOptions extends VerifyOptions {
  /** How many runs may be tried. With 0 the run stays as it was found. */
  readonly budget: number;
  readonly onShrink?: ((progress: ShrinkProgress) => void) | undefined;
}

/**
 * @param options Those that the violation was found with.
 * @throws Error when the run of the seed is not violated.
 */
export function shrinkViolation(options: ShrinkViolationOptions, { seed }: Pick<Violation, "seed">): Shrunk {
  const reruns = new Reruns(options);
  const failing = reruns.judge(reruns.setupOf(options, seed));
  if (failing.problem === undefined) throw new Error(`Nothing is wrong with the run of seed ${String(seed)}.`);
  const { smallest, tried } = shrinkRun(reruns, failing, { budget: options.budget, onProgress: options.onShrink });
  const { setup, choices, problem, run } = smallest;
  return {
    counterexample: { setup, choices, problem: problem ?? failing.problem },
    effort: { tried, stepsBefore: stepsOf(failing.run), stepsAfter: stepsOf(run) },
  };
}

/** A counterexample that has been run again. */
export interface Shown {
  readonly problem: Problem;
  /** What the run consisted of; undefined when it was cut short, by code that asked the host for time or chance. */
  readonly run: SimulatedRun | undefined;
  readonly diagram: Diagram | undefined;
  /** The activations that the explanation speaks of, by their numbers in the diagram. */
  readonly involved: ReadonlyMap<number, Activation>;
}

/**
 * Runs a counterexample again; undefined when nothing is wrong with that run any more.
 *
 * @throws Error when its setup does not fit the system.
 */
export function showAgain(verified: Verified, { setup, choices }: RecordedRun): Shown | undefined {
  const reruns = new Reruns(verified);
  const observer = new EvidenceCollector();
  const { problem, run } = reruns.judge(setup, choices, { observer });
  if (problem === undefined) return undefined;
  if (run === undefined) return { problem, run, diagram: undefined, involved: new Map() };
  const { diagram, involved } = drawRun({
    title: `${verified.system.name}: ${problem.kind}`,
    run,
    original: reruns.original(setup),
    problem,
    evidence: observer.evidenceOf(problem),
  });
  return { problem, run, diagram, involved };
}

export interface ReplayOptions extends Pick<VerifyOptions, "system" | "rewritten">, RunSetup {
  /** For each concern, in order; see {@link RecordedRun}. */
  readonly choices: RecordedRun["choices"];
}

export type ReplayVerdict =
  | { readonly verdict: "refines" }
  /** The run did not come to rest, so nothing is known of it. */
  | { readonly verdict: "bound reached" }
  | ({ readonly verdict: "counterexample" } & Pick<Problem, "kind" | "summary" | "trace">);

/**
 * Repeats one run and judges it, as the tests that `riven verify --save-test` writes do.
 *
 * @throws Error when the setup does not fit the system.
 */
export function replay({ system, rewritten, choices, ...setup }: ReplayOptions): ReplayVerdict {
  const { problem, run } = new Reruns({ system, rewritten }).judge(setup, choices);
  if (problem === undefined) return { verdict: run?.isAtRest === false ? "bound reached" : "refines" };
  const { kind, summary, trace } = problem;
  return { verdict: "counterexample", kind, summary, trace };
}
