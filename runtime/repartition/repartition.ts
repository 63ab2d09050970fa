/**
 * Moves durable state to other partitions, while nothing runs: reads the logs of all partitions, gives each entry to the
 * partition that owns it under the new number, writes new logs, reads them back, and puts them in place of the old ones,
 * which are kept. Up to one moment nothing has changed, and after it everything has; see exchange.ts.
 */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { Deployment, DeployedRole } from "../deployment.ts";
import type { ComponentRoute } from "../routing/routingTable.ts";
import { lockDirectory } from "../storage/directoryLock.ts";
import {
  beginExchange,
  dropArrivals,
  finishExchange,
  freeBackupName,
  isExchanging,
  prepareArrivals,
} from "../storage/exchange.ts";
import { diskFiles, type FileOperations } from "../storage/fileOperations.ts";
import { instanceDirectory } from "../storage/instanceDirectory.ts";
import {
  compareComponents,
  findLastingMisfit,
  layoutOf,
  readLayout,
  type ComponentLayout,
  type Layout,
} from "../storage/layout.ts";
import { DamagedLogError } from "../storage/readLog.ts";
import { FIRST_SEGMENT } from "../storage/wholeLog.ts";
import { assertSame, countEntries, spreadComponent, uniteComponent, type ComponentState } from "./componentState.ts";
import { endCoordination } from "./endCoordination.ts";
import { encodePartitionState, readPartitionState, type PartitionState } from "./partitionState.ts";
import { RepartitionRefusal } from "./refusal.ts";

export interface RepartitionOptions {
  /** With the partitions that there are to be. */
  readonly deployment: Deployment;
  /** The data directory. Absolute. */
  readonly data: string;
  /** Only the components of this name. */
  readonly component?: string | undefined;
  /** Reads and checks everything, and changes nothing. */
  readonly dryRun?: boolean | undefined;
  readonly progress?: ((text: string) => void) | undefined;
  readonly files?: FileOperations | undefined;
}

export interface RepartitionResult {
  readonly moves: readonly ComponentMove[];
  /** The directory with what was replaced; undefined when nothing was. */
  readonly backup: string | undefined;
  /** The backup of an earlier re-partitioning that had been interrupted, and was finished first. */
  readonly finished: string | undefined;
}

export interface ComponentMove {
  /** `Role/id#component` */
  readonly component: string;
  readonly from: number;
  readonly to: number;
  /** How many entries of spread fields each new partition has. */
  readonly entries: readonly number[];
  readonly journalRecords: number;
}

/** A component of a node whose state is to be spread otherwise. */
interface Change {
  readonly name: string;
  readonly role: DeployedRole;
  readonly id: string;
  readonly route: ComponentRoute;
  readonly component: string;
  readonly before: ComponentLayout;
  readonly after: ComponentLayout;
}

/**
 * @throws Error when there is no data, something uses it, or it belongs to something else; RepartitionRefusal when it cannot
 *   be moved as it is. Nothing has changed then.
 */
export function repartition(options: RepartitionOptions): RepartitionResult {
  const { data: directory, files = diskFiles, dryRun = false } = options;
  if (!existsSync(directory)) throw new Error(`There is no data directory ${directory}.`);
  const release = lockDirectory(directory);
  try {
    if (dryRun && isExchanging(directory)) {
      throw new Error(
        "An earlier re-partitioning was interrupted. Run the command without --dry-run, which finishes it.",
      );
    }
    const finished = finishExchange(files, directory);
    return { ...moveAll(options, files), finished: finished && join(directory, finished.backup) };
  } finally {
    release();
  }
}

function moveAll(options: RepartitionOptions, files: FileOperations): Omit<RepartitionResult, "finished"> {
  const { deployment, data: directory, dryRun = false } = options;
  const stored = readLayout(directory);
  if (stored === undefined) throw new Error(`There is no durable state in ${directory}.`);
  const wanted = layoutOf(deployment);
  const misfit = findLastingMisfit(stored, wanted);
  if (misfit !== undefined) throw new Error(`The data in ${directory} does not fit: ${misfit}.`);
  const changes = findChanges(options, stored, wanted);
  if (changes.length === 0) return { moves: [], backup: undefined };
  const arrivals = dryRun ? undefined : prepareArrivals(files, directory);
  const moves: ComponentMove[] = [];
  const leaving: string[] = [];
  const arriving: string[] = [];
  try {
    for (const [index, change] of changes.entries()) {
      options.progress?.(`${change.name} (${String(index + 1)} of ${String(changes.length)}) ...`);
      const found = readParts(directory, change);
      if (found === undefined) continue;
      const parts = naming(change, () => endCoordination(found, readCoordinator(directory, change)));
      const state = naming(change, () => uniteComponent(change.route, parts, wasPlacedByTheseKeys(change)));
      const { partitions } = change.after;
      moves.push({
        component: change.name,
        from: change.before.partitions,
        to: partitions,
        entries: countEntries(state, partitions),
        journalRecords: state.journals.length,
      });
      if (arrivals === undefined) continue;
      writeParts(files, arrivals, change, state);
      const { before, after } = change;
      leaving.push(...directoriesOf(directory, change, before.partitions, [before.coordinator, after.coordinator]));
      arriving.push(...directoriesOf(arrivals, change, partitions, [after.coordinator]));
    }
  } catch (error) {
    dropArrivals(files, directory);
    throw error;
  }
  if (arrivals === undefined) return { moves, backup: undefined };
  const backup = freeBackupName(directory);
  const after = layoutAfter(stored, wanted, changes);
  beginExchange(files, directory, { backup, leaving, arriving, before: stored, after });
  finishExchange(files, directory);
  return { moves, backup: join(directory, backup) };
}

