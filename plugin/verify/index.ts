/** Refinement, checked by running: the rewritten system against the original. */
export { verifySystem, type VerifyOptions, type VerifyProgress } from "./verifySystem.ts";
export type { Coverage, SeedVerdict, Verdict, Verification, Violation, ViolationKind } from "./verdict.ts";
