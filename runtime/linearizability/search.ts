/**
 * Wing and Gong's search for a linearization ("Testing and verifying concurrent objects", 1993), depth first, with Lowe's
 * cache of configurations, and without recursion.
 *
 * In each configuration those operations may take effect next that were invoked before the first response of one that has not.
 * Besides what the cache cuts off, three things are never tried, because they cannot be needed:
 *
 * - anything else, where a completed read is possible: an operation that changes no state, whichever it is in. Whatever order
 *   there is from here on, it can be moved to its front, and the others see the same.
 * - an open operation that would not change the state: it can as well take effect later, or never.
 * - an open operation while one with the same input is left that was invoked earlier: whatever the later one is good for, the
 *   earlier one is.
 *
 * The search ends with an order of all operations that return, or when there is nothing left to try, or with its budget.
 */
import { Entries } from "./entries.ts";
import type { Operation } from "./history.ts";
import type { Model } from "./model.ts";
import { Numbering } from "./numbering.ts";
import { keyOfPlainValue } from "./plainValue.ts";
import { at } from "./typedArrays.ts";
import { Visited, type Configuration } from "./visited.ts";

export interface Limits {
  readonly steps: number;
  readonly bytes: number;
}

/** How far a search got. */
export interface DeadEnd<Input, Output> {
  /** An order in which operations can take effect, as long as any that was found. */
  readonly order: readonly Operation<Input, Output>[];
  /** The operation that has to take effect next, because all others returned later; in none of the states it can. */
  readonly next: Operation<Input, Output>;
  /** States, at most {@link MOST_STATES}, in which all that had returned before the next operation had taken effect. */
  readonly states: readonly unknown[];
}

export type Found<Input, Output> = { readonly steps: number; readonly bytes: number } & (
  | { readonly verdict: "linearizable"; readonly order: readonly Operation<Input, Output>[] }
  | { readonly verdict: "violated"; readonly deadEnd: DeadEnd<Input, Output> }
  | { readonly verdict: "budget exhausted"; readonly placed: number }
);

export interface SearchProgress {
  readonly steps: number;
  readonly bytes: number;
  /** How many operations have taken effect in the configuration that is being looked at. */
  readonly placed: number;
}

const MOST_STATES = 8;
const BYTES_OF_STATE = 100;
const REPORT_EVERY = 2 ** 17;
/** What {@link Search.step} says of an operation that is impossible. */
const IMPOSSIBLE = -1;
const NONE = -1;

export function search<State, Input, Output>(
  operations: readonly Operation<Input, Output>[],
  model: Model<State, Input, Output>,
  limits: Limits,
  onProgress?: (progress: SearchProgress) => void,
): Found<Input, Output> {
  return new Search(operations, model, limits, onProgress).run();
}

/** A move is the entry of an invocation, or an open operation counted from the number of entries on. */
class Search<State, Input, Output> {
  private readonly model: Model<State, Input, Output>;
  private readonly limits: Limits;
  private readonly onProgress: ((progress: SearchProgress) => void) | undefined;
  private readonly entries: Entries<Input, Output>;
  private readonly firstOpen: number;

  private readonly numbers = new Numbering();
  private readonly states: State[] = [];
  private readonly visited: Visited;
  /** The open operation with the same input that was invoked before, or {@link NONE}. */
  private readonly twins: Int32Array;
  private readonly tookEffect: Uint8Array;
  /** Whether a completed operation is a read. */
  private readonly reads: Uint8Array;

  /** Where the search is; the cache is asked about it. */
  private readonly here: Configuration;
  private placed = 0;
  private steps = 0;
  private reported = 0;
  private noRoom = false;

  /** How the search got here: the moves, and what was before each. */
  private depth = 0;
  private readonly moves: Int32Array;
  private readonly statesBefore: Int32Array;
  private readonly highsBefore: Int32Array;
  /** Whether a move was the only one that had to be tried. */
  private readonly forced: Uint8Array;

  /** The dead end that is reported: the one that had to wait for the last response, and of these the longest. */
  private farthest = NONE;
  private farthestDepth = 0;
  private readonly farthestMoves: Int32Array;
  /** How many of the moves are those of {@link farthestMoves}. */
  private shared = 0;
  private readonly farthestStates = new Set<number>();

