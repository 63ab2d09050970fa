/** Parts of a run in few words, as they stand in a row. */
import { decodePayload } from "../../../../runtime/codec/payloadDecoder.ts";
import { coordinationKind } from "../../../../runtime/coordination/reservedHandlers.ts";
import {
  nameOfTimer,
  type Access,
  type Activation,
  type ExternalStep,
  type LogicalMessage,
} from "../../../../runtime/simulator/index.ts";
import { printPayload } from "../../printPayload.ts";

/** `voted({ id: "b1" })`, however long. */
export function wholeMessage({ handler, payload }: Pick<LogicalMessage, "handler" | "payload">): string {
  return `${handler}(${printPayload(decodePayload(payload))})`;
}

/** What started an activation. */
export function wholeCause({ cause, handler }: Activation): string {
  switch (cause.kind) {
    case "message":
      return wholeMessage(cause.message);
    case "timer":
      return `timer ${cause.timer === undefined ? handler : nameOfTimer(cause.timer)}${cause.atRest ? ", at rest" : ""}`;
    case "start":
      return `${handler}, as it starts`;
    case "recover":
      return `${handler}, as it comes back`;
  }
}

export function wholeStep({ event, message }: ExternalStep): string {
  return `${event.kind === "sent" ? "sends" : "receives"} ${wholeMessage(message)}`;
}

/** What a part ran of an activation that had begun elsewhere. */
export function laterFragment(ran: string, begun: string): string {
  const kind = coordinationKind(ran);
  if (kind !== undefined) return `${kind}, so that all partitions run ${begun}`;
  return ran === begun ? `${ran}, here too` : `${ran}, forwarded`;
}

export function wholeAccess({ cell, kind, value }: Access): string {
  switch (kind) {
    case "read":
      return `reads ${cell.name}: ${value}`;
    case "write":
      return cell.aspect === "order" ? `changes ${cell.name}` : `sets ${cell.name} to ${value}`;
    case "commute":
      return `changes ${cell.name}`;
  }
}
