/** Histories from files, whichever format they are in. */
import type { HistoryEvent } from "./events.ts";
import { readEdnHistory, type EdnHistoryOptions } from "./ednHistory.ts";
import { readJepsenLog } from "./jepsenLog.ts";
import { readJsonLines } from "./jsonLines.ts";

export type HistoryFormat = "json" | "edn" | "log";

/** The format of a text, by what it begins with: JSON has quotes after a brace, EDN colons. */
export function formatOf(text: string): HistoryFormat {
  const beginning = text.slice(0, 4096).trimStart();
  if (/^\{\s*"/.test(beginning)) return "json";
  return /^[[({;#]/.test(beginning) ? "edn" : "log";
}

/** @throws HistoryError, while it is read, for what is not in the format. */
export function readHistory(
  text: string,
  format: HistoryFormat = formatOf(text),
  options: EdnHistoryOptions = {},
): Generator<HistoryEvent> {
  switch (format) {
    case "json":
      return readJsonLines(text);
    case "edn":
      return readEdnHistory(text, options);
    case "log":
      return readJepsenLog(text);
  }
}