  constructor(
    operations: readonly Operation<Input, Output>[],
    model: Model<State, Input, Output>,
    limits: Limits,
    onProgress: ((progress: SearchProgress) => void) | undefined,
  ) {
    this.model = model;
    this.limits = limits;
    this.onProgress = onProgress;
    this.entries = new Entries(operations, ({ input, output }) => model.isRead?.(input, output) !== true);
    const { completed, open, head } = this.entries;
    this.firstOpen = head;
    this.visited = new Visited(limits.bytes);
    this.twins = twinsOf(open);
    this.tookEffect = new Uint8Array(open.length);
    this.reads = Uint8Array.from(completed, ({ input, output }) => (model.isRead?.(input, output) === true ? 1 : 0));
    this.here = {
      state: this.numberOf(model.init()),
      high: 0,
      stragglers: new Int32Array(completed.length),
      stragglerCount: 0,
      open: new Int32Array(open.length),
      openCount: 0,
    };
    const longest = completed.length + open.length;
    this.moves = new Int32Array(longest);
    this.statesBefore = new Int32Array(longest);
    this.highsBefore = new Int32Array(longest);
    this.forced = new Uint8Array(longest);
    this.farthestMoves = new Int32Array(longest);
  }

  run(): Found<Input, Output> {
    const { completed, head } = this.entries;
    let tried = NONE;
    while (this.placed < completed.length) {
      if (this.isExhausted()) {
        return { verdict: "budget exhausted", placed: this.placed, steps: this.steps, bytes: this.bytes };
      }
      this.report();
      const moved = (tried === NONE && this.moveWithoutChoice()) || this.moveOn(tried === NONE ? head : tried);
      if (moved) {
        tried = NONE;
        continue;
      }
      this.recordDeadEnd();
      tried = this.goBack();
      if (tried === NONE) {
        return { verdict: "violated", deadEnd: this.deadEnd(), steps: this.steps, bytes: this.bytes };
      }
    }
    return {
      verdict: "linearizable",
      order: this.orderOf(this.moves, this.depth),
      steps: this.steps,
      bytes: this.bytes,
    };
  }

  private get bytes(): number {
    return this.visited.bytes + BYTES_OF_STATE * this.states.length;
  }

  private isExhausted(): boolean {
    return this.noRoom || this.steps + this.visited.comparisons > this.limits.steps || this.bytes > this.limits.bytes;
  }

  private report(): void {
    if (this.onProgress === undefined || this.steps - this.reported < REPORT_EVERY) return;
    this.reported = this.steps;
    this.onProgress({ steps: this.steps, bytes: this.bytes, placed: this.placed });
  }

  /** Makes the move of a completed read, if one is possible: no other has to be tried. */
  private moveWithoutChoice(): boolean {
    const { entries, here } = this;
    let call = entries.after(entries.head);
    for (; at(entries.isReturn, call) === 0; call = entries.after(call)) {
      const isRead = at(this.reads, at(entries.operationOf, call)) === 1;
      if (isRead && this.stepCompleted(call) === here.state) {
        this.make(call, here.state, true);
        return true;
      }
    }
    return false;
  }

  /** Makes the next move after one that was tried (the head of the list: none yet) that leads to something new. */
  private moveOn(tried: number): boolean {
    const { entries } = this;
    if (tried <= entries.head) {
      let call = entries.after(tried);
      for (; at(entries.isReturn, call) === 0; call = entries.after(call)) {
        if (this.tryMove(call, this.stepCompleted(call))) return true;
      }
    }
    return this.moveOnOpen(tried <= entries.head ? 0 : tried - this.firstOpen);
  }

  private moveOnOpen(from: number): boolean {
    const { entries, here, twins, tookEffect } = this;
    if (from >= tookEffect.length) return false;
    const deadline = this.firstReturn();
    for (let operation = from; operation < tookEffect.length; operation++) {
      if (at(entries.openFrom, operation) > deadline) return false;
      if (at(tookEffect, operation) === 1) continue;
      const twin = at(twins, operation);
      if (twin !== NONE && at(tookEffect, twin) === 0) continue;
      const state = this.step(entries.open[operation]);
      if (state !== here.state && this.tryMove(this.firstOpen + 1 + operation, state)) return true;
    }
    return false;
  }

  /** Makes a move unless it is impossible, or leads to where the search has been. */
  private tryMove(move: number, state: number): boolean {
    if (state === IMPOSSIBLE) return false;
    this.make(move, state, false);
    this.findStragglers();
    const addition = this.visited.add(this.here);
    if (addition === "new") return true;
    if (addition === "no room") this.noRoom = true;
    this.undo();
    return false;
  }

