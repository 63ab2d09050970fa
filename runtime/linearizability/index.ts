/** A linearizability checker: `riven/linearizability`. */
export {
  checkLinearizability,
  type Budget,
  type Checked,
  type CheckOptions,
  type CheckProgress,
  type Effort,
  type Linearization,
  type Violation,
} from "./check.ts";
export type { Operation } from "./history.ts";
export { impossible, type Model, type Step } from "./model.ts";
export type { Witness } from "./witness.ts";
export { register, type RegisterInput, type RegisterOutput } from "./models/register.ts";
export { keyValueMap, type KeyValueInput, type KeyValueOutput } from "./models/keyValueMap.ts";
export { set, type SetInput, type SetOutput } from "./models/set.ts";
export { queue, type QueueInput, type QueueOutput } from "./models/queue.ts";
export { counter, type CounterInput, type CounterOutput } from "./models/counter.ts";
export { lock, type LockInput, type LockOutput } from "./models/lock.ts";
export { appendOnlyList, logAtMostOnce, type ListInput, type ListOutput } from "./models/list.ts";
export { describer, explain, explainViolation } from "./explain.ts";
export { historyOf, linearizable, type Meaning } from "./fromEvents.ts";
export { operationsOf, type Dialect, type HistoryEvent } from "./readers/events.ts";
export { HistoryError } from "./readers/historyError.ts";
export { formatOf, readHistory, type HistoryFormat } from "./readers/readHistory.ts";
export { spokenModels, type DialectOptions, type Spoken } from "./readers/dialects.ts";
export { renderHistoryAsSvg, type Picture } from "./render/svg.ts";
export { renderHistory } from "./render/text.ts";
export type { Drawing } from "./render/timeline.ts";
