/** What external nodes have done and seen, as part of explored states: histories by number. */
import { printPayload } from "../../codec/printPayload.ts";
import { printLogical } from "../../routing/address.ts";
import type { ExternalEvent } from "../../system.ts";
import type { Reaction } from "./automaton.ts";
import { canonicalText } from "./canonicalText.ts";
import { PairTable } from "./pairTable.ts";

/**
 * What is kept of a history where all of it would be too much: states that differ in nothing else count as one. `History`
 * is plain data, and never changed.
 */
export interface HistorySummary<History = unknown> {
  readonly initial: History;
  /** A method, so that a summary of any kind is one of unknown kind. */
  after(history: History, event: ExternalEvent): History;
}

/** `Client/client-1 sent propose({ id: "b1" }) to Leader/leader-1`: equal for equal events, and for no others. */
export function printEvent({ kind, node, other, message, payload }: ExternalEvent): string {
  const text = `${message}(${printPayload(payload)})`;
  return kind === "sent"
    ? `${printLogical(node)} sent ${text} to ${printLogical(other)}`
    : `${printLogical(node)} received ${text} from ${printLogical(other)}`;
}

/** Somebody asks for a history that is not kept. */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
}

export interface Histories {
  /** How many there are so far. */
  readonly size: number;
  readonly bytes: number;
  /** The history after what an instance has done. */
  after(history: number, reaction: Reaction): number;
  /** All that happened. */
  eventsOf(history: number): readonly ExternalEvent[];
}

/** The first history is number 0. */
export const NO_HISTORY = 0;

/** Nothing is kept. */
export class Forgotten implements Histories {
  readonly size = 1;
  readonly bytes = 0;

  after(): number {
    return NO_HISTORY;
  }

  eventsOf(): readonly ExternalEvent[] {
    throw new HistoryError('The history is not part of explored states. To have it: history: "recorded".');
  }
}

/** All of it is kept, in order: each history is an earlier one and an event. */
export class Recorded implements Histories {
  readonly #longer = new PairTable();
  readonly #afterReaction = new PairTable();
  readonly #eventNumbers = new Map<string, number>();
  readonly #events: ExternalEvent[] = [];
  readonly #before: number[] = [NO_HISTORY];
  readonly #last: number[] = [-1];

  get size(): number {
    return this.#before.length;
  }

  get bytes(): number {
    return this.#longer.bytes + this.#afterReaction.bytes + 16 * this.#before.length;
  }

  after(history: number, reaction: Reaction): number {
    if (reaction.events.length === 0) return history;
    const known = this.#afterReaction.get(history, reaction.number);
    if (known >= 0) return known;
    const longer = reaction.events.reduce((earlier, event) => this.#append(earlier, event), history);
    this.#afterReaction.add(history, reaction.number, longer);
    return longer;
  }

  eventsOf(history: number): readonly ExternalEvent[] {
    const events: ExternalEvent[] = [];
    for (let at = history; at !== NO_HISTORY; at = this.#before[at] ?? NO_HISTORY) {
      const event = this.#events[this.#last[at] ?? -1];
      if (event !== undefined) events.push(event);
    }
    return events.reverse();
  }

  #append(history: number, event: ExternalEvent): number {
    const number = this.#numberOf(event);
    const known = this.#longer.get(history, number);
    if (known >= 0) return known;
    const created = this.#before.length;
    this.#before.push(history);
    this.#last.push(number);
    this.#longer.add(history, number, created);
    return created;
  }

  #numberOf(event: ExternalEvent): number {
    const text = printEvent(event);
    const known = this.#eventNumbers.get(text);
    if (known !== undefined) return known;
    this.#eventNumbers.set(text, this.#events.length);
    return this.#events.push(event) - 1;
  }
}

/** A summary is kept. */
export class Summarised<History> implements Histories {
  readonly #summary: HistorySummary<History>;
  readonly #after = new PairTable();
  readonly #numbers = new Map<string, number>();
  readonly #histories: History[] = [];

  constructor(summary: HistorySummary<History>) {
    this.#summary = summary;
    this.#numberOf(summary.initial);
  }

  get size(): number {
    return this.#histories.length;
  }

  get bytes(): number {
    return this.#after.bytes + 400 * this.#histories.length;
  }

  after(history: number, reaction: Reaction): number {
    if (reaction.events.length === 0) return history;
    const known = this.#after.get(history, reaction.number);
    if (known >= 0) return known;
    const before = this.#histories[history] ?? this.#summary.initial;
    const next = this.#numberOf(
      reaction.events.reduce((earlier, event) => this.#summary.after(earlier, event), before),
    );
    this.#after.add(history, reaction.number, next);
    return next;
  }

  eventsOf(): readonly ExternalEvent[] {
    throw new HistoryError("Of the history only a summary is part of explored states.");
  }

  #numberOf(history: History): number {
    const text = canonicalText(history);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#histories.length);
    return this.#histories.push(history) - 1;
  }
}
