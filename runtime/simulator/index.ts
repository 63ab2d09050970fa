/** The deterministic simulator: `riven/simulator`. */
export { simulate, type FaultOptions, type Flaws, type SimulationOptions } from "./simulate.ts";
export type { Alternative, Chooser, Choices, Concern, EventKind } from "./chooser.ts";
export { randomChooser } from "./choosers/randomChooser.ts";
export { recordChoices, replayChooser } from "./choosers/replayChooser.ts";
export { HostCallError, withoutHostCalls } from "./hostCalls.ts";
export { Stage, type DurableFields, type Order, type Step } from "./stage.ts";
export { StageSnapshot } from "./stageSnapshot.ts";
export { nameOf as nameOfTimer, type PendingTimer } from "./simulatedClock.ts";
export { changesOf } from "./access.ts";
export type { Access, AccessKind, Cell } from "./access.ts";
export type {
  Activation,
  Cause,
  ChannelCounts,
  Comeback,
  CoordinationCounts,
  Durability,
  ExternalStep,
  FaultCounts,
  Fragment,
  LogicalMessage,
  OperationCounts,
  SimulatedRun,
  StoredByInstance,
} from "./run.ts";
