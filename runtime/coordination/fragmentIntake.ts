/** Where the messages that an instance receives in parts are put together. */
import { MAX_PAYLOAD_BYTES } from "../codec/frame.ts";
import type { DeployedRole } from "../deployment.ts";
import { describeMessage, type Description } from "../node/description.ts";
import type { Incoming } from "../node/message.ts";
import { printInstance, printLogical, type DeployedInstance } from "../routing/address.ts";
import type { SealedColumn } from "../routing/routingTable.ts";
import { Fragments } from "./fragments.ts";
import { mergePayloads } from "./mergePayloads.ts";

export interface FragmentCounters {
  /** Parts of messages that arrived. */
  fragments: number;
  /** Of these, parts that were given up with a message that never became complete, or did not fit: an omission. */
  fragmentsDropped: number;
}

export interface FragmentIntakeOptions {
  readonly instance: DeployedInstance;
  readonly role: DeployedRole;
  readonly counters: FragmentCounters;
  readonly onDrop: (line: string) => void;
  /** Makes of a message one that can be kept for long; the message itself unless said. */
  readonly keep?: ((message: Incoming) => Incoming) | undefined;
  readonly limit?: number;
}

export class FragmentIntake {
  readonly #options: FragmentIntakeOptions;
  readonly #fragments: Fragments<Incoming>;

  constructor(options: FragmentIntakeOptions) {
    this.#options = options;
    this.#fragments = new Fragments(options.limit);
  }

  /** The parts that wait for others. */
  get waiting(): readonly Incoming[] {
    return this.#fragments.waiting;
  }

  /**
   * Takes what has arrived. Gives it back when it is a message; the message that it completes, as a new one with
   * `fragmentsOf`, when it is the last of its parts; otherwise nothing.
   */
  accept(message: Incoming): Incoming | undefined {
    const { fragment } = message;
    if (fragment === undefined) return message;
    const { counters, role, keep } = this.#options;
    counters.fragments++;
    const columns = role.handlers.get(message.handler)?.sealedBy?.get(`${message.from.role}.${fragment.by}`);
    if (columns === undefined) {
      this.#drop([message], "nobody says how to put it together");
      return undefined;
    }
    const { whole, dropped } = this.#fragments.add(keep?.(message) ?? message, fragment);
    if (dropped !== undefined) this.#drop(dropped, "too many messages wait for their other parts");
    return whole === undefined ? undefined : this.#putTogether(message, whole, columns);
  }

  describe(): Description {
    return this.#fragments.describe(describeMessage);
  }

  #putTogether(message: Incoming, parts: readonly Incoming[], columns: readonly SealedColumn[]): Incoming | undefined {
    try {
      const payload = mergePayloads(
        parts.map((part) => part.payload),
        columns,
      );
      if (payload.length > MAX_PAYLOAD_BYTES) throw new Error(`together they have ${String(payload.length)} bytes`);
      return { ...message, payload, fragment: undefined, fragmentsOf: parts };
    } catch (error) {
      this.#drop(parts, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  #drop(parts: readonly Incoming[], reason: string): void {
    const { counters, instance, onDrop } = this.#options;
    counters.fragmentsDropped += parts.length;
    const [first] = parts;
    if (first === undefined) return;
    onDrop(
      `${printInstance(instance)}: ${String(parts.length)} parts of a message ${first.handler} from ${printLogical(first.from)} are dropped: ${reason}`,
    );
  }
}