/** @throws Error when no component has the name that was given. */
function findChanges(
  { deployment, component: only }: RepartitionOptions,
  stored: Layout,
  wanted: Layout,
): readonly Change[] {
  const roles = [...deployment.roles.values()];
  const names = new Set(roles.flatMap(({ components }) => components.map(({ name }) => name)));
  if (only !== undefined && !names.has(only)) {
    throw new Error(`There is no component ${only}. There are: ${[...names].join(", ")}.`);
  }
  return roles.flatMap((role) =>
    role.nodes.flatMap(({ id }) =>
      role.components.flatMap(({ name: component }): readonly Change[] => {
        const name = `${role.name}/${id}#${component}`;
        const [before, after] = [stored.components[name], wanted.components[name]];
        const route = deployment.table.roles[role.name]?.components[component];
        if (before === undefined || after === undefined || route === undefined) return [];
        if (only !== undefined && only !== component) return [];
        if (compareComponents(name, before, after) === undefined) return [];
        return [{ name, role, id, route, component, before, after }];
      }),
    ),
  );
}

/** What everything is written under afterwards: what was not moved stays as it was. */
function layoutAfter(stored: Layout, wanted: Layout, changes: readonly Change[]): Layout {
  const moved = new Set(changes.map(({ name }) => name));
  const components = Object.entries(wanted.components).map(
    ([name, layout]) => [name, moved.has(name) ? layout : (stored.components[name] ?? layout)] as const,
  );
  return { ...wanted, components: Object.fromEntries(components) };
}

/** Where a partition of one was, every entry belongs; where other keys held, or unknown ones, it may be anywhere. */
function wasPlacedByTheseKeys({ before, after }: Change): boolean {
  return before.partitions === 1 || before.keys?.join() === after.keys?.join();
}

/** Undefined when the component has never run. */
function readParts(directory: string, change: Change): readonly PartitionState[] | undefined {
  const parts = partitionDirectories(directory, change, change.before.partitions).map((path) =>
    naming(change, () => readPartitionState(path)),
  );
  const there = parts.flatMap((part) => part ?? []);
  if (there.length === 0) return undefined;
  if (there.length < parts.length) {
    throw new RepartitionRefusal(
      `${change.name} has ${String(parts.length)} partitions, and only ${String(there.length)} of them have a log. ` +
        "Start the system once with this number of partitions.",
    );
  }
  return there;
}

/** What the coordinator of the component has written down; undefined when there is none, or it has never run. */
function readCoordinator(directory: string, change: Change): PartitionState | undefined {
  const { coordinator } = change.before;
  if (coordinator === undefined) return undefined;
  return naming(change, () => readPartitionState(coordinatorDirectory(directory, change, coordinator)));
}

function coordinatorDirectory(root: string, { role, id }: Change, component: string): string {
  return instanceDirectory(root, { role: role.name, id, component, partition: 0 });
}

/** Writes the logs of the new partitions, and reads them back. That of their coordinator says that it has been there before, and nothing else. */
function writeParts(files: FileOperations, arrivals: string, change: Change, state: ComponentState): void {
  const { partitions } = change.after;
  const write = (path: string, log: PartitionState): void => {
    files.makeDirectory(path);
    files.write(join(path, FIRST_SEGMENT), encodePartitionState(log));
    files.syncDirectory(path);
  };
  const paths = partitionDirectories(arrivals, change, partitions);
  for (const [partition, part] of spreadComponent(state, partitions).entries()) write(paths[partition] ?? "", part);
  const { coordinator } = change.after;
  if (coordinator !== undefined)
    write(coordinatorDirectory(arrivals, change, coordinator), { fields: new Map(), journals: [] });
  const written = paths.flatMap((path) => readPartitionState(path) ?? []);
  assertSame(state, uniteComponent(change.route, written, true));
}

function partitionDirectories(root: string, { role, id, component }: Change, partitions: number): readonly string[] {
  return Array.from({ length: partitions }, (_, partition) =>
    instanceDirectory(root, { role: role.name, id, component, partition }),
  );
}

/** The directories of partitions, and of coordinators, that are there; relative to `root`. */
function directoriesOf(
  root: string,
  change: Change,
  partitions: number,
  coordinators: readonly (string | undefined)[],
): readonly string[] {
  const names = new Set(coordinators.filter((name) => name !== undefined));
  const paths = [
    ...partitionDirectories(root, change, partitions),
    ...[...names].map((name) => coordinatorDirectory(root, change, name)),
  ];
  return paths.filter((path) => existsSync(path)).map((path) => relative(root, path));
}

/** Says of which component something is wrong. */
function naming<T>({ name }: Change, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RepartitionRefusal || error instanceof DamagedLogError) {
      throw new RepartitionRefusal(`${name}: ${error.message}`);
    }
    throw error;
  }
}
