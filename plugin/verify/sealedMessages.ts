/**
 * Messages that partitions send in fragments. The merge puts the fragments together in the order of the partitions, and
 * the original has the order in which entries came: neither is what the protocol promises. So in the columns that the
 * routing table names, and there alone, lists are compared as multisets, and Maps and Sets by what is in them; where the
 * table gives an order, lists are compared in that order, and so they are where somebody outside of the system sees them.
 *
 * Whether the receiver cares is for the replay to find out: there it gets the original's message, in the original's
 * order, and all that it does with it is compared strictly.
 */
import { decodePayload } from "../../runtime/codec/payloadDecoder.ts";
import type { Deployment } from "../../runtime/deployment.ts";
import type { LogicalAddress } from "../../runtime/routing/address.ts";
import type { SealedColumn } from "../../runtime/routing/routingTable.ts";
import type { Activation, LogicalMessage } from "../../runtime/simulator/index.ts";
import { printPayload } from "./printPayload.ts";
import { sealedColumns } from "./replication.ts";

export interface Sent {
  readonly to: LogicalAddress;
  readonly handler: string;
  readonly payload: Uint8Array;
}

export class SealedMessages {
  readonly #deployment: Deployment;
  /** By the message of the rewritten system: the original's payload. */
  readonly #originals = new Map<LogicalMessage, Uint8Array>();

  /** @param deployment the rewritten system, whose routing table says what is sealed */
  constructor(deployment: Deployment) {
    this.#deployment = deployment;
  }

  /** Whether a message leaves in fragments. */
  isSealed({ sender, to, handler }: LogicalMessage): boolean {
    return sender !== undefined && sealedColumns(this.#deployment, sender, to, handler).length > 0;
  }

  /** The content of a message of an activation, as text that is the same for messages that are. */
  print(sender: Activation | undefined, { to, handler, payload }: Sent): string {
    const columns = sender === undefined ? [] : sealedColumns(this.#deployment, sender, to, handler);
    const isSeen = this.#deployment.roles.get(to.role)?.external === true;
    return printPayload(columns.reduce((column, seal) => withoutOrder(column, seal, isSeen), decodePayload(payload)));
  }

  /** A message of the rewritten system is this one of the original. */
  match(message: LogicalMessage, payload: Uint8Array): void {
    this.#originals.set(message, payload);
  }

  /** Whether the original's message has something in another order. */
  isReordered(message: LogicalMessage): boolean {
    const original = this.#originals.get(message);
    return original !== undefined && Buffer.compare(original, message.payload) !== 0;
  }

  /** What the receiver of a message gets in the original. */
  payloadOf(message: LogicalMessage): Uint8Array {
    return this.#originals.get(message) ?? message.payload;
  }
}

/** The payload with a column in an order that depends on its content alone. `isSeen`: lists stay as they are. */
function withoutOrder(payload: unknown, { path, order }: SealedColumn, isSeen: boolean): unknown {
  return changeAt(payload, path, (column) => {
    if (Array.isArray(column)) return order === undefined && !isSeen ? sorted(column, printPayload) : column;
    if (column instanceof Set) return new Set(sorted([...column], printPayload));
    if (column instanceof Map) return new Map(sorted([...column], ([key]) => printPayload(key)));
    return column;
  });
}

function changeAt(value: unknown, path: readonly string[], change: (column: unknown) => unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  if (typeof value !== "object" || value === null) return value;
  return { ...value, [step]: changeAt(Reflect.get(value, step), rest, change) };
}

function sorted<T>(entries: readonly T[], print: (entry: T) => string): readonly T[] {
  return entries
    .map((entry) => ({ entry, text: print(entry) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ entry }) => entry);
}
