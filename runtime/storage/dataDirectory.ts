/** The directory in which a deployment keeps what has to survive: a log for each instance that stores anything. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Deployment } from "../deployment.ts";
import { lockDirectory } from "./directoryLock.ts";
import { diskFiles } from "./fileOperations.ts";
import { compareLayouts, layoutOf, readLayout, writeLayout, type Misfit } from "./layout.ts";
import { finishExchange } from "./exchange.ts";

export interface DataDirectory {
  readonly path: string;
  /** Lets the next run have the directory; a temporary one is removed. */
  release(): void;
}

/**
 * Takes a directory for a run. Without a path it is a temporary one.
 *
 * A directory that says nothing of its layout, because it is older, is taken when every component has its state in one
 * partition, where no key matters; else it has to be re-partitioned, which also writes down by what.
 *
 * @throws Error when another run uses it, or when it holds data of another layout. Nothing is changed then.
 */
export function takeDataDirectory(deployment: Deployment, path: string | undefined): DataDirectory {
  if (path === undefined) return temporaryDirectory();
  const directory = resolve(path);
  mkdirSync(directory, { recursive: true });
  const release = lockDirectory(directory);
  try {
    finishExchange(diskFiles, directory);
    claimLayout(deployment, directory);
  } catch (error) {
    release();
    throw error;
  }
  return { path: directory, release };
}

function temporaryDirectory(): DataDirectory {
  const temporary = mkdtempSync(join(tmpdir(), "riven-data-"));
  const remove = (): void => {
    rmSync(temporary, { recursive: true, force: true });
  };
  process.once("exit", remove); // also when the program ends without releasing it
  return {
    path: temporary,
    release: () => {
      process.off("exit", remove);
      remove();
    },
  };
}

function claimLayout(deployment: Deployment, directory: string): void {
  const wanted = layoutOf(deployment);
  const stored = readLayout(directory);
  const misfit = stored === undefined ? undefined : compareLayouts(stored, wanted);
  if (misfit !== undefined) throw new Error(describeMisfit(misfit, deployment, directory));
  if (JSON.stringify(stored) !== JSON.stringify(wanted)) writeLayout(diskFiles, directory, wanted);
}

function describeMisfit({ problem, isSpread }: Misfit, deployment: Deployment, directory: string): string {
  const advice = isSpread
    ? `Run with what it was written by, or move the state: ${repartitionCommand(deployment, directory)}`
    : "Run with what it was written by, or give another data directory.";
  return `The data in ${directory} does not fit this run: ${problem}. Nothing was changed. ${advice}`;
}

/** What moves the state to where a deployment looks for it. */
function repartitionCommand({ table }: Deployment, directory: string): string {
  const counts = new Set(
    Object.values(table.roles).flatMap(({ components }) =>
      Object.values(components).flatMap(({ partitioned, partitions }) => (partitioned ? [partitions] : [])),
    ),
  );
  // Where they differ, they are those of the routing table, which the command takes unless told otherwise.
  const [only, ...others] = counts;
  const option = only === undefined || others.length > 0 ? "" : ` --partitions ${String(only)}`;
  return `riven repartition <folder of the protocol> --data ${directory}${option}`;
}
