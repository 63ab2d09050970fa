/** One protocol after another, each with some of the plans that the compiler says are legal, until the time is up. */
import {
  examineOriginal,
  examinePlan,
  exceptionOf,
  explore,
  compilePlan,
  verifyTree,
  type Effort,
  type Failure,
} from "./examine.ts";
import { Dice } from "./generate/dice.ts";
import { generateProtocol } from "./generate/generateProtocol.ts";
import { findDependences, findLostInHelpers } from "./metamorphic.ts";
import { optionsOf, samplePlans, sampleRefused, type FuzzedPlan, type Options } from "./plans.ts";
import { printProtocol } from "./printProtocol.ts";
import type { ProtocolTree } from "./protocolTree.ts";
import { shrink, type Failing } from "./shrink/shrink.ts";
import { Tally } from "./tally.ts";

export interface CampaignOptions {
  readonly firstSeed: number;
  /** Whether to go on with another protocol, or another attempt to make one smaller. */
  readonly mayGoOn: () => boolean;
  readonly plans: number;
  readonly effort: Effort;
  /** Every how many protocols those checks are made that compile a protocol again and again. */
  readonly metamorphicEvery: number;
  /** How many refused rewrites of each protocol are forced. */
  readonly forced: number;
  readonly shrinkMilliseconds: number;
  /** For tests of the fuzzer: what is built instead of what the rules accept. */
  readonly planted?: (tree: ProtocolTree, plan: FuzzedPlan, effort: Effort) => ReturnType<typeof examinePlan>;
  readonly onProtocol?: (tally: Tally, seed: number) => void;
}

export interface FoundFailure extends Failure {
  readonly seed: number;
  /** Made smaller, where there is a plan to blame. */
  readonly failing: Failing | undefined;
}

export interface Campaign {
  readonly tally: Tally;
  readonly failures: readonly FoundFailure[];
}

export function runCampaign(options: CampaignOptions): Campaign {
  const tally = new Tally();
  const failures: FoundFailure[] = [];
  for (let seed = options.firstSeed; options.mayGoOn(); seed++) {
    failures.push(...examineSeed(seed, options, tally));
    options.onProtocol?.(tally, seed);
  }
  return { tally, failures };
}

function examineSeed(seed: number, options: CampaignOptions, tally: Tally): readonly FoundFailure[] {
  const tree = generateProtocol(seed);
  const alone = (failure: Failure): FoundFailure => ({ ...failure, seed, failing: undefined });
  try {
    const { errors, exploration } = explore(printProtocol(tree));
    tally.protocol(errors.map(({ code, message }) => `${code} ${message}`));
    if (errors.length > 0) return [];
    const itself = examineOriginal(tree, Math.ceil(options.effort.seeds / 4));
    if (itself !== undefined) return [alone(itself)];
    const possible = optionsOf(exploration);
    tally.options(possible.legal.length, possible.refused.length);
    const dice = new Dice(seed);
    const robust =
      seed % options.metamorphicEvery === 0
        ? findDependences(tree, exploration).map((summary) => alone({ kind: "not robust", summary }))
        : [];
    if (seed % options.metamorphicEvery === 0)
      tally.varied(findLostInHelpers(tree, exploration).map((one) => `seed ${seed}: ${one}`));
    const wrong = samplePlans(possible, dice, options.plans).flatMap((plan) =>
      tryPlan(seed, tree, plan, options, tally),
    );
    forceRefused(tree, possible, dice, options, tally, seed);
    return [...robust, ...wrong.slice(0, 1)];
  } catch (error) {
    return [alone(exceptionOf(error))];
  }
}

function tryPlan(
  seed: number,
  tree: ProtocolTree,
  plan: FuzzedPlan,
  options: CampaignOptions,
  tally: Tally,
): readonly FoundFailure[] {
  const examine = options.planted ?? examinePlan;
  const { compiled, coverage, failure } = examine(tree, plan, options.effort);
  tally.plan(plan, compiled, coverage);
  if (failure === undefined) return [];
  const calm = failure.kind === "violation" && !reproduces({ tree, plan }, failure, options, false);
  const faulty: ProtocolTree = { ...tree, simulation: { ...tree.simulation, faults: calm } };
  const start: Failing = { tree: faulty, plan };
  const deadline = performance.now() + options.shrinkMilliseconds;
  const failing = shrink(
    start,
    (smaller) => reproduces(smaller, failure, options, calm),
    () => performance.now() < deadline,
  );
  return [{ ...failure, seed, failing }];
}

/** Whether something fails in the same way, while nothing is wrong with what it is made of. */
function reproduces(
  { tree, plan }: Failing,
  { kind, violation }: Failure,
  { effort, planted }: CampaignOptions,
  faults: boolean,
): boolean {
  const runs = { seeds: faults ? 0 : effort.seeds * 2, faultySeeds: faults ? effort.faultySeeds * 4 : 0 };
  const { failure } = (planted ?? examinePlan)(tree, plan, runs);
  if (failure?.kind !== kind || failure.violation !== violation) return false;
  return kind !== "violation" || examineOriginal(tree, 5) === undefined;
}

/** What the compiler refuses is built all the same: does a schedule show why it is refused? */
function forceRefused(
  tree: ProtocolTree,
  possible: Options,
  dice: Dice,
  { forced, effort }: CampaignOptions,
  tally: Tally,
  seed: number,
): void {
  for (const plan of sampleRefused(possible, dice, forced)) {
    const compiled = compilePlan({ tree, plan, force: true });
    const codes = [...new Set(compiled.errors.map(({ code }) => code))];
    const [first] = compiled.errors;
    if (compiled.files.length === 0 || first === undefined) continue;
    const { verdict } = verifyTree({ tree, compiled, seeds: effort.seeds * 3, faults: false });
    if (verdict !== "nothing exercised")
      tally.forced(codes, verdict === "counterexample", `seed ${seed}: ${first.message}`);
  }
}
