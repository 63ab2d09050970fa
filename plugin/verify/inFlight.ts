/** The network of a run of the original: what has been sent and not consumed. Messages are told apart by content alone. */
import { decodePayload } from "../../runtime/codec/payloadDecoder.ts";
import type { LogicalAddress } from "../../runtime/routing/address.ts";
import { printPayload } from "./printPayload.ts";

export interface Message {
  readonly from: LogicalAddress;
  readonly to: LogicalAddress;
  readonly handler: string;
  readonly payload: Uint8Array;
}

export class InFlight {
  #sent = 0;
  /** By content: when each of them was sent. */
  readonly #messages = new Map<string, number[]>();
  /** By sender and receiver: when what was consumed last on a channel that keeps order was sent. */
  readonly #lastInOrder = new Map<string, number>();

  send(message: Message): void {
    const content = printMessage(message);
    const known = this.#messages.get(content);
    if (known === undefined) this.#messages.set(content, [++this.#sent]);
    else known.push(++this.#sent);
  }

  /** Takes one; in order: none that was sent before what the receiver took last from this sender. Gives whether there is one. */
  take(message: Message, inOrder: boolean): boolean {
    const sent = this.#messages.get(printMessage(message)) ?? [];
    const channel = `${nameOf(message.from)} > ${nameOf(message.to)}`;
    const index = inOrder ? sent.findIndex((at) => at > (this.#lastInOrder.get(channel) ?? 0)) : 0;
    const [taken] = index < 0 ? [] : sent.splice(index, 1);
    if (taken === undefined) return false;
    if (inOrder) this.#lastInOrder.set(channel, taken);
    return true;
  }
}

/** `Leader/leader > Client/client-1.decided({ id: "b1" })` */
export function printMessage({ from, to, handler, payload }: Message): string {
  return `${nameOf(from)} > ${nameOf(to)}.${handler}(${printPayload(decodePayload(payload))})`;
}

function nameOf({ role, id }: LogicalAddress): string {
  return `${role}/${id}`;
}
