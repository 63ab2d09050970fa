import type { DiagnosticEntry } from "../entry.ts";

/** RVN1xx: what the language does not allow, or the analysis does not understand. */
export const languageCodes = {} as const satisfies { readonly [code: `RVN1${number}`]: DiagnosticEntry };
