/**
 * Histories as JSON, one event in each line:
 *
 *     {"process": 0, "type": "invoke", "f": "write", "value": 3}
 *     {"process": 0, "type": "ok", "f": "write"}
 *
 * `key` says which object is meant when there are many. `time` may be there, and then never goes back. Other names are not known,
 * but for `index` and `error`, which say nothing that matters here. Empty lines are fine.
 */
import { isEventType, type HistoryEvent } from "./events.ts";
import { HistoryError } from "./historyError.ts";
import { linesOf } from "./lines.ts";

const NAMES: ReadonlySet<string> = new Set(["process", "type", "f", "key", "value", "time", "index", "error"]);

/** @throws HistoryError for a line that is not such an event. */
export function* readJsonLines(text: string): Generator<HistoryEvent> {
  let latest = Number.NEGATIVE_INFINITY;
  for (const { line, number } of linesOf(text)) {
    if (line.trim() === "") continue;
    const { process, type, f, key, value = null, time, ...rest } = parse(line, number);
    const unknown = Object.keys(rest).find((name) => !NAMES.has(name));
    if (unknown !== undefined) throw new HistoryError(`${JSON.stringify(unknown)} is not part of an event.`, number);
    if (typeof process !== "string" && typeof process !== "number") {
      throw new HistoryError('"process" has to be a text or a number.', number);
    }
    if (!isEventType(type)) throw new HistoryError('"type" has to be "invoke", "ok", "fail" or "info".', number);
    if (typeof f !== "string") throw new HistoryError('"f", the name of the operation, has to be a text.', number);
    if (time !== undefined) {
      if (typeof time !== "number") throw new HistoryError('"time" has to be a number.', number);
      if (time < latest) throw new HistoryError(`Its time, ${time}, is before that of the line before.`, number);
      latest = time;
    }
    yield { process, type, f, value, line: number, ...(key === undefined ? {} : { key }) };
  }
}

function parse(line: string, number: number): { readonly [name: string]: unknown } {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (error) {
    throw new HistoryError(`This is not JSON. ${error instanceof Error ? error.message : ""}`.trimEnd(), number);
  }
  if (typeof event !== "object" || event === null || Array.isArray(event)) {
    throw new HistoryError('An event is a record, such as {"process": 0, "type": "invoke", "f": "read"}.', number);
  }
  return event as { readonly [name: string]: unknown };
}
