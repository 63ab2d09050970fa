/** The journals of a component: what a handler appends is kept until its activation has succeeded. */
import { BOUND } from "../../decorators/binding.ts";
import { encodePayload } from "../codec/payloadEncoder.ts";

/** A record that an activation appended to a journal. */
export interface JournalEntry {
  readonly journal: string;
  /** Encoded like a payload. */
  readonly record: Uint8Array;
}

const NOTHING: readonly JournalEntry[] = [];

export class Journals {
  /** By the object that the class holds; named when its construction is over. */
  readonly #names = new Map<object, string>();
  /** What the running activation appended; undefined when it appended nothing. */
  #entries: JournalEntry[] | undefined;
  #running = false;

  /** What `journal()` gives to a class. */
  create(): object {
    const journal = { [BOUND]: true };
    Object.defineProperty(journal, "append", {
      value: (record: unknown) => {
        this.#append(journal, record);
      },
    });
    this.#names.set(journal, "");
    return Object.freeze(journal);
  }

  /** Names the journals of a class after its fields. @throws Error when one is in no field. */
  nameAfterFields(instance: object): void {
    const unnamed = new Set(this.#names.keys());
    for (const [field, { value }] of Object.entries(Object.getOwnPropertyDescriptors(instance))) {
      const held: unknown = value;
      if (typeof held === "object" && held !== null && unnamed.delete(held)) this.#names.set(held, field);
    }
    if (unnamed.size > 0) {
      throw new Error(
        `${instance.constructor.name} has a journal in no field. Write: private readonly log = journal<T>();`,
      );
    }
  }

  get exist(): boolean {
    return this.#names.size > 0;
  }

  begin(): void {
    this.#running = true;
  }

  /** The activation has returned. Gives what it appended. */
  end(): readonly JournalEntry[] {
    this.#running = false;
    const entries = this.#entries;
    if (entries === undefined) return NOTHING;
    this.#entries = undefined;
    return entries;
  }

  #append(journal: object, record: unknown): void {
    const name = this.#names.get(journal) ?? "";
    if (!this.#running) throw new Error(`A record was appended to the journal ${name} outside a handler.`);
    (this.#entries ??= []).push({ journal: name, record: encodePayload(record) });
  }
}
