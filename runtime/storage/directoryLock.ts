/** One run, or one command, has a data directory at a time. */
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

const LOCK_FILE = "lock";

/**
 * Takes the directory. A process that was killed leaves its lock behind; it counts only while the process lives.
 *
 * @returns what lets go of it
 * @throws Error when another process, or something else in this one, has it.
 */
export function lockDirectory(directory: string): () => void {
  const lock = join(directory, LOCK_FILE);
  if (existsSync(lock)) {
    const owner = Number(readFileSync(lock, "utf8"));
    if (owner !== process.pid && isAlive(owner)) {
      throw new Error(
        `Another run, of process ${String(owner)}, uses the data in ${directory}. ` +
          `Stop it first, or remove ${lock} if that process is something else.`,
      );
    }
    if (owner === process.pid) throw new Error(`Another run in this process uses the data in ${directory}.`);
    rmSync(lock);
  }
  const file = openSync(lock, "wx");
  writeSync(file, String(process.pid));
  closeSync(file);
  return () => {
    rmSync(lock, { force: true });
  };
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
