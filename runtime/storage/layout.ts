/**
 * Under which layout durable state was written: state that lies in so many partitions, by such keys, is found again only
 * by the same number of them and the same keys. The data directory says so in a file, which is there before the first
 * record is.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment, DeployedComponent, DeployedRole } from "../deployment.ts";
import { replaceFile, type FileOperations } from "./fileOperations.ts";
import { fileName } from "./instanceDirectory.ts";

export const LAYOUT_FILE = "layout.json";
const FORMAT = 2;
/** The format that said how many partitions there are, and not by which keys. */
const FORMAT_WITHOUT_KEYS = 1;
/** Logs, and no file. */
const NO_FORMAT = 0;

export interface Layout {
  /** The format; less than the current one when nobody wrote all of this down. */
  readonly riven: number;
  /** Undefined where only the logs themselves are left to tell. */
  readonly system: string | undefined;
  /** By `Role/id#component`, for components that keep anything. */
  readonly components: Readonly<Record<string, ComponentLayout>>;
}

export interface ComponentLayout {
  readonly partitions: number;
  /** What its messages are keyed by, as people read it; undefined when nobody wrote it down. */
  readonly keys: readonly string[] | undefined;
  /** The fields of which every partition has a copy. */
  readonly replicates: readonly string[];
  /** The component that puts in order what all partitions do, and remembers what it has decided; left out when there is none. */
  readonly coordinator?: string | undefined;
}

/** Why data does not fit, and whether it is only spread otherwise. */
export interface Misfit {
  readonly problem: string;
  readonly isSpread: boolean;
}

/** What a deployment expects. */
export function layoutOf(deployment: Deployment): Layout {
  const components = [...deployment.roles.values()].flatMap((role) =>
    role.external
      ? []
      : role.components
          .filter((component) => keeps(role, component))
          .flatMap((component) => {
            const layout = componentLayout(deployment, role, component);
            return role.nodes.map(({ id }) => [`${role.name}/${id}#${component.name}`, layout] as const);
          }),
  );
  return { riven: FORMAT, system: deployment.system.name, components: Object.fromEntries(components) };
}

/** Durable fields; or only that it has started before, in a node that has some. A coordinator keeps a part of what its component keeps. */
function keeps({ components, timers }: DeployedRole, { name, durable, coordinates }: DeployedComponent): boolean {
  if (durable.length > 0) return true;
  if (coordinates !== undefined && components[coordinates]?.durable.length !== 0) return false;
  if (components.every((component) => component.durable.length === 0)) return false;
  return [...timers.values()].some(
    ({ component, trigger: { kind } }) => component === name && (kind === "start" || kind === "recover"),
  );
}

function componentLayout(
  { table }: Deployment,
  role: DeployedRole,
  { name, partitions }: DeployedComponent,
): ComponentLayout {
  const routes = table.roles[role.name];
  const keys = Object.values(routes?.handlers ?? {}).flatMap(({ component, by }) =>
    component === name && by !== undefined ? [by] : [],
  );
  const { replicates = [], coordinator } = routes?.components[name] ?? {};
  return {
    partitions,
    keys: [...new Set(keys)].sort(),
    replicates: [...replicates].sort(),
    ...(coordinator !== undefined && { coordinator }),
  };
}

/**
 * What a data directory was written under; undefined when there is nothing in it. A directory without the file, or with
 * an older one, says how many partitions there are, and not by which keys.
 *
 * @throws Error when the file is of a format that this version does not know.
 */
export function readLayout(directory: string): Layout | undefined {
  const file = join(directory, LAYOUT_FILE);
  if (!existsSync(file)) return layoutOfLogs(directory);
  const stored = JSON.parse(readFileSync(file, "utf8")) as Layout | LayoutWithoutKeys;
  if (isWithoutKeys(stored)) {
    const components = Object.entries(stored.partitions).map(
      ([name, partitions]) => [name, withoutKeys(partitions)] as const,
    );
    return { riven: FORMAT_WITHOUT_KEYS, system: stored.system, components: Object.fromEntries(components) };
  }
  if (stored.riven === FORMAT) return stored;
  throw new Error(
    `The data in ${directory} has the format ${String(stored.riven)}, and this version of Riven reads ${String(FORMAT)}.`,
  );
}

interface LayoutWithoutKeys {
  readonly riven: typeof FORMAT_WITHOUT_KEYS;
  readonly system: string;
  readonly partitions: Readonly<Record<string, number>>;
}

function isWithoutKeys(layout: Layout | LayoutWithoutKeys): layout is LayoutWithoutKeys {
  return layout.riven === FORMAT_WITHOUT_KEYS;
}

