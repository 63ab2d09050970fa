/** One protocol after another, each with some of the plans that the compiler says are legal, until the time is up. */
import {
  examineOriginal,
  examinePlan,
  exceptionOf,
  isBuiltAgain,
  verifyTree,
  Workbench,
  type Compile,
  type Effort,
  type Failure,
} from "./examine.ts";
import { Dice } from "./generate/dice.ts";
import { generateProtocol } from "./generate/generateProtocol.ts";
import { findDependences, findLostInHelpers } from "./metamorphic.ts";
import { optionsOf, samplePlans, sampleRefused, type FuzzedPlan } from "./plans.ts";
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
  /** For tests of the fuzzer: a compiler with a mistake. */
  readonly planted?: Compile;
  /** Called after each protocol; whether it has shown a failure. */
  readonly onProtocol?: (tally: Tally, seed: number, failed: boolean) => void;
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
    const found = examineSeed(seed, options, tally);
    failures.push(...found);
    options.onProtocol?.(tally, seed, found.length > 0);
  }
  return { tally, failures };
}

function examineSeed(seed: number, options: CampaignOptions, tally: Tally): readonly FoundFailure[] {
  const tree = generateProtocol(seed);
  const alone = (failure: Failure): FoundFailure => ({ ...failure, seed, failing: undefined });
  try {
    const bench = new Workbench(tree);
    tally.protocol(bench.errors.map(({ code, message }) => `seed ${seed}: ${code} ${message}`));
    if (bench.errors.length > 0) return [];
    const itself = examineOriginal(tree, Math.ceil(options.effort.seeds / 4));
    if (itself !== undefined) return [alone(itself)];
    const exploration = bench.explore();
    const possible = optionsOf(exploration);
    tally.options(possible.legal.length, possible.refused.length);
    const dice = new Dice(seed);
    const isVaried = seed % options.metamorphicEvery === 0;
    const plans = samplePlans(possible, dice, options.plans);
    const tried = plans.map((plan, i) => tryPlan({ tree, plan }, bench, options, tally, isVaried && i === 0));
    forceRefused(tree, bench, sampleRefused(possible, dice, options.forced), options, tally, seed);
    const dependences = isVaried ? findDependences(tree, exploration) : [];
    if (isVaried) tally.varied(findLostInHelpers(tree, exploration).map((one) => `seed ${seed}: ${one}`));
    // What comes last opens so many protocols that the workbench is forgotten.
    const [wrong] = tried.flatMap((failed) => failed ?? []);
    return [
      ...dependences.map((summary) => alone({ kind: "not robust", summary })),
      ...(wrong === undefined ? [] : [{ ...wrong.failure, seed, failing: makeSmaller(wrong, options) }]),
    ];
  } catch (error) {
    return [alone(exceptionOf(error))];
  }
}

interface Failed {
  readonly start: Failing;
  readonly failure: Failure;
}

function tryPlan(
  start: Failing,
  bench: Workbench,
  { planted, effort }: CampaignOptions,
  tally: Tally,
  isBuiltTwice: boolean,
): Failed | undefined {
  const { tree, plan } = start;
  const compile: Compile = planted ?? ((_tree, asked) => bench.compile(asked));
  const { compiled, coverage, failure } = examinePlan(tree, plan, effort, compile);
  tally.plan(plan, compiled, coverage);
  if (failure !== undefined) return { start, failure };
  if (!isBuiltTwice || compiled === undefined || isBuiltAgain(tree, plan, compiled)) return undefined;
  return { start, failure: { kind: "two builds", summary: "Building twice gives two things." } };
}

function makeSmaller({ start, failure }: Failed, options: CampaignOptions): Failing {
  if (failure.kind === "two builds") return start;
  const needsFaults = failure.kind === "violation" && !failsAgain(start, failure, options);
  const simulation = { ...start.tree.simulation, faults: needsFaults };
  const deadline = performance.now() + options.shrinkMilliseconds;
  return shrink(
    { ...start, tree: { ...start.tree, simulation } },
    (smaller) => failsAgain(smaller, failure, options),
    () => performance.now() < deadline,
  );
}

/** Whether something fails in the same way, while nothing is wrong with what it is made of. */
function failsAgain(
  { tree, plan }: Failing,
  { kind, violation }: Failure,
  { effort, planted }: CampaignOptions,
): boolean {
  const isFaulty = tree.simulation.faults;
  const runs = { seeds: isFaulty ? 0 : effort.seeds * 2, faultySeeds: isFaulty ? effort.faultySeeds * 4 : 0 };
  const { failure } = examinePlan(tree, plan, runs, planted);
  if (failure?.kind !== kind || failure.violation !== violation) return false;
  return kind !== "violation" || examineOriginal(tree, 5) === undefined;
}

/** What the compiler refuses is built all the same: does a schedule show why it is refused? */
function forceRefused(
  tree: ProtocolTree,
  bench: Workbench,
  plans: readonly FuzzedPlan[],
  { effort }: CampaignOptions,
  tally: Tally,
  seed: number,
): void {
  for (const plan of plans) {
    const compiled = bench.compile(plan, true);
    const codes = [...new Set(compiled.errors.map(({ code }) => code))];
    const [first] = compiled.errors;
    if (compiled.files.length === 0 || first === undefined) continue;
    const { verdict } = verifyTree({ tree, compiled, seeds: effort.seeds * 3, faults: false });
    const example = `seed ${seed}, ${JSON.stringify(plan.roles)}: ${first.message}`;
    if (verdict !== "nothing exercised") tally.forced(codes, verdict === "counterexample", example);
  }
}