  private make(move: number, state: number, isForced: boolean): void {
    const { depth, here, entries } = this;
    this.moves[depth] = move;
    this.statesBefore[depth] = here.state;
    this.highsBefore[depth] = here.high;
    this.forced[depth] = isForced ? 1 : 0;
    this.depth += 1;
    here.state = state;
    if (move > this.firstOpen) {
      const operation = move - this.firstOpen - 1;
      this.tookEffect[operation] = 1;
      insert(here.open, here.openCount++, operation);
    } else {
      const operation = at(entries.operationOf, move);
      entries.lift(operation);
      here.high = Math.max(here.high, operation + 1);
      this.placed += 1;
    }
  }

  /** Takes back the last move, and returns it. */
  private undo(): number {
    const { here, entries } = this;
    this.depth -= 1;
    const move = at(this.moves, this.depth);
    this.shared = Math.min(this.shared, this.depth);
    here.state = at(this.statesBefore, this.depth);
    here.high = at(this.highsBefore, this.depth);
    if (move > this.firstOpen) {
      const operation = move - this.firstOpen - 1;
      this.tookEffect[operation] = 0;
      remove(here.open, here.openCount--, operation);
    } else {
      entries.unlift(at(entries.operationOf, move));
      this.placed -= 1;
    }
    return move;
  }

  /** Takes back moves up to one that had alternatives, and returns it; {@link NONE} when there is none. */
  private goBack(): number {
    while (this.depth > 0) {
      const move = this.undo();
      if (at(this.forced, this.depth) === 0) return move;
    }
    return NONE;
  }

  private findStragglers(): void {
    const { entries, here } = this;
    here.stragglerCount = 0;
    let call = entries.after(entries.head);
    for (; call < entries.head && at(entries.isReturn, call) === 0; call = entries.after(call)) {
      const operation = at(entries.operationOf, call);
      if (operation >= here.high) return;
      here.stragglers[here.stragglerCount++] = operation;
    }
  }

  private firstReturn(): number {
    const { entries } = this;
    let entry = entries.after(entries.head);
    while (at(entries.isReturn, entry) === 0) entry = entries.after(entry);
    return entry;
  }

  private stepCompleted(call: number): number {
    return this.step(this.entries.completed[at(this.entries.operationOf, call)]);
  }

  /** The number of the state after an operation. */
  private step(operation: Operation<Input, Output> | undefined): number {
    this.steps += 1;
    if (operation === undefined) return IMPOSSIBLE;
    const state = this.states[this.here.state] as State;
    const step = this.model.step(state, operation.input, operation.output);
    return step.ok ? this.numberOf(step.state) : IMPOSSIBLE;
  }

  private numberOf(state: State): number {
    const number = this.numbers.of(this.model.key === undefined ? state : this.model.key(state));
    if (number === this.states.length) this.states.push(state);
    return number;
  }

  private recordDeadEnd(): void {
    const end = this.firstReturn();
    if (end < this.farthest || (end === this.farthest && this.farthestStates.size >= MOST_STATES)) return;
    if (end > this.farthest) this.farthestStates.clear();
    this.farthestStates.add(this.here.state);
    if (end > this.farthest || this.depth > this.farthestDepth) {
      this.farthest = end;
      this.farthestDepth = this.depth;
      this.farthestMoves.set(this.moves.subarray(this.shared, this.depth), this.shared);
      this.shared = this.depth;
    }
  }

  private deadEnd(): DeadEnd<Input, Output> {
    const { entries } = this;
    const next = entries.completed[at(entries.operationOf, this.farthest)];
    if (next === undefined) throw new Error("A history without operations was found to be wrong.");
    return {
      next,
      order: this.orderOf(this.farthestMoves, this.farthestDepth),
      states: [...this.farthestStates].map((number) => this.states[number]),
    };
  }

  private orderOf(moves: Int32Array, length: number): readonly Operation<Input, Output>[] {
    const { completed, open, operationOf } = this.entries;
    return Array.from(moves.subarray(0, length), (move) =>
      move > this.firstOpen ? open[move - this.firstOpen - 1] : completed[at(operationOf, move)],
    ).filter((operation) => operation !== undefined);
  }
}

function twinsOf(open: readonly Operation[]): Int32Array {
  const last = new Map<unknown, number>();
  return Int32Array.from(open, ({ input }, operation) => {
    const key = keyOfPlainValue(input);
    const twin = key === undefined ? undefined : last.get(key);
    last.set(key, operation);
    return twin ?? NONE;
  });
}

/** Into the first `count` of a list in ascending order. */
function insert(list: Int32Array, count: number, value: number): void {
  let place = count;
  for (; place > 0 && at(list, place - 1) > value; place--) list[place] = at(list, place - 1);
  list[place] = value;
}

function remove(list: Int32Array, count: number, value: number): void {
  const place = list.subarray(0, count).indexOf(value);
  list.copyWithin(place, place + 1, count);
}
