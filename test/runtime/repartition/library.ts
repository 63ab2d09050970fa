/** A component whose state is spread in every way that there is, with a table by hand. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { On, peer, Role } from "../../../decorators/index.ts";
import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import { deploy, type Deployment } from "../../../runtime/deployment.ts";
import { encodePartitionState, readPartitionState } from "../../../runtime/repartition/partitionState.ts";
import type { FileOperations } from "../../../runtime/storage/fileOperations.ts";
import { instanceDirectory } from "../../../runtime/storage/instanceDirectory.ts";
import { layoutOf, writeLayout } from "../../../runtime/storage/layout.ts";
import { FIRST_SEGMENT } from "../../../runtime/storage/wholeLog.ts";
import { instances, system, type RewrittenSystem } from "../../../runtime/system.ts";

@Role({ external: true })
abstract class Reader {
  abstract answered(): void;
}

@Role()
class Library {
  @On() lend(_m: { readonly title: string }): void {
    // What it would do is of no importance here.
  }
}

class Visitor extends Reader {
  private readonly library = peer(() => Library);

  request(n: number): string {
    this.library.lend({ title: String(n) });
    return String(n);
  }

  answered(): undefined {
    return undefined;
  }
}

export const library = system({
  name: "library",
  roles: [instances(Library, ["east", "west"])],
  clients: { driver: Visitor },
});

const initial = (title: string): string => title.slice(0, 1);

export const rewrittenLibrary: RewrittenSystem = {
  components: { Library: { desk: Library } },
  routing: {
    roles: {
      Library: {
        components: {
          desk: {
            partitions: 3,
            partitioned: true,
            durable: ["lent", "reserved", "shelves", "byInitial", "motto", "rules"],
            replicates: ["motto", "rules"],
            owners: {
              lent: ([title]: readonly [string]) => title,
              reserved: (keys: readonly [string]) => keys[0],
              shelves: ([, title]: readonly [string, number]) => title,
              byInitial: ([title]: readonly [string]) => initial(title),
            },
          },
        },
        handlers: { lend: { component: "desk", key: (m: { title: string }) => m.title, by: "m.title" } },
        timers: {},
      },
    },
  },
};

const { desk } = rewrittenLibrary.routing.roles["Library"]?.components ?? {};
if (desk === undefined) throw new Error("The library has no desk.");

/** The same, with a coordinator of what all partitions do. */
export const coordinatedLibrary: RewrittenSystem = {
  ...rewrittenLibrary,
  routing: {
    roles: {
      Library: {
        components: {
          desk: { ...desk, coordinator: "director" },
          director: { partitions: 1, partitioned: false, coordinates: "desk" },
        },
        handlers: { lend: { component: "desk", key: (m: { title: string }) => m.title, by: "m.title" } },
        timers: {},
      },
    },
  },
};

/** Changes files, and does not wait for the disk: tests do not pull plugs. */
export const quickFiles: FileOperations = {
  makeDirectory: (path) => {
    mkdirSync(path, { recursive: true });
  },
  write: (path, bytes) => {
    writeFileSync(path, bytes, { flag: "wx" });
  },
  rename: renameSync,
  remove: (path) => {
    rmSync(path, { recursive: true, force: true });
  },
  syncDirectory: () => undefined,
};

/** What a library has, wherever it lies. */
export interface Content {
  readonly lent: ReadonlyMap<string, unknown>;
  readonly reserved: ReadonlySet<string>;
  readonly shelves: ReadonlyMap<string, ReadonlyMap<number, unknown>>;
  readonly byInitial: ReadonlyMap<string, unknown>;
  readonly motto: unknown;
  readonly rules: unknown;
  readonly journal: readonly unknown[];
}

export function deployLibrary(partitions: number): Deployment {
  return deploy(library, { rewritten: rewrittenLibrary, partitions });
}

/** Writes the content of both libraries down, in one partition. */
export function store(data: string, content: Content): void {
  mkdirSync(data, { recursive: true });
  const { journal, ...fields } = content;
  for (const id of ["east", "west"]) {
    const path = instanceDirectory(data, { role: "Library", id, component: "desk", partition: 0 });
    mkdirSync(path, { recursive: true });
    const journals = journal.map((record) => ({ journal: "ledger", record: encodePayload(record) }));
    writeFileSync(
      join(path, FIRST_SEGMENT),
      encodePartitionState({ fields: new Map(Object.entries(fields)), journals }),
    );
  }
  writeLayout(quickFiles, data, layoutOf(deployLibrary(1)));
}

/** The fields of each partition of a library. */
export function read(data: string, id: string, partitions: number): readonly ReadonlyMap<string, unknown>[] {
  return Array.from({ length: partitions }, (_, partition) => {
    const state = readPartitionState(instanceDirectory(data, { role: "Library", id, component: "desk", partition }));
    if (state === undefined) throw new Error(`Partition ${String(partition)} has no log.`);
    return state.fields;
  });
}

export const EXAMPLE: Content = {
  lent: new Map([
    ["Emma", { to: "Ada", days: 3 }],
    ["Ulysses", { to: "Bob", days: 9 }],
    ["Walden", { to: "Cy", days: 1 }],
    ["Dune", { to: "Dan", days: 2 }],
  ]),
  reserved: new Set(["Emma", "Beloved", "Kim"]),
  shelves: new Map([
    [
      "left",
      new Map([
        [1, "a"],
        [2, "b"],
        [3, "c"],
      ]),
    ],
    [
      "right",
      new Map([
        [4, "d"],
        [1, "e"],
      ]),
    ],
    ["empty", new Map()],
  ]),
  byInitial: new Map([
    ["Emma", 1],
    ["Eden", 2],
    ["Kim", 3],
  ]),
  motto: "read",
  rules: new Map([["silence", true]]),
  journal: [{ title: "Emma" }, { title: "Kim" }],
};
