/**
 * Histories as Jepsen logs them, and Porcupine keeps them for its tests:
 *
 *     INFO  jepsen.util - 2	:invoke	:write	2
 *     INFO  jepsen.util - 2	:ok	:write	2
 *
 * Other lines of a log say nothing of operations, and are left out. So is what comes after the value of a line (`:hint 0`).
 */
import { EdnName, plainEdn, readEdn, type Edn } from "./edn.ts";
import { isEventType, type HistoryEvent } from "./events.ts";
import { HistoryError } from "./historyError.ts";
import { linesOf } from "./lines.ts";

const LINE = /^INFO.*\bjepsen\.util\b\s+-\s+(.*)$/;

/** @throws HistoryError for a line that begins like an event and is none. */
export function* readJepsenLog(text: string): Generator<HistoryEvent> {
  for (const { line, number } of linesOf(text)) {
    const [, said] = LINE.exec(line) ?? [];
    if (said === undefined) continue;
    const [process, type, f, value] = elementsOf(said, number);
    if (process instanceof EdnName) continue;
    const kind = type instanceof EdnName ? type.name.slice(1) : undefined;
    if (typeof process !== "number" || !isEventType(kind) || !(f instanceof EdnName) || value === undefined) {
      throw new HistoryError(
        "An event is: process, :invoke, :ok, :fail or :info, the operation, and its value.",
        number,
      );
    }
    yield { process, type: kind, f: f.name.slice(1), value: plainEdn(value), line: number };
  }
}

function elementsOf(said: string, number: number): readonly Edn[] {
  try {
    return Array.from(readEdn(said), ({ value }) => value);
  } catch (error) {
    if (error instanceof HistoryError) throw new HistoryError(error.message.replace(/^Line 1: /, ""), number);
    throw error;
  }
}
