/** Refinement, checked by running: the rewritten system against the original. */
export { CHOOSERS, type ChooserName } from "./portfolio.ts";
export { verifySystem, type VerifyOptions } from "./verifySystem.ts";
export type { Coverage, Verification, Violation, ViolationKind } from "./verdict.ts";
