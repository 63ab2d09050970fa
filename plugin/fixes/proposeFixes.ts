/** Which changes may mend which finding. */
import type { Code } from "../diagnostics/codes.ts";
import type { Finding, Fix } from "../diagnostics/finding.ts";
import type { FixContext, Proposer } from "./candidate.ts";
import { holdBack } from "./holdBack.ts";

/** By the code of the finding, the most fitting first. */
const proposers: Partial<Record<Code, readonly Proposer[]>> = {
  RVN215: [holdBack],
  RVN217: [holdBack],
  RVN218: [holdBack],
  RVN219: [holdBack],
  RVN220: [holdBack],
  RVN221: [holdBack],
  RVN222: [holdBack],
  RVN223: [holdBack],
  RVN224: [holdBack],
  RVN225: [holdBack],
  RVN227: [holdBack],
};

export function proposeFixes(finding: Finding, context: FixContext): readonly Fix[] {
  return (proposers[finding.code] ?? []).flatMap((propose) => propose(finding, context));
}
