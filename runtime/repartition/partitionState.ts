/** What the log of one partition says, apart from how it came about. */
import { decodeRecord, encodeRecord } from "../node/durableRecord.ts";
import { DurableReplay } from "../node/durableReplay.ts";
import { DurableState } from "../node/durableState.ts";
import type { JournalEntry } from "../node/journals.ts";
import { FieldSlot } from "../node/membraneFields.ts";
import { readWholeLog } from "../storage/fileLog.ts";
import { encodeWholeLog } from "../storage/wholeLog.ts";

export interface PartitionState {
  readonly fields: ReadonlyMap<string, unknown>;
  /** Oldest first. */
  readonly journals: readonly JournalEntry[];
}

/**
 * Reads the log in a directory.
 *
 * @returns undefined when there is none: the partition has never run.
 * @throws DamagedLogError when what is stored is damaged; Error when it makes no sense.
 */
export function readPartitionState(directory: string): PartitionState | undefined {
  const records = readWholeLog(directory).map(decodeRecord);
  if (records.length === 0) return undefined;
  const replay = new DurableReplay();
  for (const record of records) replay.apply(record);
  return {
    fields: new Map([...replay.fields].map(([name, value]) => [String(name), value])),
    journals: records.flatMap((record) => (record.kind === "changes" ? record.journals : [])),
  };
}

/** The bytes of a log that says this: a snapshot, then the journals. */
export function encodePartitionState({ fields, journals }: PartitionState): Uint8Array {
  const state = new DurableState([...fields.keys()]);
  for (const [name, value] of fields) state.adopt(new FieldSlot(name, value));
  return encodeWholeLog(
    state.encodeSnapshot(),
    // Each in a record of its own: how they were grouped is not told by what is left of them.
    journals.map((entry) => encodeRecord({ kind: "changes", changes: [], journals: [entry] })),
    encodeRecord({ kind: "changes", changes: [], journals: [] }),
  );
}
