/**
 * Collects the parts of messages until they are complete, at the instance that receives them. Knows no network, and not
 * what messages look like.
 */
import type { Description } from "../node/description.ts";
import type { LogicalAddress } from "../routing/address.ts";
import type { Fragment } from "./fragment.ts";

/** How many messages may be incomplete at one instance. One more, and the oldest is dropped: an omission. */
const INCOMPLETE_LIMIT = 4_096;

/** A part of a message: the sending node, what handles it, and which part it is. */
export interface Part {
  readonly handler: string;
  readonly from: LogicalAddress;
  readonly fragment?: Fragment | undefined;
}

export interface Collected<M> {
  /** All parts of a message, in the order of the partitions, when this was the last one. */
  readonly whole?: readonly M[];
  /** Parts that are given up: those of the oldest message, because too many are incomplete, or one that comes after that. */
  readonly dropped?: readonly M[];
}

export class Fragments<M extends Part> {
  readonly #limit: number;
  /** By message, oldest first; by partition. */
  readonly #incomplete = new Map<string, Map<number, M>>();
  /** The messages that were complete, or given up, last: a part of one of these is a repetition, or too late. */
  readonly #done = new Map<string, "complete" | "given up">();

  constructor(limit = INCOMPLETE_LIMIT) {
    this.#limit = limit;
  }

  /** The parts that wait for others, oldest messages first. */
  get waiting(): readonly M[] {
    return [...this.#incomplete.values()].flatMap((parts) => [...parts.values()]);
  }

  /** How many messages are incomplete. */
  get size(): number {
    return this.#incomplete.size;
  }

  add(message: M, fragment: Fragment): Collected<M> {
    const name = nameOf(message, fragment);
    const end = this.#done.get(name);
    if (end !== undefined) return end === "complete" ? {} : { dropped: [message] };
    const parts = this.#incomplete.get(name) ?? new Map<number, M>();
    this.#incomplete.set(name, parts);
    if (!parts.has(fragment.part)) parts.set(fragment.part, message);
    if (parts.size === fragment.of) {
      this.#finish(name, "complete");
      return { whole: [...parts].sort(([a], [b]) => a - b).map(([, part]) => part) };
    }
    return this.#incomplete.size > this.#limit ? this.#dropOldest() : {};
  }

  /** What is over is told in no order: it matters only when there are so many that the oldest is forgotten. */
  describe(describeMessage: (message: M) => string): Description {
    return [
      [...this.#incomplete.values()].map((parts) => [...parts.values()].map(describeMessage)),
      [...this.#done].map(([name, end]) => `${name} ${end}`).sort(),
    ];
  }

  #dropOldest(): Collected<M> {
    for (const [name, parts] of this.#incomplete) {
      this.#finish(name, "given up");
      return { dropped: [...parts.values()] };
    }
    return {};
  }

  #finish(name: string, end: "complete" | "given up"): void {
    this.#incomplete.delete(name);
    this.#done.set(name, end);
    if (this.#done.size <= this.#limit) return;
    for (const oldest of this.#done.keys()) {
      this.#done.delete(oldest);
      return;
    }
  }
}

/** With the handler that sends it, for every component of a node has rounds of its own. */
function nameOf({ handler, from }: Part, { epoch, round, ordinal, of, by }: Fragment): string {
  return JSON.stringify([from.role, from.id, by, handler, epoch, round, ordinal, of]);
}
