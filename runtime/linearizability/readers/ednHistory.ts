/**
 * Histories in EDN, as Jepsen, Knossos and the tests of Porcupine write them: maps with `:process`, `:type`, `:f`, `:value`, and of a
 * key-value store `:key`; one after the other, or all in one vector or list. What the nemesis does is left out. Other entries say
 * nothing that matters here.
 */
import { EdnMap, EdnName, plainEdn, readEdn, type Edn } from "./edn.ts";
import { isEventType, type HistoryEvent } from "./events.ts";
import { HistoryError } from "./historyError.ts";

export interface EdnHistoryOptions {
  /** Whether values are tuples `[key value]`, as `jepsen.independent` makes them. */
  readonly independent?: boolean;
}

/** @throws HistoryError for what is not such a history. */
export function* readEdnHistory(
  text: string,
  { independent = false }: EdnHistoryOptions = {},
): Generator<HistoryEvent> {
  for (const { value, line } of readEdn(text)) {
    if (!(value instanceof EdnMap)) throw new HistoryError("An event is a map, such as {:process 0, ...}.", line);
    const fields = new Map<string, Edn>();
    for (const [key, one] of value.entries) {
      if (!(key instanceof EdnName)) throw new HistoryError("The keys of an event are keywords.", line);
      if (fields.has(key.name)) throw new HistoryError(`${key.name} is there twice.`, line);
      fields.set(key.name, one);
    }
    const process = plainEdn(fields.get(":process") ?? null);
    if (process === ":nemesis") continue;
    if (typeof process !== "number" && typeof process !== "string") {
      throw new HistoryError(":process has to be a number or a name.", line);
    }
    const type = nameIn(fields, ":type", line);
    if (!isEventType(type)) throw new HistoryError(":type has to be :invoke, :ok, :fail or :info.", line);
    const event = { process, type, f: nameIn(fields, ":f", line), line };
    const given = plainEdn(fields.get(":value") ?? null);
    if (!independent) {
      const key = fields.get(":key");
      yield { ...event, value: given, ...(key === undefined ? {} : { key: plainEdn(key) }) };
      continue;
    }
    if (!Array.isArray(given) || given.length !== 2) {
      throw new HistoryError("With independent keys :value has to be [key value].", line);
    }
    const [key, own] = given as readonly unknown[];
    yield { ...event, key, value: own };
  }
}

/** The name of a keyword or symbol, without its colon. */
function nameIn(fields: ReadonlyMap<string, Edn>, field: string, line: number): string {
  const value = fields.get(field);
  if (typeof value === "string") return value;
  if (value instanceof EdnName) return value.name.replace(/^:/, "");
  throw new HistoryError(`${field} has to be a keyword.`, line);
}
