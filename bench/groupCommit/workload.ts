import type { SystemDefinition } from "../../runtime/system.ts";
import type { BareTransaction } from "./bareContender.ts";

/** Durable work that is done twice: by roles on the runtime, and by hand. */
export interface Workload {
  readonly name: string;
  /** What a transaction writes, in a sentence. */
  readonly transaction: string;
  readonly system: SystemDefinition;
  readonly bare: BareTransaction;
  /** How many logs there are by hand: as many as durable processes on the runtime. */
  readonly logs: number;
}
