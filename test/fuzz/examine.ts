/** Everything that is asked about one protocol and one plan. */
import { createFinding } from "../../plugin/diagnostics/createFinding.ts";
import type { Finding } from "../../plugin/diagnostics/finding.ts";
import { checkEmitted } from "../../plugin/emit/checkEmitted.ts";
import { EmissionError } from "../../plugin/emit/emissionError.ts";
import { emitComponents } from "../../plugin/emit/emitComponents.ts";
import type { EmittedFile } from "../../plugin/emit/emittedFile.ts";
import { openInMemory } from "../../plugin/frontend/openInMemory.ts";
import { PLAN_FILE, type OpenProject } from "../../plugin/frontend/protocolFolder.ts";
import { readPlans } from "../../plugin/frontend/readPlans.ts";
import { readProtocol } from "../../plugin/frontend/readProtocol.ts";
import { roleDeclarations } from "../../plugin/frontend/syntax/roleDeclarations.ts";
import { validateLanguage } from "../../plugin/frontend/validate/validateLanguage.ts";
import type { Rewrite } from "../../plugin/model/component.ts";
import type { Protocol } from "../../plugin/model/protocol.ts";
import { compileProject, OUTPUT_FOLDER } from "../../plugin/pipeline.ts";
import { applyPlans } from "../../plugin/planner/applyPlans.ts";
import { inferRewrites, type RoleRewrites } from "../../plugin/planner/inferRewrites.ts";
import { verifySystem, type Coverage, type Verification } from "../../plugin/verify/index.ts";
import type { RewrittenSystem, SystemDefinition } from "../../runtime/system.ts";
import { ModulesInMemory } from "./inMemory.ts";
import { printPlan, type FuzzedPlan } from "./plans.ts";
import { printProtocol } from "./printProtocol.ts";
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

/** The compiler, on one protocol: what does not depend on the plan is found out once. */
export class Workbench {
  readonly #open: OpenProject;
  readonly #columns: readonly string[];
  readonly #protocol: Protocol;
  /** What the language and TypeScript have against it. */
  readonly errors: readonly Finding[];

  constructor(tree: ProtocolTree) {
    this.#open = openInMemory({ "protocol.ts": printProtocol(tree)["protocol.ts"], [PLAN_FILE]: "" });
    this.#columns = columnsOf(tree);
    this.#protocol = readProtocol(this.#open);
    this.errors = validateLanguage(this.#open).filter(isError);
  }

  /** What could be rewritten, plan or no plan. */
  explore(): readonly RoleRewrites[] {
    return inferRewrites(this.#protocol);
  }

  /** As the pipeline does, whose result {@link compilePlan} gives. */
  compile(plan: FuzzedPlan, force = false): Compiled {
    const open = this.#open;
    open.plan?.replaceWithText(printPlan(plan, this.#columns));
    const requested = readPlans(open, roleDeclarations(open.sources));
    const { rewrite, findings } = applyPlans(this.#protocol, requested.plans, { force });
    const errors = [...this.errors, ...requested.findings, ...findings].filter(isError);
    if (errors.length > 0 && !force) return { errors, files: [], rules: [] };
    const emitted = emit(open, this.#protocol, rewrite);
    return { errors: [...errors, ...emitted.errors], files: emitted.files, rules: rulesOf(rewrite) };
  }
}

function emit(
  open: OpenProject,
  protocol: Protocol,
  rewrite: Rewrite,
): { readonly files: readonly EmittedFile[]; readonly errors: readonly Finding[] } {
  try {
    const files = emitComponents(protocol, rewrite, { folder: OUTPUT_FOLDER });
    const errors = checkEmitted(open.project, open.root, files).map(({ message, emitted }) =>
      createFinding("RVN430", message, emitted),
    );
    return { files: errors.length > 0 ? [] : files, errors };
  } catch (error) {
    if (!(error instanceof EmissionError)) throw error;
    return { files: [], errors: [createFinding("RVN431", error.message, error.span)] };
  }
}

/** What a user gets: protocol and plan through the whole pipeline. */
export function compilePlan(tree: ProtocolTree, plan: FuzzedPlan): Compiled {
  const result = compileProject(
    openInMemory({
      "protocol.ts": printProtocol(tree)["protocol.ts"],
      [PLAN_FILE]: printPlan(plan, columnsOf(tree)),
    }),
  );
  return { errors: result.findings.filter(isError), files: result.files, rules: rulesOf(result.rewrite) };
}

function rulesOf({ roles }: Rewrite): readonly string[] {
  const components = roles.flatMap((role) => role.components);
  return [...new Set(components.flatMap(({ proofs }) => proofs.map(({ rule }) => rule)))];
}

function isError({ severity }: Finding): boolean {
  return severity === "error";
}

/** What the compiler says is possible with a protocol of other text. */
export function exploreText(text: string): {
  readonly errors: readonly Finding[];
  readonly exploration: readonly RoleRewrites[];
} {
  const result = compileProject(openInMemory({ "protocol.ts": text }), { explore: true, emit: false });
  return { errors: result.findings.filter(isError), exploration: result.exploration };
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

/** Compiles a plan; by the way of the pipeline unless said. */
export type Compile = (tree: ProtocolTree, plan: FuzzedPlan) => Compiled;

/** Compiles a plan, and runs what comes of it. A plan that is refused is no failure. */
export function examinePlan(
  tree: ProtocolTree,
  plan: FuzzedPlan,
  effort: Effort,
  compile: Compile = compilePlan,
): Examined {
  try {
    const compiled = compile(tree, plan);
    const emission = compiled.errors.find(({ code }) => code === "RVN430" || code === "RVN431");
    if (emission !== undefined)
      return { compiled, coverage: [], failure: { kind: "emission", summary: emission.message } };
    if (compiled.errors.length > 0) return { compiled, coverage: [], failure: undefined };
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

/** Whether another build of the same, from the text, gives the same bytes. */
export function isBuiltAgain(tree: ProtocolTree, plan: FuzzedPlan, { files }: Compiled): boolean {
  return isSame(files, compilePlan(tree, plan).files);
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
