/**
 * Puts other logs in the place of those of a data directory. What is to be done is written down in a file, whose
 * appearance under its name is the one moment at which the data becomes the new one: before it nothing has happened,
 * and after it everything is done again until it is done, by whoever comes first. Each step can be repeated.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { replaceFile, type FileOperations } from "./fileOperations.ts";
import { LAYOUT_FILE, writeLayout, type Layout } from "./layout.ts";

const EXCHANGE_FILE = "repartition.json";
/** Where new logs are prepared, as they will lie in the directory. */
const ARRIVALS = "repartition.new";

export interface Exchange {
  /** The name of the directory, in the data directory, that keeps what is replaced. */
  readonly backup: string;
  /** Directories of logs that are replaced, relative to the data directory. */
  readonly leaving: readonly string[];
  /** Directories of logs that are put in place. */
  readonly arriving: readonly string[];
  /** What the data directory was written under; undefined when it did not say. */
  readonly before: Layout | undefined;
  readonly after: Layout;
}

/** Whether an exchange was begun, and not finished. */
export function isExchanging(directory: string): boolean {
  return existsSync(join(directory, EXCHANGE_FILE));
}

/** An empty directory to prepare new logs in. */
export function prepareArrivals(files: FileOperations, directory: string): string {
  const arrivals = join(directory, ARRIVALS);
  files.remove(arrivals);
  files.makeDirectory(arrivals);
  return arrivals;
}

/** Removes what was prepared, and never put in place. */
export function dropArrivals(files: FileOperations, directory: string): void {
  files.remove(join(directory, ARRIVALS));
}

/** A name for a backup that no other has. */
export function freeBackupName(directory: string): string {
  for (let number = 1; ; number++) {
    const name = `backup-${String(number)}`;
    if (!existsSync(join(directory, name))) return name;
  }
}

/** Exchanges the logs for those that were prepared, which are on stable storage. */
export function beginExchange(files: FileOperations, directory: string, exchange: Exchange): void {
  replaceFile(files, directory, EXCHANGE_FILE, `${JSON.stringify(exchange, null, 2)}\n`);
}

/**
 * Finishes an exchange that was begun, if there is one.
 *
 * @returns what was exchanged; undefined when nothing was under way.
 */
export function finishExchange(files: FileOperations, directory: string): Exchange | undefined {
  if (!isExchanging(directory)) return undefined;
  const file = join(directory, EXCHANGE_FILE);
  const exchange = JSON.parse(readFileSync(file, "utf8")) as Exchange;
  const { backup, leaving, arriving, before, after } = exchange;
  const touched = new Set<string>();
  const move = (from: string, to: string): void => {
    files.makeDirectory(dirname(to));
    files.rename(from, to);
    touched.add(dirname(from)).add(dirname(to));
  };
  for (const path of leaving) {
    // Once it is in the backup, what lies in its place has arrived.
    if (!existsSync(join(directory, backup, path))) move(join(directory, path), join(directory, backup, path));
  }
  for (const path of arriving) {
    const from = join(directory, ARRIVALS, path);
    if (existsSync(from)) move(from, join(directory, path));
  }
  for (const changed of touched) files.syncDirectory(changed);
  if (before !== undefined && !existsSync(join(directory, backup, LAYOUT_FILE))) {
    files.makeDirectory(join(directory, backup));
    writeLayout(files, join(directory, backup), before);
  }
  writeLayout(files, directory, after);
  files.remove(join(directory, ARRIVALS));
  files.syncDirectory(directory);
  files.remove(file);
  files.syncDirectory(directory);
  return exchange;
}
