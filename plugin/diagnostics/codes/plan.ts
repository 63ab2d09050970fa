import type { DiagnosticEntry } from "../entry.ts";

/** RVN4xx: what is wrong with a plan, or with the project around it. */
export const planCodes = {} as const satisfies { readonly [code: `RVN4${number}`]: DiagnosticEntry };
