/** Running systems: what `run.ts` of a protocol imports, and what tools build on. */
export { system, instances } from "./system.ts";
export type {
  ClientDriver,
  ExternalEvent,
  Invariant,
  NodeClass,
  RewrittenSystem,
  RoleInstances,
  SystemDefinition,
} from "./system.ts";
export { invariantsOf, type NodeSnapshot, type Snapshot, type SnapshotInvariant } from "./snapshot.ts";
export type { Bound, KeyFunction, KeyValue, RoutingTable } from "./routing/routingTable.ts";
export { partitionOf } from "./routing/partitionOf.ts";
export { runInMemory, type RunOptions } from "./runInMemory.ts";
export { runWhenExecuted } from "./runWhenExecuted.ts";
export { printRunResult } from "./printRunResult.ts";
export type { RunResult, ProcessResult, ComponentCount } from "./runResult.ts";
export type { LatencySummary } from "./clients/loadMeter.ts";
export { launch, type LaunchOptions } from "./supervisor/launch.ts";
export { readJournal } from "./node/readJournal.ts";
export type { InstanceAddress } from "./routing/address.ts";
export { RunningSystem } from "./supervisor/runningSystem.ts";
