/**
 * A history as Wing and Gong's search walks through it: the invocations and responses of the operations that return, in
 * the order of their times, as a doubly linked list from which operations are lifted as they take effect (Lowe's version). Beside it
 * the open operations, each with the place in that order from which on it may take effect.
 */
import { isOpen, type Operation } from "./history.ts";
import { at } from "./typedArrays.ts";

export class Entries<Input, Output> {
  /** Those that return, in the order of their invocations. */
  readonly completed: readonly Operation<Input, Output>[];
  /** Those that do not and can matter, in the order of their invocations. */
  readonly open: readonly Operation<Input, Output>[];
  /** The entry of each completed operation's invocation, and of its response. */
  readonly callOf: Int32Array;
  readonly returnOf: Int32Array;
  /** The operation of each entry. */
  readonly operationOf: Int32Array;
  readonly isReturn: Uint8Array;
  /** The first entry after the invocation of each open operation. */
  readonly openFrom: Int32Array;
  /** The place before the first entry. */
  readonly head: number;
  private readonly next: Int32Array;
  private readonly previous: Int32Array;

  /** @param canMatter Whether an open operation can change what others see. */
  constructor(
    operations: readonly Operation<Input, Output>[],
    canMatter: (operation: Operation<Input, Output>) => boolean,
  ) {
    const byInvocation = sortedUnlessSorted(operations, ({ invoked }) => invoked);
    this.completed = byInvocation.filter((operation) => !isOpen(operation));
    const lastReturn = this.completed.reduce(
      (last, { returned }) => Math.max(last, returned),
      Number.NEGATIVE_INFINITY,
    );
    this.open = byInvocation.filter(
      (operation) => isOpen(operation) && operation.invoked <= lastReturn && canMatter(operation),
    );
    const count = this.completed.length;
    this.callOf = new Int32Array(count);
    this.returnOf = new Int32Array(count);
    this.operationOf = new Int32Array(2 * count);
    this.isReturn = new Uint8Array(2 * count);
    this.openFrom = new Int32Array(this.open.length);
    this.place();
    this.head = 2 * count;
    this.next = Int32Array.from({ length: 2 * count + 1 }, (_, entry) => entry + 1);
    this.previous = Int32Array.from({ length: 2 * count + 1 }, (_, entry) => entry - 1);
    this.next[this.head] = 0;
    this.previous[0] = this.head;
  }

  after(entry: number): number {
    return at(this.next, entry);
  }

  /** Takes an operation out of the list. */
  lift(operation: number): void {
    this.unlink(at(this.callOf, operation));
    this.unlink(at(this.returnOf, operation));
  }

  /** Puts the operation back that was lifted last. */
  unlift(operation: number): void {
    this.relink(at(this.returnOf, operation));
    this.relink(at(this.callOf, operation));
  }

  private unlink(entry: number): void {
    const [before, after] = [at(this.previous, entry), at(this.next, entry)];
    this.next[before] = after;
    if (after < this.head) this.previous[after] = before;
  }

  private relink(entry: number): void {
    const [before, after] = [at(this.previous, entry), at(this.next, entry)];
    this.next[before] = entry;
    if (after < this.head) this.previous[after] = entry;
  }

  /** Of an invocation and a response at the same time the invocation comes first: they are concurrent. */
  private place(): void {
    const { completed, open } = this;
    const returns = sortedUnlessSorted([...completed.keys()], (operation) => completed[operation]?.returned ?? 0);
    let [entry, called, opened] = [0, 0, 0];
    for (const operation of returns) {
      const returned = completed[operation]?.returned ?? 0;
      for (;;) {
        const call = completed[called]?.invoked ?? Number.POSITIVE_INFINITY;
        const opening = open[opened]?.invoked ?? Number.POSITIVE_INFINITY;
        if (Math.min(call, opening) > returned) break;
        if (opening < call) {
          this.openFrom[opened++] = entry;
        } else {
          this.operationOf[entry] = called;
          this.callOf[called++] = entry++;
        }
      }
      this.operationOf[entry] = operation;
      this.isReturn[entry] = 1;
      this.returnOf[operation] = entry++;
    }
  }
}

function sortedUnlessSorted<One>(list: readonly One[], time: (one: One) => number): readonly One[] {
  let last = Number.NEGATIVE_INFINITY;
  for (const one of list) {
    const now = time(one);
    if (now < last) return [...list].sort((a, b) => time(a) - time(b));
    last = now;
  }
  return list;
}
