/**
 * The compiler, as a straight line. Each pass is a plain function from plain data to plain data, in a file of its own
 * name; each can be looked at with `riven explain --after <pass>`. Nothing here throws for what a user wrote.
 */
import { inferFootprints } from "./analysis/inferFootprints.ts";
import { inferKeysOfRoles } from "./analysis/keys/inferKeys.ts";
import { inferMessageFlow } from "./analysis/inferMessageFlow.ts";
import { inferRewrites, type RoleRewrites } from "./planner/inferRewrites.ts";
import { createFinding } from "./diagnostics/createFinding.ts";
import type { Finding } from "./diagnostics/finding.ts";
import { checkEmitted } from "./emit/checkEmitted.ts";
import { EmissionError } from "./emit/emissionError.ts";
import { emitComponents } from "./emit/emitComponents.ts";
import type { EmittedFile } from "./emit/emittedFile.ts";
import { openProject, type OpenProject } from "./frontend/openProject.ts";
import { readPlans } from "./frontend/readPlans.ts";
import { readProtocol } from "./frontend/readProtocol.ts";
import { relativePath } from "./frontend/syntax/relativePath.ts";
import { roleDeclarations } from "./frontend/syntax/roleDeclarations.ts";
import { validateLanguage } from "./frontend/validate/validateLanguage.ts";
import { offerFixes } from "./fixes/offerFixes.ts";
import type { Rewrite } from "./model/component.ts";
import type { Protocol } from "./model/protocol.ts";
import { contains } from "./model/span.ts";
import type { RequestedPlan } from "./model/requestedPlan.ts";
import { applyPlans } from "./planner/applyPlans.ts";

/** The passes, in order. */
export const PASSES = [
  "openProject",
  "readProtocol",
  "validateLanguage",
  "readPlans",
  "inferFootprints",
  "inferKeys",
  "inferMessageFlow",
  "inferRewrites",
  "applyPlans",
  "emitComponents",
  "checkEmitted",
] as const;

export type Pass = (typeof PASSES)[number];

/** Is told what each pass made, and how long it took, in milliseconds. */
export type Trace = (pass: Pass, made: unknown, milliseconds: number) => void;

export interface CompileOptions {
  readonly trace?: Trace;
  /** Emit the components and have TypeScript check them. Left out: true. */
  readonly emit?: boolean;
  /** Find out what could be rewritten, plan or no plan. Left out: only when the passes are traced. */
  readonly explore?: boolean;
  /**
   * Look for changes that mend what is found, and attach those that do: each that is tried is compiled. Left out: only the
   * fixes that need no trying are there. Syntax trees of the opened project are rebuilt.
   */
  readonly fixes?: boolean;
  /**
   * For tests of the verifier only: build what the plan asks for in spite of refusals. No command offers this.
   */
  readonly forceUnsafe?: boolean;
}

export interface CompileResult {
  /** Absolute path of the project's root, which the files of findings are relative to. */
  readonly root: string;
  /** Absolute path of the protocol's folder. */
  readonly folder: string;
  readonly protocol: Protocol;
  readonly plans: readonly RequestedPlan[];
  readonly rewrite: Rewrite;
  /** What could be rewritten, plan or no plan, and what could not and why; empty when nobody asked. */
  readonly exploration: readonly RoleRewrites[];
  readonly findings: readonly Finding[];
  /** What `riven build` would write; empty when a finding is an error. */
  readonly files: readonly EmittedFile[];
}

/** Where the components of a protocol are written, beside it. */
export const OUTPUT_FOLDER = "rewritten";

/** Compiles the protocol in a folder. */
export function compile(folder: string, options: CompileOptions = {}): CompileResult {
  const timed = timer(options.trace);
  const opened = timed("openProject", () => openProject(folder));
  if (opened.findings !== undefined) return nothing(folder, opened.findings);
  return compileProject(opened.project, options);
}

