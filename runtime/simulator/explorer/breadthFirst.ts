/** Visits all states of a world, nearest first, until there are no more, something is wrong, or a bound is reached. */
import { getHeapStatistics } from "node:v8";
import { GrowingWords } from "./growing.ts";
import { StateStore, FingerprintSet, type States } from "./states.ts";
import type { Step, World } from "./world.ts";

export interface Bound {
  /** Distinct states; no bound unless said. */
  readonly states?: number | undefined;
  /** Transitions on the way to a state; no bound unless said. */
  readonly depth?: number | undefined;
  /** Bytes of memory, about; 3 GiB unless said. */
  readonly bytes?: number | undefined;
}

/** Says what is wrong with a new state; undefined when nothing is. */
export type Judge = (words: Uint32Array, step: Step) => string | undefined;
/** Says what is wrong with a transition. */
export type StepJudge = (step: Step) => string | undefined;

/** Where the search has got to. */
export interface Search {
  readonly distinct: number;
  readonly generated: number;
  /** Transitions on the shortest way to the states that were visited last. */
  readonly depth: number;
  /** States that wait to be visited. */
  readonly queue: number;
  readonly bytes: number;
}

/** A way to a state: which of its successors followed each state, from the initial one on. */
export type Path = readonly number[];

const DEFAULT_BYTES = 3 * 2 ** 30;
/** Of what the engine may take for objects at most this share is used. */
const HEAP_SHARE = 0.85;
/** So often the clock and the memory are looked at: once for so many states. */
const PATROL = 512;

const clock = performance.now.bind(performance); // as it is when no simulation traps it

export class BreadthFirst {
  readonly #world: World;
  readonly #bound: Bound;
  readonly #judge: Judge;
  readonly #judgeStep: StepJudge;
  readonly #visited: States;
  /** The states of one depth, each after its length; and those of the next. */
  #level = new GrowingWords();
  #nextLevel = new GrowingWords();
  #position = 0;
  #queueInLevel = 0;
  #queueNext = 0;
  /** By number, in the order of discovery: where a state came from, and as which of the successors. */
  readonly #parents = new GrowingWords();
  readonly #ordinals = new GrowingWords();
  #current = 0;
  #generated = 0;
  #depth = 0;
  #successors = 0;
  #finding: { readonly problem: string; readonly path: Path } | undefined;
  #reached: keyof Bound | undefined;
  #deadlocks = 0;
  #firstDeadlock: number | undefined;

  constructor(world: World, bound: Bound, exact: boolean, judge: Judge, judgeStep: StepJudge) {
    this.#world = world;
    this.#bound = bound;
    this.#judge = judge;
    this.#judgeStep = judgeStep;
    this.#visited = exact ? new StateStore() : new FingerprintSet();
  }

  /** What was found to be wrong, and the shortest way there. */
  get finding(): { readonly problem: string; readonly path: Path } | undefined {
    return this.#finding;
  }

  /** The bound that kept the search from visiting everything. */
  get reached(): keyof Bound | undefined {
    return this.#reached;
  }

  /** States that nothing follows although clients wait, or have not issued everything; and the way to the nearest. */
  get deadlocks(): { readonly count: number; readonly path: Path | undefined } {
    const first = this.#firstDeadlock;
    return { count: this.#deadlocks, path: first === undefined ? undefined : this.#pathTo(first) };
  }

  get progress(): Search {
    return {
      distinct: this.#visited.size,
      generated: this.#generated,
      depth: this.#depth,
      queue: this.#queueInLevel + this.#queueNext,
      bytes: this.#bytes,
    };
  }

  begin(): void {
    this.#world.visitInitial((words, length, step) => this.#discover(words, length, step));
    this.#endLevel();
  }

  /** Goes on for so many milliseconds. True when it has come to an end. */
  run(milliseconds: number): boolean {
    const until = clock() + milliseconds;
    const visit = (words: Uint32Array, length: number, step: Step): void => this.#discover(words, length, step);
    for (let patrol = PATROL; ;) {
      if (this.#finding !== undefined || this.#reached !== undefined) return true;
      if (this.#position === this.#level.length) {
        if (this.#queueNext === 0) return true;
        this.#endLevel();
        this.#depth++;
      }
      if (this.#depth === this.#bound.depth) {
        this.#reached = "depth";
        return true;
      }
      const from = this.#position + 1;
      this.#position = from + this.#level.get(from - 1);
      this.#successors = 0;
      const words = this.#level.slice(from, this.#position);
      this.#world.visitSuccessors(words, visit);
      if (this.#successors === 0) this.#noteEnd(words);
      this.#current++;
      this.#queueInLevel--;
      if (--patrol === 0) {
        patrol = PATROL;
        this.#checkMemory();
        if (clock() >= until) return false;
      }
    }
  }

  /** All the memory that the search takes. */
  get #bytes(): number {
    return (
      this.#visited.bytes +
      this.#level.bytes +
      this.#nextLevel.bytes +
      this.#parents.bytes +
      this.#ordinals.bytes +
      this.#world.bytes
    );
  }

  #discover(words: Uint32Array, length: number, step: Step): void {
    if (this.#finding !== undefined || this.#reached !== undefined) return;
    const ordinal = this.#successors++;
    this.#generated++;
    const wrong = this.#judgeStep(step);
    if (wrong !== undefined) {
      this.#finding = {
        problem: wrong,
        path: this.#parents.length === 0 ? [] : [...this.#pathTo(this.#current), ordinal],
      };
      return;
    }
    if (this.#visited.size === this.#bound.states) {
      if (!this.#visited.has(words, length)) this.#reached = "states";
      return;
    }
    if (!this.#visited.add(words, length)) return;
    const number = this.#parents.length;
    this.#parents.push(this.#current);
    this.#ordinals.push(ordinal);
    this.#nextLevel.push(length);
    this.#nextLevel.pushAll(words, length);
    this.#queueNext++;
    const problem = this.#judge(words.subarray(0, length), step);
    if (problem !== undefined) this.#finding = { problem, path: this.#pathTo(number) };
  }

  #endLevel(): void {
    [this.#level, this.#nextLevel] = [this.#nextLevel, this.#level];
    this.#nextLevel.clear();
    this.#position = 0;
    this.#queueInLevel = this.#queueNext;
    this.#queueNext = 0;
  }

  #noteEnd(words: Uint32Array): void {
    if (this.#world.isDone(words)) return;
    this.#deadlocks++;
    this.#firstDeadlock ??= this.#current;
  }

  #checkMemory(): void {
    const { bytes = DEFAULT_BYTES } = this.#bound;
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    // Lists double when they are full: the next one to do so needs as much again.
    const growth = Math.max(this.#visited.bytesToAdd, 2 * this.#nextLevel.bytes);
    if (this.#bytes + growth > bytes || used > HEAP_SHARE * limit) this.#reached = "bytes";
  }

  /** The initial state is number 0, and was nobody's successor. */
  #pathTo(number: number): Path {
    const path: number[] = [];
    for (let at = number; at > 0; at = this.#parents.get(at)) path.push(this.#ordinals.get(at));
    return path.reverse();
  }
}
