import type { DiagnosticEntry } from "../entry.ts";

/** RVN3xx: why state may not be spread. */
export const partitioningCodes = {} as const satisfies { readonly [code: `RVN3${number}`]: DiagnosticEntry };
