import type { Acknowledgement } from "../../channels/stamp.ts";
import { decodePayload } from "../../codec/payloadDecoder.ts";
import { printPayload } from "../../codec/printPayload.ts";
import type { Incoming } from "../../node/message.ts";
import { printInstance, type DeployedInstance } from "../../routing/address.ts";
import { nameOf, type PendingTimer } from "../host/simulatedClock.ts";

/** What can happen to one instance. */
export type Input =
  | { readonly kind: "arrival"; readonly message: Incoming }
  | { readonly kind: "acknowledgement"; readonly acknowledgement: Acknowledgement }
  /** A client issues its next operation. */
  | { readonly kind: "request" }
  /** A repeated timer fires. */
  | { readonly kind: "fire"; readonly handler: string }
  | { readonly kind: "expire"; readonly timer: PendingTimer }
  /** A sync ends, and covers so many more records. */
  | { readonly kind: "sync"; readonly records: number }
  /** The process dies, and so many records that no sync has covered survive; another one takes its place at once. */
  | { readonly kind: "crash"; readonly left: number };

/** `Leader/leader-1#main.0 handles propose({ id: "b1" }) from Client/client-1` */
export function printInput(input: Input, at: DeployedInstance): string {
  const name = printInstance(at);
  switch (input.kind) {
    case "arrival": {
      const { handler, payload, from } = input.message;
      return `${name} handles ${handler}(${printPayload(decodePayload(payload))}) from ${from.role}/${from.id}`;
    }
    case "acknowledgement":
      return `${name} hears that its forwards up to ${String(input.acknowledgement.sequence)} were applied`;
    case "request":
      return `${name} issues its next operation`;
    case "fire":
      return `${name} fires ${input.handler}`;
    case "expire":
      return `${name} expires ${nameOf(input.timer)}`;
    case "sync":
      return `${name} has ${String(input.records)} more records on stable storage`;
    case "crash":
      return `${name} crashes and comes back; ${String(input.left)} records that were not synced survive`;
  }
}

/** Equal exactly when the inputs are. Arrivals and acknowledgements have numbers of their own. */
export function identifyMove(input: Input): string {
  switch (input.kind) {
    case "arrival":
    case "acknowledgement":
      throw new Error("What arrives is no move of the instance itself.");
    case "request":
      return input.kind;
    case "fire":
      return `fire ${input.handler}`;
    case "expire":
      return `expire ${nameOf(input.timer)}`;
    case "sync":
      return `sync ${String(input.records)}`;
    case "crash":
      return `crash ${String(input.left)}`;
  }
}
