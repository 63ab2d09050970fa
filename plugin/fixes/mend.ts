/** Applies fixes, one after the other, for as long as there is one that mends something. */
import type { Finding, Fix } from "../diagnostics/finding.ts";
import type { OpenProject } from "../frontend/protocolFolder.ts";
import { editInPlace, textsOf, typeErrorsOf } from "../frontend/withEdits.ts";
import { compileProject, type CompileResult } from "../pipeline.ts";
import { checkFix, type Before } from "./checkFix.ts";

/** So many fixes are applied in one run: a pair of them that undo each other comes to an end. */
const MOST_APPLIED = 50;

export interface Mended {
  /** What there is to say about the protocol as it is now. */
  readonly result: CompileResult;
  /** What was applied, in this order, and to which findings of the protocol as it was by then. */
  readonly applied: readonly { readonly finding: Finding; readonly fix: Fix }[];
  /** The files that came to differ, by paths relative to the root. */
  readonly changed: readonly { readonly path: string; readonly before: string; readonly text: string }[];
}

/**
 * Each fix is tried before it is applied, and the protocol compiled again after it. Nothing is written: the open project has
 * the new texts.
 */
export function mend(open: OpenProject): Mended {
  const before = textsOf(open);
  const applied: { readonly finding: Finding; readonly fix: Fix }[] = [];
  let result = compileProject(open, { fixes: true });
  while (applied.length < MOST_APPLIED) {
    const next = firstThatMends(open, result.findings);
    if (next === undefined) break;
    editInPlace(open, next.fix.edits);
    applied.push(next);
    result = compileProject(open, { fixes: true });
  }
  const changed = [...textsOf(open)].flatMap(([path, text]) => {
    const old = before.get(path);
    return old === undefined || old === text ? [] : [{ path, before: old, text }];
  });
  return { result, applied, changed };
}

/**
 * The first fix that is right, of the first finding that has one; those that came with a finding are tried here. Nobody
 * but the author promises anything.
 */
function firstThatMends(
  open: OpenProject,
  findings: readonly Finding[],
): { readonly finding: Finding; readonly fix: Fix } | undefined {
  const compile = (edited: OpenProject): readonly Finding[] => compileProject(edited).findings;
  if (findings.every(({ fixes }) => fixes.length === 0)) return undefined;
  const before: Before = { findings, typeErrors: new Set(typeErrorsOf(open)) };
  for (const finding of findings) {
    const fix = finding.fixes.find((one) => one.promises !== true && checkFix(open, finding, one, before, compile));
    if (fix !== undefined) return { finding, fix };
  }
  return undefined;
}