function withoutKeys(partitions: number): ComponentLayout {
  return { partitions, keys: undefined, replicates: [] };
}

/** As the directories of instances tell: `Role/id/component.partition`. */
function layoutOfLogs(directory: string): Layout | undefined {
  const partitions = new Map<string, number>();
  for (const role of foldersIn(directory)) {
    for (const id of foldersIn(join(directory, role))) {
      for (const instance of foldersIn(join(directory, role, id))) {
        const [, component, partition] = INSTANCE.exec(instance) ?? [];
        if (component === undefined || !holdsLog(join(directory, role, id, instance))) continue;
        const name = `${decodeURIComponent(role)}/${decodeURIComponent(id)}#${decodeURIComponent(component)}`;
        partitions.set(name, Math.max(partitions.get(name) ?? 0, Number(partition) + 1));
      }
    }
  }
  if (partitions.size === 0) return undefined;
  const components = [...partitions].map(([name, count]) => [name, withoutKeys(count)] as const);
  return { riven: NO_FORMAT, system: undefined, components: Object.fromEntries(components) };
}

const INSTANCE = /^(.+)\.(\d+)$/;

function foldersIn(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isOurs(entry.name))
    .map(({ name }) => name);
}

/** Names of ours are encoded; what a re-partitioning keeps aside has a name that no role has. */
function isOurs(name: string): boolean {
  try {
    return fileName(decodeURIComponent(name)) === name && !name.startsWith("backup-");
  } catch {
    return false;
  }
}

function holdsLog(directory: string): boolean {
  return readdirSync(directory).some((name) => name.endsWith(".log"));
}

/** Puts the layout in place, at once and for good. */
export function writeLayout(files: FileOperations, directory: string, layout: Layout): void {
  replaceFile(files, directory, LAYOUT_FILE, `${JSON.stringify(layout, null, 2)}\n`);
}

/** Why what was written under one layout cannot be used under another; undefined when it can. */
export function compareLayouts(stored: Layout, wanted: Layout): Misfit | undefined {
  const lasting = findLastingMisfit(stored, wanted);
  if (lasting !== undefined) return { problem: lasting, isSpread: false };
  for (const [name, before] of Object.entries(stored.components)) {
    const now = wanted.components[name];
    const problem = now === undefined ? undefined : compareComponents(name, before, now);
    if (problem !== undefined) return { problem, isSpread: true };
  }
  return undefined;
}

/** What no moving of state between partitions mends; undefined when there is nothing of the kind. */
export function findLastingMisfit(stored: Layout, wanted: Layout): string | undefined {
  if (stored.system !== undefined && stored.system !== wanted.system) {
    return `it belongs to the system ${stored.system}, and this is ${String(wanted.system)}`;
  }
  // A log that no layout speaks of may be that of a component with a journal, and nothing else.
  const lost = Object.keys(stored.components).find((component) => wanted.components[component] === undefined);
  if (lost !== undefined && stored.riven !== NO_FORMAT) {
    return `it has state of ${lost}, and there is no such component with durable state now`;
  }
  const added = Object.keys(wanted.components).find((component) => stored.components[component] === undefined);
  if (added === undefined || stored.riven < FORMAT) return undefined;
  return `${added} has durable state now, and had none when the data was written`;
}

/** How the state of one component is spread otherwise than it should be; undefined when it is not. */
export function compareComponents(name: string, before: ComponentLayout, now: ComponentLayout): string | undefined {
  if (before.partitions !== now.partitions) {
    return `${name} left its state in ${count(before.partitions)}, and now has ${count(now.partitions)}`;
  }
  // Also when none was there: a new one would take the node for one that starts for the first time.
  if (before.coordinator !== now.coordinator) {
    return `${name} had ${coordinated(before)}, and now has ${coordinated(now)}`;
  }
  if (now.partitions === 1) return undefined; // by whatever key, it is all in one place
  if (before.keys === undefined) {
    return `${name} left its state in ${count(before.partitions)}, and did not write down by which keys`;
  }
  if (before.keys.join() !== (now.keys ?? []).join()) {
    return `${name} spread its state by ${list(before.keys)}, and now does by ${list(now.keys ?? [])}`;
  }
  if (before.replicates.join() !== now.replicates.join()) {
    return `every partition of ${name} had a copy of ${list(before.replicates)}, and now has one of ${list(now.replicates)}`;
  }
  return undefined;
}

function coordinated({ coordinator }: ComponentLayout): string {
  return coordinator === undefined ? "no coordinator" : `the coordinator ${coordinator}`;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "nothing" : names.join(" and ");
}

export function count(partitions: number): string {
  return partitions === 1 ? "one partition" : `${String(partitions)} partitions`;
}
