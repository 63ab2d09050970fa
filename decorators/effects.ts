/** What a handler does besides writing state and sending: records that it keeps, and timers that it sets. */
import { currentBinding } from "./binding.ts";

/** An append-only sink of durable records. No handler reads it. */
export interface Journal<T> {
  /**
   * Appends a record, a plain value, when the handler has returned. It is taken as it is now. No message of the
   * activation leaves before the record is on stable storage.
   */
  append(record: T): void;
}

/** A one-shot timer. What a handler does to it takes effect when the handler has returned. */
export interface Timer {
  /**
   * Has the timer fire once, in about so many milliseconds. A timer that is set already is set anew. With a key there
   * is a timer for each key.
   */
  set(milliseconds: number, key?: string): void;
  /** Has the timer (the one with that key) not fire. */
  clear(key?: string): void;
}

/** A timer under each of these names. */
export type Timers<Name extends string> = { readonly [N in Name]: Timer };

/** A journal, named after the field. Belongs in a field initialiser: `private readonly log = journal<Decision>();`. */
export function journal<T>(): Journal<T> {
  return currentBinding("journal").journal() as Journal<T>;
}

/**
 * One-shot timers, each with a handler marked `@After`. Belongs in a field initialiser:
 * `private readonly timers = timers<"timeout" | "retry">();`. Pending timers do not survive a crash.
 */
export function timers<Name extends string>(): Timers<Name> {
  return currentBinding("timers").timers() as Timers<Name>;
}
