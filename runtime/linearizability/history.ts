/** What clients did and saw, as a checker takes it. */

/**
 * One operation of one client.
 *
 * Times are positions in real time, of any unit: only their order counts. Of two operations the first precedes the second
 * when it returned before (not at the same time as) the second was invoked; otherwise they are concurrent.
 */
export interface Operation<Input = unknown, Output = unknown> {
  /** Who issued it. Only for people: a process may have several operations under way. */
  readonly process: string | number;
  readonly input: Input;
  /** What came back. Undefined when nobody knows, or when there is nothing to know. */
  readonly output?: Output | undefined;
  readonly invoked: number;
  /** `Infinity` for an operation that is open: it may take effect at any time after it was invoked, or never. */
  readonly returned: number;
}

export function isOpen({ returned }: Operation): boolean {
  return returned === Number.POSITIVE_INFINITY;
}

/** The same operation, had nobody seen it return. */
export function forgotten<Input, Output>(operation: Operation<Input, Output>): Operation<Input, Output> {
  return { ...operation, output: undefined, returned: Number.POSITIVE_INFINITY };
}

/** @throws RangeError for an operation that returns before it is invoked. */
export function assertOperation({ process, invoked, returned }: Operation): void {
  if (Number.isFinite(invoked) && returned >= invoked) return;
  throw new RangeError(
    `An operation of process ${String(process)} is invoked at ${invoked} and returns at ${returned}: ` +
      "it has to be invoked at a finite time, and to return at or after that, or at Infinity.",
  );
}
