/** Refinement, checked by running: the rewritten system against the original. */
export { verifySystem } from "./verifySystem.ts";
export type { Coverage, Verification, Violation, ViolationKind } from "./verdict.ts";
