/** Everything that is asked about one protocol and one plan. */
import type { Finding } from "../../plugin/diagnostics/finding.ts";
import type { EmittedFile } from "../../plugin/emit/emittedFile.ts";
import { openInMemory } from "../../plugin/frontend/openInMemory.ts";
import { compileProject, type CompileResult } from "../../plugin/pipeline.ts";
import type { RoleRewrites } from "../../plugin/planner/inferRewrites.ts";
import { verifySystem, type Coverage, type Verification } from "../../plugin/verify/index.ts";
import type { RewrittenSystem, SystemDefinition } from "../../runtime/system.ts";
import { ModulesInMemory } from "./inMemory.ts";
import { printPlan, type FuzzedPlan } from "./plans.ts";
import { printProtocol, type ProtocolFiles } from "./printProtocol.ts";
import type { ProtocolTree } from "./protocolTree.ts";

export type FailureKind =
  /** The rules accept a rewrite that some schedule tells from the original: one of the two judges is wrong. */
  | "violation"
  /** The original is not a rewrite of itself: the verifier is wrong. */
  | "not itself"
  /** The compiler, or what verifies, throws. */
  | "exception"
  /** What was proved cannot be written out, or does not type-check. */
  | "emission"
  /** Building twice gives two things. */
  | "two builds"
  /** Acceptance depends on names, on the order of members, or on comments. */
  | "not robust";

export interface Failure {
  readonly kind: FailureKind;
  /** Of a violation: which one. */
  readonly violation?: string;
  readonly summary: string;
}

export interface Compiled {
  readonly errors: readonly Finding[];
  readonly files: readonly EmittedFile[];
  /** The rules that were used. */
  readonly rules: readonly string[];
}

export interface CompileRequest {
  readonly tree: ProtocolTree;
  readonly plan: FuzzedPlan;
  /** Build what is refused all the same. */
  readonly force?: boolean;
}

/** What the compiler says is possible, plan or no plan. */
export function explore(files: ProtocolFiles): {
  readonly errors: readonly Finding[];
  readonly exploration: readonly RoleRewrites[];
} {
  const result = compileProject(openInMemory({ "protocol.ts": files["protocol.ts"] }), { explore: true, emit: false });
  return { errors: errorsOf(result), exploration: result.exploration };
}

export function compilePlan({ tree, plan, force = false }: CompileRequest): Compiled {
  const open = openInMemory({
    "protocol.ts": printProtocol(tree)["protocol.ts"],
    "riven.plan.ts": printPlan(plan, columnsOf(tree)),
  });
  const result = compileProject(open, { forceUnsafe: force });
  const components = result.rewrite.roles.flatMap((role) => role.components);
  const rules = new Set(components.flatMap(({ proofs }) => proofs.map(({ rule }) => rule)));
  return { errors: errorsOf(result), files: result.files, rules: [...rules] };
}

function errorsOf({ findings }: CompileResult): readonly Finding[] {
  return findings.filter(({ severity }) => severity === "error");
}

export interface VerifyRequest {
  readonly tree: ProtocolTree;
  /** Left out: the original is verified as its own rewrite. */
  readonly compiled?: Compiled;
  readonly seeds: number;
  readonly faults: boolean;
  readonly partitions?: number;
}

export function verifyTree({ tree, compiled, seeds, faults, partitions }: VerifyRequest): Verification {
  const modules = new ModulesInMemory([
    ...Object.entries(printProtocol(tree)),
    ...(compiled?.files ?? []).map(({ path, text }) => [path, text] as const),
  ]);
  const system = modules.loadDefault("run.ts") as SystemDefinition;
  const rewritten = compiled === undefined ? undefined : (modules.loadDefault("rewritten/index.ts") as RewrittenSystem);
  return verifySystem({ system, rewritten, seeds, faults, partitions });
}

export interface Effort {
  /** Runs without and with faults. */
  readonly seeds: number;
  readonly faultySeeds: number;
}

export interface Examined {
  readonly compiled: Compiled | undefined;
  /** Of all runs, calm and faulty ones; empty when nothing was run. */
  readonly coverage: readonly Coverage[];
  readonly failure: Failure | undefined;
}

/** Compiles a plan, and runs what comes of it. A plan that is refused is no failure. */
export function examinePlan(tree: ProtocolTree, plan: FuzzedPlan, effort: Effort): Examined {
  try {
    const compiled = compilePlan({ tree, plan });
    const emission = compiled.errors.find(({ code }) => code === "RVN430" || code === "RVN431");
    if (emission !== undefined)
      return { compiled, coverage: [], failure: { kind: "emission", summary: emission.message } };
    if (compiled.errors.length > 0) return { compiled, coverage: [], failure: undefined };
    const again = compilePlan({ tree, plan });
    if (!isSame(compiled.files, again.files)) {
      return { compiled, coverage: [], failure: { kind: "two builds", summary: "Building twice gives two things." } };
    }
    const coverage: Coverage[] = [];
    for (const run of runsOf(plan, tree, effort)) {
      const verification = verifyTree({ tree, compiled, ...run });
      coverage.push(verification.coverage);
      const failure = violationOf(verification, "violation");
      if (failure !== undefined) return { compiled, coverage, failure };
    }
    return { compiled, coverage, failure: undefined };
  } catch (error) {
    return { compiled: undefined, coverage: [], failure: exceptionOf(error) };
  }
}

/** As many partitions as the plan says; where it says any, another number too. */
function runsOf(
  { roles }: FuzzedPlan,
  { simulation }: ProtocolTree,
  { seeds, faultySeeds }: Effort,
): readonly Omit<VerifyRequest, "tree" | "compiled">[] {
  const isSpread = roles.some(({ components }) => components.some(({ into }) => into !== undefined));
  if (simulation.faults) return [{ seeds: faultySeeds, faults: true }];
  return [
    { seeds, faults: false },
    ...(isSpread ? [{ seeds: Math.ceil(seeds / 4), faults: false, partitions: 1 }] : []),
    ...(faultySeeds > 0 ? [{ seeds: faultySeeds, faults: true }] : []),
  ].filter((run) => run.seeds > 0);
}

/** The original, verified against itself. */
export function examineOriginal(tree: ProtocolTree, seeds: number): Failure | undefined {
  try {
    return violationOf(verifyTree({ tree, seeds, faults: tree.simulation.faults }), "not itself");
  } catch (error) {
    return exceptionOf(error);
  }
}

function violationOf({ violations }: Verification, kind: FailureKind): Failure | undefined {
  const [first] = violations;
  if (first === undefined) return undefined;
  return { kind, violation: first.kind, summary: `seed ${first.seed}: ${first.summary}` };
}

export function exceptionOf(error: unknown): Failure {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: "exception", summary: message.split("\n").slice(0, 4).join("\n") };
}

function isSame(a: readonly EmittedFile[], b: readonly EmittedFile[]): boolean {
  return a.length === b.length && a.every(({ path, text }, i) => path === b[i]?.path && text === b[i].text);
}

export function columnsOf({ roles }: ProtocolTree): readonly string[] {
  const all = roles.flatMap(({ handlers }) =>
    handlers.flatMap(({ trigger }) => (trigger.kind === "message" ? trigger.columns.map(({ name }) => name) : [])),
  );
  return [...new Set(all)];
}
