/** What the supervisor and its processes tell each other, over the channel that `fork` gives them. */
import type { LoadMeasurement } from "../clients/loadMeter.ts";
import type { ProcessMeasurement } from "../runResult.ts";
import type { Life } from "../transport/handshake.ts";
import type { ProcessAddress } from "../transport/tcpTransport.ts";

/** Everything a process needs to know to become its part of the run. */
export interface ProcessPlan extends Life {
  /** `Leader/leader#main.0`, or `clients.1`, or `relay`. */
  readonly name: string;
  readonly kind: "protocol" | "clients" | "relay";
  /** The numbers of the instances that it runs. */
  readonly instances: readonly number[];
  /** 0 for any free port. Clients do not listen. */
  readonly port: number | undefined;
  /** Where a relay takes clients; 0 for any free port. */
  readonly relayPort?: number | undefined;
}

/** What all processes of a run have in common; each lays out the same deployment from it. */
export interface RunPlan {
  /** The absolute path of the module whose default export is the system. */
  readonly modulePath: string;
  /** The absolute path of the module whose default export is the rewritten system; undefined to run it as written. */
  readonly rewrittenPath: string | undefined;
  readonly clients: number;
  readonly inflight: number;
  readonly partitions: number | undefined;
  /** The absolute path of the directory for durable state. */
  readonly data: string;
  /** After how long a client gives an operation up; undefined for never. */
  readonly giveUpSeconds: number | undefined;
}

export type ToChild =
  | { readonly kind: "become"; readonly run: RunPlan; readonly process: ProcessPlan }
  | { readonly kind: "join"; readonly processes: readonly ProcessAddress[] }
  | { readonly kind: "start" }
  | { readonly kind: "begin" }
  | { readonly kind: "end" }
  /** Take no more work, and do what is decided. */
  | { readonly kind: "settle" }
  | { readonly kind: "stop" };

export type FromChild =
  | {
      readonly kind: "listening";
      readonly port?: number;
      /** Whether its end takes volatile state along. */
      readonly hasVolatileState: boolean;
    }
  | { readonly kind: "joined" }
  | { readonly kind: "started"; /** Of a relay: where it takes clients. */ readonly relayPort?: number }
  | { readonly kind: "measured"; readonly process: ProcessMeasurement; readonly load?: LoadMeasurement }
  | { readonly kind: "settled" }
  | { readonly kind: "log"; readonly line: string }
  | {
      readonly kind: "failed";
      readonly message: string;
      /** Whether it is another process that could not be reached. */
      readonly isOfAnother?: boolean;
    };
