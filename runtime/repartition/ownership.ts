/** To which partition an entry of a field belongs, as the routing table says. */
import { partitionOf } from "../routing/partitionOf.ts";
import type { ComponentRoute, KeyValue } from "../routing/routingTable.ts";

type Owner = NonNullable<ComponentRoute["owners"]>[string];

/** The owner function reads a key that is not there: the entry is further in. */
class FurtherIn extends Error {}

export class Ownership {
  readonly #owner: (keys: readonly unknown[]) => KeyValue;
  /** How many keys lead to an entry; undefined until one has been seen. */
  #depth: number | undefined;

  constructor(owner: Owner) {
    this.#owner = owner as (keys: readonly unknown[]) => KeyValue;
  }

  /**
   * The partition, of so many, of what these keys lead to.
   *
   * @param keys from the outside in
   * @returns undefined when more keys have to be known: what they lead to contains entries of several partitions.
   */
  find(keys: readonly unknown[], partitions: number): number | undefined {
    if (this.#depth !== undefined) {
      return keys.length < this.#depth ? undefined : partitionOf(this.#owner(keys), partitions);
    }
    try {
      const partition = partitionOf(this.#owner(watched(keys)), partitions);
      this.#depth = keys.length;
      return partition;
    } catch (error) {
      if (error instanceof FurtherIn) return undefined;
      throw error;
    }
  }
}

/** The keys as a list without an end, of which what is not known yet must not be read. */
function watched(keys: readonly unknown[]): readonly unknown[] {
  return new Proxy(keys, {
    get: (target, name, receiver): unknown => {
      if (name === "length") return Number.MAX_SAFE_INTEGER;
      if (typeof name === "string" && /^\d+$/.test(name) && Number(name) >= target.length) throw new FurtherIn();
      return Reflect.get(target, name, receiver);
    },
  });
}
