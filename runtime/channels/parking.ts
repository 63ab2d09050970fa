/** Messages that wait, at one instance, for an entry that another component feeds. It knows no clock and no network. */
import type { Description } from "../node/description.ts";
import type { KeyValue } from "../routing/routingTable.ts";

/** How many messages may wait at one instance. One more, and the oldest is dropped: an omission. */
export const PARKING_LIMIT = 65_536;

/** `M` is a message as whoever runs the instance knows it: what goes in comes out. */
export class Parking<M> {
  readonly #limit: number;
  /** By field and key, oldest first; the places in the order in which their oldest message came. */
  readonly #places = new Map<string, M[]>();
  /** Where each message waits, in the order in which they came. */
  readonly #messages = new Map<M, string>();

  constructor(limit = PARKING_LIMIT) {
    this.#limit = limit;
  }

  /** The messages that wait, in the order in which they came. */
  get messages(): readonly M[] {
    return [...this.#messages.keys()];
  }

  get size(): number {
    return this.#messages.size;
  }

  /** Has a message wait for an entry. Gives one that has to go, when there are too many. */
  park(field: string, key: KeyValue, message: M): M | undefined {
    const name = nameOf(field, key);
    this.#messages.set(message, name);
    const place = this.#places.get(name);
    if (place === undefined) this.#places.set(name, [message]);
    else place.push(message);
    return this.#messages.size > this.#limit ? this.#dropOldest() : undefined;
  }

  /** The entry is there: gives what waited for it, in the order in which it came. */
  wake(field: string, key: KeyValue): readonly M[] {
    if (this.#messages.size === 0) return [];
    const name = nameOf(field, key);
    const woken = this.#places.get(name) ?? [];
    this.#places.delete(name);
    for (const message of woken) this.#messages.delete(message);
    return woken;
  }

  describe(describeMessage: (message: M) => string): Description {
    return [...this.#messages].map(([message, place]) => [place, describeMessage(message)]);
  }

  /** The oldest message of all is the oldest of its place. */
  #dropOldest(): M | undefined {
    for (const [oldest, name] of this.#messages) {
      this.#messages.delete(oldest);
      const place = this.#places.get(name);
      place?.shift();
      if (place?.length === 0) this.#places.delete(name);
      return oldest;
    }
    return undefined;
  }
}

/** Keys of different types are different, and -0 is 0, as in a Map. */
function nameOf(field: string, key: KeyValue): string {
  return `${field} ${textOf(key)}`;
}

function textOf(key: KeyValue): string {
  if (typeof key === "object" && key !== null) return `(${key.map(textOf).join(",")})`;
  return typeof key === "string" ? JSON.stringify(key) : `${typeof key} ${String(key)}`;
}
