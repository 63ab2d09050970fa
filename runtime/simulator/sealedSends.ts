/** Messages that leave in fragments, one from each partition: they exist once the last fragment has left. */
import type { Outgoing } from "../node/message.ts";
import type { DeployedInstance } from "../routing/address.ts";
import type { LogicalMessage } from "./run.ts";

/** A message of which fragments are under way. */
export interface SealedSend {
  /** By partition. */
  readonly fragments: Map<number, Outgoing>;
  /** There when every partition has sent its fragment. */
  message: LogicalMessage | undefined;
}

export class SealedSends {
  readonly #sends = new Map<string, SealedSend>();
  #completed = 0;

  /** How many messages have left as a whole. */
  get completed(): number {
    return this.#completed;
  }

  /** A fragment leaves. Gives what it is a fragment of. */
  add(outgoing: Outgoing, origin: DeployedInstance): SealedSend {
    const name = nameOf(outgoing, origin);
    const known = this.#sends.get(name);
    const part = outgoing.fragment?.part ?? 0;
    // What is sent twice is another message, of which there is nothing else.
    const send =
      known === undefined || known.fragments.has(part) ? { fragments: new Map(), message: undefined } : known;
    send.fragments.set(part, outgoing);
    this.#sends.set(name, send);
    return send;
  }

  /** The fragments by partition, if the message has none to come. */
  complete(send: SealedSend): readonly Outgoing[] | undefined {
    const fragments = [...send.fragments].sort(([a], [b]) => a - b).map(([, outgoing]) => outgoing);
    if (fragments.length < (fragments[0]?.fragment?.of ?? 1)) return undefined;
    this.#completed++;
    return fragments;
  }
}

function nameOf({ destination, handler, fragment }: Outgoing, { node, component }: DeployedInstance): string {
  const { epoch, round, ordinal, by } = fragment ?? { epoch: 0, round: 0, ordinal: 0, by: "" };
  return [node.number, component, epoch, round, by, ordinal, destination.number, handler].map(String).join(" ");
}
