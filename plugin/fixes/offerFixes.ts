/** Attaches to findings the changes that mend them. Costs a compilation for each change that is tried. */
import type { Finding, Fix } from "../diagnostics/finding.ts";
import type { OpenProject } from "../frontend/protocolFolder.ts";
import { textsOf, typeErrorsOf } from "../frontend/withEdits.ts";
import type { FixContext } from "./candidate.ts";
import { checkFix, type Before, type Compile } from "./checkFix.ts";
import { proposeFixes } from "./proposeFixes.ts";

/** So many changes are tried in one run; the findings that none are left for have their advice in words. */
export const MOST_CHECKED = 24;

/** So many are tried for one finding, so that the first one does not use up what is there for all. */
const MOST_FOR_ONE = 8;

/** So many are worth choosing from. */
const MOST_OFFERED = 3;

/**
 * The findings, with the fixes that were tried and found to mend them.
 *
 * @param open Its syntax trees are rebuilt: those taken from it before cannot be used after.
 * @param compile Compiles what is open, and offers nothing.
 */
export function offerFixes(
  open: OpenProject,
  findings: readonly Finding[],
  { protocol, plans }: Pick<FixContext, "protocol" | "plans">,
  compile: Compile,
): readonly Finding[] {
  const context: FixContext = { protocol, plans, texts: textsOf(open) };
  const proposed = findings.map((finding) => proposeFixes(finding, context));
  if (proposed.every((fixes) => fixes.length === 0)) return findings;
  const before: Before = { findings, typeErrors: new Set(typeErrorsOf(open)) };
  let left = MOST_CHECKED;
  return findings.map((finding, i) => {
    const fixes: Fix[] = [];
    for (const fix of proposed[i]?.slice(0, MOST_FOR_ONE) ?? []) {
      if (left === 0 || fixes.length === MOST_OFFERED) break;
      left -= 1;
      if (checkFix(open, finding, fix, before, compile)) fixes.push(fix);
    }
    return fixes.length === 0 ? finding : { ...finding, fixes: [...finding.fixes, ...fixes] };
  });
}
