/** From records back to state. */
import {
  CONTAINER,
  FIELDS,
  OPERATION,
  type DurableRecord,
  type WrittenChange,
  type WrittenValue,
} from "./durableRecord.ts";
import { define } from "./trackedRecord.ts";

export class DurableReplay {
  /** What the durable fields hold after the records so far. */
  readonly fields = new Map<unknown, unknown>();
  /** By number. */
  readonly #containers: object[] = [this.fields];
  #begun = false;

  /** @throws Error when the record makes no sense after those before it. */
  apply(record: DurableRecord): void {
    switch (record.kind) {
      case "snapshot":
        this.#begun = true;
        this.fields.clear();
        this.#containers.length = FIELDS + 1;
        for (const [name, value] of record.fields) this.fields.set(name, this.#read(value));
        return;
      case "changes":
        if (!this.#begun) throw makesNoSense("changes before a snapshot");
        for (const change of record.changes) this.#change(change);
    }
  }

  #change([number, operation, first, second]: WrittenChange): void {
    const container = this.#known(number);
    switch (operation) {
      case OPERATION.set:
        if (container instanceof Map) container.set(first, this.#read(second));
        else define(container as Record<string, unknown>, String(first), this.#read(second));
        return;
      case OPERATION.remove:
        if (container instanceof Map || container instanceof Set) container.delete(first);
        else Reflect.deleteProperty(container, String(first));
        return;
      case OPERATION.add:
        (container as Set<unknown>).add(first);
        return;
      case OPERATION.elements:
        this.#changeElements(container as unknown[], first as number, second as readonly unknown[]);
        return;
      case OPERATION.bytes:
        (container as Uint8Array).set(first as Uint8Array);
        return;
      default:
        throw makesNoSense(`the operation ${String(operation)}`);
    }
  }

  #changeElements(array: unknown[], length: number, elements: readonly unknown[]): void {
    array.length = length;
    for (let i = 0; i < elements.length; i += 2) array[elements[i] as number] = this.#read(elements[i + 1]);
  }

  #read(written: WrittenValue): unknown {
    if (!Array.isArray(written)) return written;
    const kind: unknown = written[0];
    const content = written[1] as never;
    switch (kind) {
      case CONTAINER.known:
        return this.#known(content);
      case CONTAINER.map: {
        const map = this.#number(new Map<unknown, unknown>());
        this.#pairs(content, (key, value) => map.set(key, value));
        return map;
      }
      case CONTAINER.set:
        return this.#number(new Set<unknown>(content));
      case CONTAINER.array: {
        const array = this.#number<unknown[]>([]);
        for (const element of content as readonly unknown[]) array.push(this.#read(element));
        return array;
      }
      case CONTAINER.record: {
        const record = this.#number<Record<string, unknown>>({});
        this.#pairs(content, (name, value) => define(record, String(name), value));
        return record;
      }
      case CONTAINER.bytes:
        return this.#number(new Uint8Array(content));
      default:
        throw makesNoSense(`a container of the kind ${String(kind)}`);
    }
  }

  #pairs(pairs: readonly unknown[], take: (key: unknown, value: unknown) => void): void {
    for (let i = 0; i < pairs.length; i += 2) take(pairs[i], this.#read(pairs[i + 1]));
  }

  #number<T extends object>(container: T): T {
    this.#containers.push(container);
    return container;
  }

  #known(number: number): object {
    const container = this.#containers[number];
    if (container === undefined) throw makesNoSense(`container ${String(number)}, which there is not`);
    return container;
  }
}

function makesNoSense(what: string): Error {
  return new Error(
    `The stored state makes no sense: ${what}. It was written by another version, or by something else.`,
  );
}
