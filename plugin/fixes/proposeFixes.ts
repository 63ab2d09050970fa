/** Which changes may mend which finding. */
import type { Code } from "../diagnostics/codes.ts";
import type { Finding, Fix } from "../diagnostics/finding.ts";
import type { FixContext, Proposer } from "./candidate.ts";
import { addColumn } from "./addColumn.ts";
import { changeMoves } from "./changeMoves.ts";
import { computeBefore } from "./computeBefore.ts";
import { countSenders } from "./countSenders.ts";
import { doOnce } from "./doOnce.ts";
import { holdBack } from "./holdBack.ts";
import { nameKeys } from "./nameKeys.ts";
import { promiseColumn } from "./promiseColumn.ts";

/** By the code of the finding: what leaves the protocol as it is comes before what changes what it does. */
const proposers: Partial<Record<Code, readonly Proposer[]>> = {
  RVN201: [changeMoves],
  RVN202: [changeMoves],
  RVN203: [changeMoves],
  RVN204: [changeMoves],
  RVN205: [computeBefore, changeMoves],
  RVN206: [changeMoves],
  RVN210: [changeMoves],
  RVN211: [changeMoves],
  RVN213: [changeMoves],
  RVN214: [changeMoves],
  RVN215: [holdBack, changeMoves],
  RVN216: [changeMoves],
  RVN217: [holdBack, changeMoves],
  RVN218: [holdBack, countSenders],
  RVN219: [holdBack, changeMoves],
  RVN220: [holdBack, changeMoves],
  RVN221: [holdBack, changeMoves],
  RVN222: [holdBack, doOnce],
  RVN223: [holdBack],
  RVN224: [holdBack, promiseColumn],
  RVN225: [holdBack],
  RVN226: [changeMoves],
  RVN227: [holdBack, changeMoves],
  RVN228: [changeMoves],
  RVN305: [nameKeys, addColumn],
};

export function proposeFixes(finding: Finding, context: FixContext): readonly Fix[] {
  return (proposers[finding.code] ?? []).flatMap((propose) => propose(finding, context));
}
