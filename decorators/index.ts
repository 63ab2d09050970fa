/** What protocol authors import. Inert: nothing here needs, or imports, the compiler or the runtime. */
export {
  Role,
  On,
  Every,
  After,
  OnStart,
  OnRecover,
  Durable,
  Fifo,
  Forget,
  Determines,
  type RoleOptions,
} from "./markers.ts";
export { Invariant } from "./invariant.ts";
export type { ExternalEvent, NodeSnapshot, Snapshot } from "./snapshot.ts";
export { peers, peer, self, component, type Peers, type Ref, type Self, type Messages } from "./references.ts";
export { journal, timers, type Journal, type Timer, type Timers } from "./effects.ts";
export { plan, type Plan, type ComponentStep, type Key } from "./plan.ts";
export { injective, pure } from "./pure.ts";
export { GrowSet } from "./growSet.ts";
export { MaxReg, type Ordered } from "./maxReg.ts";
export { GrowMap } from "./growMap.ts";
export { Counter } from "./counter.ts";
export { Tally } from "./tally.ts";
export { Once } from "./once.ts";
export type { Lattice, LatticeKey } from "./lattice.ts";
export type { RoleClass } from "./binding.ts";
