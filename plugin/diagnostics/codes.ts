/** The table of all codes, by group. */
import { decouplingCodes } from "./codes/decoupling.ts";
import { languageCodes } from "./codes/language.ts";
import { outputCodes } from "./codes/output.ts";
import { partitioningCodes } from "./codes/partitioning.ts";
import { planCodes } from "./codes/plan.ts";
import { replicationCodes } from "./codes/replication.ts";
import { splitCodes } from "./codes/splits.ts";
import type { DiagnosticEntry } from "./entry.ts";

const table = {
  ...languageCodes,
  ...decouplingCodes,
  ...splitCodes,
  ...partitioningCodes,
  ...replicationCodes,
  ...planCodes,
  ...outputCodes,
};

/** A stable code of a kind of finding, such as `RVN201`. */
export type Code = keyof typeof table;

export const diagnostics: { readonly [code in Code]: DiagnosticEntry } = table;
