/** How a client process tells whoever launched it what its clients see: as lines of its log. */
import { decodePayload } from "../../../runtime/codec/payloadDecoder.ts";
import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import type { FromChild } from "../../../runtime/supervisor/ipc.ts";
import type { ExternalEvent } from "../../../runtime/system.ts";

const MARK = "what a client saw: ";

/** Tells the parent process; in a process that has none, nobody. */
export function tellEvent(event: ExternalEvent): void {
  const line = MARK + Buffer.from(encodePayload(event)).toString("base64");
  process.send?.({ kind: "log", line } satisfies FromChild);
}

/** The event that a line of a log tells of, if it does. */
export function heardEvent(line: string): ExternalEvent | undefined {
  const at = line.indexOf(MARK);
  if (at < 0) return undefined;
  return decodePayload(Buffer.from(line.slice(at + MARK.length), "base64")) as ExternalEvent;
}
