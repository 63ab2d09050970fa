/** samples/twopc as written, with three participants that have room: every transaction commits. */
import { peer, peers } from "riven";
import { instances, system } from "riven/runtime";
import { encodePayload } from "../../runtime/codec/payloadEncoder.ts";
import { Client, Coordinator, Participant } from "../../samples/twopc/protocol.ts";
import type { BareLog } from "./bareLog.ts";
import type { Workload } from "./workload.ts";

const PARTICIPANTS = 3;
const WORK = new Uint8Array(16).fill(7);

class Driver extends Client {
  private readonly coordinator = peer(() => Coordinator);
  private readonly participants = peers(() => Participant);

  request(n: number): string {
    const id = String(n);
    this.coordinator.begin({ id, work: Object.fromEntries(this.participants.ids.map((one) => [one, WORK])) });
    return id;
  }

  decided(m: { id: string }): string {
    return m.id;
  }

  applied(): undefined {
    return undefined;
  }
}

/** Writes a record to each of some logs, and goes on when all of them are on stable storage. */
function writeAll(logs: readonly BareLog[], record: unknown, then: () => void): void {
  let missing = logs.length;
  const written = (): void => {
    missing--;
    if (missing === 0) then();
  };
  for (const log of logs) log.append(encodePayload(record), written);
}

export const twoPhaseCommit: Workload = {
  name: "two-phase commit",
  transaction: "prepared and committed at three participants, committed and ended at the coordinator",
  system: system({
    name: "twopc",
    roles: [instances(Coordinator, ["coordinator"]), instances(Participant, PARTICIPANTS)],
    clients: { driver: Driver },
  }),
  bare: (n, logs, over) => {
    const id = String(n);
    const coordinator = logs.slice(0, 1);
    const participants = logs.slice(1);
    writeAll(participants, { id, state: "prepared", work: WORK }, () => {
      writeAll(coordinator, { id, client: "client" }, () => {
        writeAll(participants, { id, state: "committed" }, () => {
          writeAll(coordinator, { id }, over);
        });
      });
    });
  },
  logs: 1 + PARTICIPANTS,
};
