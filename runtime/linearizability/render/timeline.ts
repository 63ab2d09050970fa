/**
 * Where the operations of a history are drawn: processes from top to bottom, time from left to right. Time is not to scale: each
 * invocation and response has a column after the one before, and far enough for what is written between the two.
 */
import { isOpen, type Operation } from "../history.ts";

export interface Drawn<Input, Output> {
  readonly operation: Operation<Input, Output>;
  readonly label: string;
  readonly row: number;
  /** Columns, in characters. An open operation ends at the end of the drawing. */
  readonly from: number;
  readonly to: number;
  readonly isOpen: boolean;
  /** The column at which it takes effect, and how manieth it is, from 1; undefined when that is not known. */
  readonly effect: { readonly column: number; readonly place: number } | undefined;
  readonly isMarked: boolean;
}

export interface Timeline<Input, Output> {
  /** The process of each row. One with several operations under way at once has several. */
  readonly rows: readonly string[];
  readonly columns: number;
  readonly drawn: readonly Drawn<Input, Output>[];
}

export interface Drawing<Input, Output> {
  readonly describe: (input: Input, output: Output | undefined) => string;
  /** An order in which operations take effect; a point is drawn for each. */
  readonly order?: readonly Operation<Input, Output>[] | undefined;
  /** Operations that are pointed out: those that contradict each other. */
  readonly marked?: readonly Operation<Input, Output>[] | undefined;
}

interface Edge {
  readonly index: number;
  readonly time: number;
  readonly isCall: boolean;
}

export function layOut<Input, Output>(
  operations: readonly Operation<Input, Output>[],
  { describe, order = [], marked = [] }: Drawing<Input, Output>,
): Timeline<Input, Output> {
  const labels = operations.map(({ input, output }) => printable(describe(input, output)));
  const edges = edgesOf(operations);
  const { rows, rowOf } = rowsOf(operations, edges);
  const from = new Map<number, number>();
  const to = new Map<number, number>();
  const freeFrom = rows.map(() => 0);
  let column = -1;
  for (const { index, isCall } of edges) {
    const row = rowOf[index] ?? 0;
    const room = (labels[index]?.length ?? 0) + PADDING;
    if (isCall) {
      column = Math.max(column + 1, freeFrom[row] ?? 0);
      from.set(index, column);
    } else {
      column = Math.max(column + 1, (from.get(index) ?? 0) + room);
      to.set(index, column);
      freeFrom[row] = column + 1;
    }
  }
  const open = [...from].filter(([index]) => !to.has(index));
  const end = Math.max(column + 2, ...open.map(([index, start]) => start + (labels[index]?.length ?? 0) + PADDING));
  const effects = effectsOf(operations, order, from, to, end);
  const set = new Set(marked);
  return {
    rows,
    columns: end + 1,
    drawn: operations.map((operation, index) => ({
      operation,
      label: labels[index] ?? "",
      row: rowOf[index] ?? 0,
      from: from.get(index) ?? 0,
      to: to.get(index) ?? end,
      isOpen: isOpen(operation),
      effect: effects.get(operation),
      isMarked: set.has(operation),
    })),
  };
}

/** Left and right of a label, with the brackets. */
const PADDING = 3;

function edgesOf(operations: readonly Operation[]): readonly Edge[] {
  const edges = operations.flatMap((operation, index): Edge[] => [
    { index, time: operation.invoked, isCall: true },
    ...(isOpen(operation) ? [] : [{ index, time: operation.returned, isCall: false }]),
  ]);
  return edges.sort((a, b) => a.time - b.time || Number(b.isCall) - Number(a.isCall) || a.index - b.index);
}

function rowsOf(
  operations: readonly Operation[],
  edges: readonly Edge[],
): { readonly rows: readonly string[]; readonly rowOf: readonly number[] } {
  const lanes: { readonly process: string; busy: boolean; readonly taken: number[] }[] = [];
  for (const { index, isCall } of edges) {
    const process = printable(String(operations[index]?.process));
    const mine = lanes.filter((lane) => lane.process === process);
    if (isCall) {
      const free = mine.find(({ busy }) => !busy);
      if (free === undefined) lanes.push({ process, busy: true, taken: [index] });
      else {
        free.busy = true;
        free.taken.push(index);
      }
    } else {
      const own = mine.find(({ taken }) => taken.at(-1) === index);
      if (own !== undefined) own.busy = false;
    }
  }
  lanes.sort((a, b) => a.process.localeCompare(b.process, "en", { numeric: true }));
  const rowOf: number[] = [];
  for (const [row, { taken }] of lanes.entries()) for (const index of taken) rowOf[index] = row;
  return { rows: lanes.map(({ process }) => process), rowOf };
}

/** As early as an operation can take effect, after those that take effect before it. */
function effectsOf<Input, Output>(
  operations: readonly Operation<Input, Output>[],
  order: readonly Operation<Input, Output>[],
  from: ReadonlyMap<number, number>,
  to: ReadonlyMap<number, number>,
  end: number,
): ReadonlyMap<Operation<Input, Output>, { readonly column: number; readonly place: number }> {
  const indices = new Map(operations.map((operation, index) => [operation, index]));
  const effects = new Map<Operation<Input, Output>, { readonly column: number; readonly place: number }>();
  let column = -1;
  for (const [i, operation] of order.entries()) {
    const index = indices.get(operation);
    if (index === undefined) continue;
    const earliest = Math.max(column, (from.get(index) ?? 0) + 1);
    column = Math.min(earliest, Math.max(column, (to.get(index) ?? end) - 1));
    effects.set(operation, { column, place: i + 1 });
  }
  return effects;
}

/** Without what would break a line, or turn its direction. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, "\uFFFD");
}
