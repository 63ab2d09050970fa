/**
 * The records of a component's log, as payloads. Values stand for themselves, and every container (Map, Set, array,
 * record, bytes) has a number, so that a record names what it changes however deep that is: containers are numbered
 * from 1 in the order in which they are written, a container before its content, and a reader counts along. 0 is the
 * component itself, whose entries are its fields. A snapshot starts the count again.
 */
import { decodePayload } from "../codec/payloadDecoder.ts";
import { encodePayload } from "../codec/payloadEncoder.ts";
import type { JournalEntry } from "./journals.ts";

/** What a record says of a container: one that has its number already, or a new one with its content. */
export const CONTAINER = { known: 0, map: 1, set: 2, array: 3, record: 4, bytes: 5 } as const;

/** What a change does to a container. */
export const OPERATION = { set: 0, remove: 1, add: 2, elements: 3, bytes: 4 } as const;

/** The number of the component itself. */
export const FIELDS = 0;

/** A primitive, or an array that begins with one of {@link CONTAINER}. */
export type WrittenValue = unknown;
/** The number of a container, one of {@link OPERATION}, and its operands. */
export type WrittenChange = readonly [container: number, operation: number, ...operands: readonly unknown[]];

export type DurableRecord =
  | { readonly kind: "snapshot"; readonly fields: readonly (readonly [name: string, value: WrittenValue])[] }
  | {
      readonly kind: "changes";
      readonly changes: readonly WrittenChange[];
      readonly journals: readonly JournalEntry[];
    };

const SNAPSHOT = 0;
const CHANGES = 1;

/** @throws PayloadError when a value is not plain data. */
export function encodeRecord(record: DurableRecord): Uint8Array {
  switch (record.kind) {
    case "snapshot":
      return encodePayload([SNAPSHOT, record.fields]);
    case "changes":
      return encodePayload([CHANGES, record.changes, record.journals.map((entry) => [entry.journal, entry.record])]);
  }
}

/** @throws Error when the bytes are not a record: they were written by something else. */
export function decodeRecord(bytes: Uint8Array): DurableRecord {
  const record = decodePayload(bytes) as readonly [number, readonly never[], (readonly [string, Uint8Array][])?];
  const [kind, first, journals = []] = record;
  switch (kind) {
    case SNAPSHOT:
      return { kind: "snapshot", fields: first };
    case CHANGES:
      return {
        kind: "changes",
        changes: first,
        journals: journals.map(([journal, entry]) => ({ journal, record: entry })),
      };
    default:
      throw new Error(`The log has a record of the unknown kind ${String(kind)}.`);
  }
}
