/** What all formats of histories say, and how it becomes operations. */
import type { Operation } from "../history.ts";
import { HistoryError } from "./historyError.ts";

/** A line of a history. Its place in the file is its time: lines are in the order in which things happened. */
export interface HistoryEvent {
  readonly process: string | number;
  /**
   * A process invokes an operation, and then it is `ok`, or has certainly not happened (`fail`), or nobody knows (`info`: it may
   * have taken effect, may yet do so, or never will).
   */
  readonly type: "invoke" | "ok" | "fail" | "info";
  readonly f: string;
  readonly key?: unknown;
  /** Of an invocation the argument, of an `ok` what came back; null when there is none. */
  readonly value: unknown;
  readonly line: number;
}

/** How the operations of a model are written in histories. Both functions throw an Error for what the model does not know. */
export interface Dialect<Input, Output> {
  readonly input: (call: HistoryEvent) => Input;
  /** Undefined when nothing came back that the model could compare. */
  readonly output: (answer: HistoryEvent, input: Input) => Output | undefined;
  /** What a `fail` says of an operation; undefined when it says that it has not happened. */
  readonly failure?: (input: Input) => Output | undefined;
}

/**
 * The operations of a history.
 *
 * @throws HistoryError for a response without an invocation, an invocation while the process waits for a response, and
 *   what the dialect does not know.
 */
export function operationsOf<Input, Output>(
  events: Iterable<HistoryEvent>,
  dialect: Dialect<Input, Output>,
): readonly Operation<Input, Output>[] {
  const operations: Operation<Input, Output>[] = [];
  const calls = new Map<
    string | number,
    { readonly call: HistoryEvent; readonly input: Input; readonly invoked: number }
  >();
  let time = 0;
  for (const event of events) {
    const { process, type, f, line } = event;
    const name = `Process ${String(process)}`;
    const waiting = calls.get(process);
    time += 1;
    if (type === "invoke") {
      if (waiting !== undefined) {
        const { call } = waiting;
        throw new HistoryError(`${name} invokes ${f} while its ${call.f} of line ${call.line} is under way.`, line);
      }
      calls.set(process, { call: event, input: understood(() => dialect.input(event), line), invoked: time });
      continue;
    }
    if (waiting === undefined) throw new HistoryError(`${name} has no ${f} under way that could be ${type}.`, line);
    const { call, input, invoked } = waiting;
    if (call.f !== f) throw new HistoryError(`${name} has invoked ${call.f} in line ${call.line}, not ${f}.`, line);
    calls.delete(process);
    switch (type) {
      case "ok":
        operations.push({
          process,
          input,
          output: understood(() => dialect.output(event, input), line),
          invoked,
          returned: time,
        });
        break;
      case "fail": {
        const output = dialect.failure?.(input);
        if (output !== undefined) operations.push({ process, input, output, invoked, returned: time });
        break;
      }
      case "info":
        operations.push({ process, input, invoked, returned: Number.POSITIVE_INFINITY });
        break;
    }
  }
  for (const [process, { input, invoked }] of calls) {
    operations.push({ process, input, invoked, returned: Number.POSITIVE_INFINITY });
  }
  return operations;
}

function understood<T>(read: () => T, line: number): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error) throw new HistoryError(error.message, line);
    throw error;
  }
}

const TYPES: ReadonlySet<unknown> = new Set(["invoke", "ok", "fail", "info"]);

export function isEventType(type: unknown): type is HistoryEvent["type"] {
  return TYPES.has(type);
}
