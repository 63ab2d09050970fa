import { decodePayload } from "../codec/payloadDecoder.ts";
import type { InstanceAddress } from "../routing/address.ts";
import { instanceDirectory } from "../storage/instanceDirectory.ts";
import { readWholeLog } from "../storage/fileLog.ts";
import { decodeRecord } from "./durableRecord.ts";

/**
 * The records that an instance has appended to a journal, oldest first, for people and tools: handlers never read them.
 *
 * @param data the data directory of the run
 * @param journal the name of the field that holds the journal
 * @throws DamagedLogError when what is stored is damaged.
 */
export function readJournal(data: string, instance: InstanceAddress, journal: string): readonly unknown[] {
  return readWholeLog(instanceDirectory(data, instance)).flatMap((bytes) => {
    const record = decodeRecord(bytes);
    if (record.kind === "snapshot") return [];
    return record.journals.filter((entry) => entry.journal === journal).map((entry) => decodePayload(entry.record));
  });
}
