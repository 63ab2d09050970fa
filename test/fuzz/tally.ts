/** What a campaign has tried, so that one sees that it was worth something. */
import type { Coverage } from "../../plugin/verify/index.ts";
import type { Compiled } from "./examine.ts";
import type { FuzzedPlan } from "./plans.ts";

interface Forced {
  caught: number;
  quiet: number;
  /** Of those that no schedule shows anything against. */
  readonly examples: string[];
}

const EXAMPLES = 3;

export class Tally {
  protocols = 0;
  /** Protocols that the language or TypeScript forbids: mistakes of the generator. */
  readonly invalid: string[] = [];
  withLegalRewrite = 0;
  legalOptions = 0;
  refusedOptions = 0;
  accepted = 0;
  readonly refusedPlans = new Map<string, number>();
  readonly acceptedByRule = new Map<string, number>();
  /** Plans that take several legal things at once, and how many of these were accepted. */
  compositions = 0;
  acceptedCompositions = 0;
  runs = 0;
  idleRuns = 0;
  conflicts = 0;
  issued = 0;
  completed = 0;
  faults = 0;
  partialRounds = 0;
  forwards = 0;
  variedProtocols = 0;
  readonly lostInHelpers: string[] = [];
  readonly forcedByCode = new Map<string, Forced>();

  protocol(errors: readonly string[]): void {
    this.protocols++;
    if (errors.length > 0) this.invalid.push(errors.join("; "));
  }

  options(legal: number, refused: number): void {
    if (legal > 0) this.withLegalRewrite++;
    this.legalOptions += legal;
    this.refusedOptions += refused;
  }

  plan({ roles }: FuzzedPlan, compiled: Compiled | undefined, coverage: readonly Coverage[]): void {
    const isComposed = roles.flatMap(({ components }) => components).length > 1;
    if (isComposed) this.compositions++;
    if (compiled !== undefined && compiled.errors.length > 0) {
      for (const code of new Set(compiled.errors.map((error) => error.code))) add(this.refusedPlans, code);
      return;
    }
    this.accepted++;
    if (isComposed) this.acceptedCompositions++;
    for (const rule of compiled?.rules ?? []) add(this.acceptedByRule, rule);
    for (const one of coverage) {
      this.runs += one.runs;
      this.idleRuns += one.idleRuns;
      this.conflicts += one.conflictingActivations;
      this.issued += one.issuedOperations;
      this.completed += one.completedOperations;
      this.faults += one.crashes + one.losses;
      this.partialRounds += one.coordination.begun;
      this.forwards += one.forwards;
    }
  }

  varied(lost: readonly string[]): void {
    this.variedProtocols++;
    this.lostInHelpers.push(...lost);
  }

  forced(codes: readonly string[], isCaught: boolean, example: string): void {
    for (const code of codes) {
      const forced = this.forcedByCode.get(code) ?? { caught: 0, quiet: 0, examples: [] };
      this.forcedByCode.set(code, forced);
      if (isCaught) forced.caught++;
      else forced.quiet++;
      if (!isCaught && forced.examples.length < EXAMPLES) forced.examples.push(example);
    }
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