/** Compiles a protocol that is open already. */
export function compileProject(open: OpenProject, options: CompileOptions = {}): CompileResult {
  const result = runPasses(open, options);
  if (options.fixes !== true || result.findings.length === 0) return result;
  const again = (edited: OpenProject): readonly Finding[] => compileProject(edited).findings;
  return { ...result, findings: offerFixes(open, result.findings, result, again) };
}

function runPasses(open: OpenProject, options: CompileOptions): CompileResult {
  const timed = timer(options.trace);
  const protocol = timed("readProtocol", () => readProtocol(open));
  const language = timed("validateLanguage", () => validateLanguage(open));
  const requested = timed("readPlans", () => readPlans(open, roleDeclarations(open.sources)));
  if (options.trace !== undefined) {
    // The rules ask for these as they need them; here they are only made to be looked at.
    timed("inferFootprints", () => inferFootprints(protocol));
    timed("inferKeys", () => inferKeysOfRoles(protocol));
    timed("inferMessageFlow", () => inferMessageFlow(protocol));
  }
  const explore = options.explore ?? options.trace !== undefined;
  const exploration = explore ? timed("inferRewrites", () => inferRewrites(protocol)) : [];
  const applied = timed("applyPlans", () =>
    applyPlans(protocol, requested.plans, { force: options.forceUnsafe === true }),
  );
  const findings = [
    ...language,
    ...requested.findings,
    ...applied.findings.filter((one) => !isSaidAlready(one, language)),
  ];
  const result = {
    root: open.root,
    folder: open.folder,
    protocol,
    plans: requested.plans,
    rewrite: applied.rewrite,
    exploration,
  };
  const refused = findings.some((finding) => finding.severity === "error") && options.forceUnsafe !== true;
  if (refused || options.emit === false || requested.plans.length === 0) return { ...result, findings, files: [] };
  const emitted = emit(open, protocol, applied.rewrite, timed);
  return { ...result, findings: [...findings, ...emitted.findings], files: emitted.files };
}

/** What the language forbids is not followed either; saying so once, with the better reason, is enough. */
function isSaidAlready({ code, span }: Finding, language: readonly Finding[]): boolean {
  const isNotFollowed = code === "RVN212" || code === "RVN315";
  return (
    isNotFollowed &&
    language.some((one) => one.severity === "error" && (contains(span, one.span) || contains(one.span, span)))
  );
}

type Timed = <T>(pass: Pass, run: () => T) => T;

function emit(
  open: OpenProject,
  protocol: Protocol,
  rewrite: Rewrite,
  timed: Timed,
): { readonly files: readonly EmittedFile[]; readonly findings: readonly Finding[] } {
  const folder = relativePath(open.root, `${open.folder}/${OUTPUT_FOLDER}`);
  try {
    const files = timed("emitComponents", () => emitComponents(protocol, rewrite, { folder }));
    const errors = timed("checkEmitted", () => checkEmitted(open.project, open.root, files));
    if (errors.length === 0) return { files, findings: [] };
    const findings = errors.map((error) =>
      createFinding(
        "RVN430",
        `The component in ${error.emitted.file} would not type-check: ${error.message} (TS${String(error.code)})`,
        error.original ?? error.emitted,
      ),
    );
    return { files: [], findings };
  } catch (error) {
    if (!(error instanceof EmissionError)) throw error;
    return { files: [], findings: [createFinding("RVN431", error.message, error.span)] };
  }
}

function timer(trace: Trace | undefined): Timed {
  return (pass, run) => {
    if (trace === undefined) return run();
    const start = performance.now();
    const made = run();
    trace(pass, made, performance.now() - start);
    return made;
  };
}

function nothing(folder: string, findings: readonly Finding[]): CompileResult {
  return {
    root: folder,
    folder,
    protocol: { roles: [], modules: [] },
    plans: [],
    rewrite: { roles: [] },
    exploration: [],
    findings,
    files: [],
  };
}
