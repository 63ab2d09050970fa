/** Refinement, checked by running: the rewritten system against the original. */
export { CHOOSERS, type ChooserName } from "./portfolio.ts";
export { verifySystem, type VerifyOptions } from "./verifySystem.ts";
export type { Coverage, Verification, Violation, ViolationKind } from "./verdict.ts";
export {
  replay,
  showAgain,
  shrinkViolation,
  type Counterexample,
  type ReplayOptions,
  type ReplayVerdict,
  type Shown,
  type ShrinkEffort,
} from "./counterexample/counterexample.ts";
export type { RunSetup } from "./counterexample/recordedRun.ts";
export type { Diagram } from "./counterexample/diagram/diagram.ts";
export type { Problem } from "./verdict.ts";
export { verifyExactly, type ExactCheck, type ExactVerification } from "./containment/verifyExactly.ts";
export type { ContainmentCounterexample } from "./containment/containmentVerdict.ts";
