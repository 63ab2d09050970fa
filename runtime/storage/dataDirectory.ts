/** The directory in which a deployment keeps what has to survive: a log for each instance that stores anything. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Deployment } from "../deployment.ts";
import type { InstanceAddress } from "../routing/address.ts";

/** Says for which layout the directory holds data. */
const LAYOUT_FILE = "layout.json";
const LOCK_FILE = "lock";
const FORMAT = 1;

/** Where data is, by node and component, hence what must not change over it. */
interface Layout {
  readonly riven: number;
  readonly system: string;
  /** By `Role/id#component`, for components with durable fields: in how many partitions their state lies. */
  readonly partitions: Readonly<Record<string, number>>;
}

export interface DataDirectory {
  readonly path: string;
  /** Lets the next run have the directory; a temporary one is removed. */
  release(): void;
}

/**
 * Takes a directory for a run. Without a path it is a temporary one.
 *
 * @throws Error when another run uses it, or when it holds data of another layout: state that lies in so many partitions
 *   is found again only by the same number of them.
 */
export function takeDataDirectory(deployment: Deployment, path: string | undefined): DataDirectory {
  if (path === undefined) {
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
  const directory = resolve(path);
  mkdirSync(directory, { recursive: true });
  const lock = join(directory, LOCK_FILE);
  takeLock(lock, directory);
  try {
    claimLayout(join(directory, LAYOUT_FILE), layoutOf(deployment), directory);
  } catch (error) {
    rmSync(lock, { force: true });
    throw error;
  }
  return {
    path: directory,
    release: () => {
      rmSync(lock, { force: true });
    },
  };
}

/** The directory of an instance's log. */
export function instanceDirectory(data: string, { role, id, component, partition }: InstanceAddress): string {
  return join(data, ...[role, id, `${component}.${String(partition)}`].map(fileName));
}

/** Ids are any text, and a name such as `..` must not lead elsewhere. */
function fileName(text: string): string {
  return encodeURIComponent(text).replaceAll(/^\.+$/g, (dots) => "%2E".repeat(dots.length));
}

function layoutOf(deployment: Deployment): Layout {
  const partitions = [...deployment.roles.values()].flatMap(({ external, nodes, components }) =>
    external
      ? []
      : nodes.flatMap(({ role, id }) =>
          components
            .filter(({ durable }) => durable.length > 0)
            .map((component) => [`${role}/${id}#${component.name}`, component.partitions] as const),
        ),
  );
  return { riven: FORMAT, system: deployment.system.name, partitions: Object.fromEntries(partitions) };
}

function claimLayout(file: string, wanted: Layout, directory: string): void {
  if (!existsSync(file)) {
    writeDurably(file, `${JSON.stringify(wanted, null, 2)}\n`);
    return;
  }
  const problem = compareLayouts(JSON.parse(readFileSync(file, "utf8")) as Layout, wanted);
  if (problem === undefined) return;
  throw new Error(
    `The data in ${directory} does not fit this run: ${problem}. Durable state is not moved; ` +
      "run with what it was written by, or give another data directory.",
  );
}

function compareLayouts(stored: Layout, wanted: Layout): string | undefined {
  if (stored.riven !== FORMAT)
    return `it has the format ${String(stored.riven)}, and this version reads ${String(FORMAT)}`;
  if (stored.system !== wanted.system) return `it belongs to the system ${stored.system}, and this is ${wanted.system}`;
  for (const [component, before] of Object.entries(stored.partitions)) {
    const now = wanted.partitions[component];
    if (now === undefined) return `it has state of ${component}, and there is no such component with durable state now`;
    if (now !== before) return `${component} left its state in ${count(before)}, and now has ${count(now)}`;
  }
  const added = Object.keys(wanted.partitions).find((component) => stored.partitions[component] === undefined);
  return added === undefined ? undefined : `${added} has durable state now, and had none when the data was written`;
}

function count(partitions: number): string {
  return partitions === 1 ? "one partition" : `${String(partitions)} partitions`;
}

/** A run that was killed leaves its lock behind; it counts only while the process lives. */
function takeLock(lock: string, directory: string): void {
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
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function writeDurably(file: string, text: string): void {
  const handle = openSync(file, "wx");
  writeSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
}
