import type { DiagnosticEntry } from "../entry.ts";

/** RVN2xx: why code may not move to a component of its own. */
export const decouplingCodes = {} as const satisfies { readonly [code: `RVN2${number}`]: DiagnosticEntry };
