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

interface Sent {
  readonly at: number;
  readonly payload: Uint8Array;
}

export class InFlight {
  #sent = 0;
  /** By content, in the order in which they were sent. */
  readonly #messages = new Map<string, Sent[]>();
  /** By sender and receiver: when what was consumed last on a channel that keeps order was sent. */
  readonly #lastInOrder = new Map<string, number>();

  send({ payload }: Message, content: string): void {
    const sent = { at: ++this.#sent, payload };
    const known = this.#messages.get(content);
    if (known === undefined) this.#messages.set(content, [sent]);
    else known.push(sent);
  }

  /** What one of this content, that would be taken first, says; undefined when there is none. */
  peek(content: string): Uint8Array | undefined {
    return this.#messages.get(content)?.[0]?.payload;
  }

  /** Takes one; in order: none that was sent before what the receiver took last from this sender. Gives whether there is one. */
  take(message: Message, content: string, inOrder: boolean): boolean {
    const sent = this.#messages.get(content) ?? [];
    const channel = `${nameOf(message.from)} > ${nameOf(message.to)}`;
    const index = inOrder ? sent.findIndex(({ at }) => at > (this.#lastInOrder.get(channel) ?? 0)) : 0;
    const [taken] = index < 0 ? [] : sent.splice(index, 1);
    if (taken === undefined) return false;
    if (inOrder) this.#lastInOrder.set(channel, taken.at);
    return true;
  }
}

/** `Leader/leader > Client/client-1.decided({ id: "b1" })` */
export function printMessage(message: Message, payload = printPayload(decodePayload(message.payload))): string {
  return `${nameOf(message.from)} > ${nameOf(message.to)}.${message.handler}(${payload})`;
}

function nameOf({ role, id }: LogicalAddress): string {
  return `${role}/${id}`;
}
