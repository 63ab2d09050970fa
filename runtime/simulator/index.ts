/** The deterministic simulator: `riven/simulator`. */
export { simulate, type FaultOptions, type Flaws, type SimulationOptions } from "./simulate.ts";
export type { Alternative, Chooser, Choices, Concern, EventKind } from "./chooser.ts";
export { bytesChooser, drawBytes } from "./choosers/bytesChooser.ts";
export { exhaust, type Exhausted, type ExhaustOptions } from "./choosers/exhaust.ts";
export { edgesOf, fuzz, type Fuzzed, type FuzzedRun, type FuzzOptions } from "./choosers/fuzz.ts";
export { pctChooser, type PctOptions } from "./choosers/pctChooser.ts";
export { posChooser } from "./choosers/posChooser.ts";
export { randomChooser } from "./choosers/randomChooser.ts";
export { recordChoices, replayChooser } from "./choosers/replayChooser.ts";
export { streamsOf } from "./choosers/streams.ts";
export { swarmChooser } from "./choosers/swarmChooser.ts";
export {
  explore,
  type Exploration,
  type ExploreOptions,
  type Progress,
  type TraceStep,
  type Violation,
} from "./explorer/explore.ts";
export { exploredSystem, type ExploredSystem } from "./explorer/exploredSystem.ts";
export type { Bound } from "./explorer/breadthFirst.ts";
export type { HistorySummary } from "./explorer/histories.ts";
export type { StateSpaceOptions } from "./explorer/options.ts";
export type { FaultBudget } from "./explorer/world.ts";
export type { StateNumber, Transition, TransitionSystem } from "./explorer/transitionSystem.ts";
export { HostCallError, withHostTraps, withoutHostCalls } from "./host/hostCalls.ts";
export { Stage, type DurableFields, type Order, type Step } from "./stage.ts";
export { StageSnapshot } from "./stageSnapshot.ts";
export { nameOf as nameOfTimer, type PendingTimer } from "./host/simulatedClock.ts";
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
