import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deploy, type Deployment } from "../../../runtime/deployment.ts";
import { readJournal } from "../../../runtime/node/readJournal.ts";
import { RepartitionRefusal } from "../../../runtime/repartition/refusal.ts";
import { repartition } from "../../../runtime/repartition/repartition.ts";
import { encodePartitionState, readPartitionState } from "../../../runtime/repartition/partitionState.ts";
import { partitionOf } from "../../../runtime/routing/partitionOf.ts";
import { takeDataDirectory } from "../../../runtime/storage/dataDirectory.ts";
import type { FileOperations } from "../../../runtime/storage/fileOperations.ts";
import { instanceDirectory } from "../../../runtime/storage/instanceDirectory.ts";
import { readLayout } from "../../../runtime/storage/layout.ts";
import { FIRST_SEGMENT } from "../../../runtime/storage/wholeLog.ts";
import {
  coordinatedLibrary,
  deployLibrary,
  EXAMPLE,
  library,
  quickFiles,
  read,
  store,
  type Content,
} from "./library.ts";

const folder = mkdtempSync(join(tmpdir(), "riven-repartition-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
let stores = 0;
function stored(content = EXAMPLE): string {
  const data = join(folder, String(++stores));
  store(data, content);
  return data;
}
const desk = (data: string, id: string, partition: number): string =>
  instanceDirectory(data, { role: "Library", id, component: "desk", partition });

describe("riven repartition", () => {
  it("gives every entry to the partition that owns it, and copies what is replicated", () => {
    const data = stored();
    const { moves, backup } = repartition({ deployment: deployLibrary(3), data });
    expect(moves.map(({ component, from, to, journalRecords }) => [component, from, to, journalRecords])).toEqual([
      ["Library/east#desk", 1, 3, 2],
      ["Library/west#desk", 1, 3, 2],
    ]);
    for (const [partition, fields] of read(data, "west", 3).entries()) {
      const isMine = (key: string | number): boolean => partitionOf(key, 3) === partition;
      expect(fields.get("lent")).toEqual(new Map([...EXAMPLE.lent].filter(([title]) => isMine(title))));
      expect(fields.get("reserved")).toEqual(new Set([...EXAMPLE.reserved].filter(isMine)));
      expect(fields.get("byInitial")).toEqual(
        new Map([...EXAMPLE.byInitial].filter(([title]) => isMine(title.slice(0, 1)))),
      );
      const shelves = [...EXAMPLE.shelves].map(
        ([shelf, titles]) => [shelf, new Map([...titles].filter(([title]) => isMine(title)))] as const,
      );
      expect(fields.get("shelves")).toEqual(
        new Map(shelves.filter(([shelf, titles]) => titles.size > 0 || (shelf === "empty" && partition === 0))),
      );
      expect(fields.get("motto")).toBe("read");
      expect(fields.get("rules")).toEqual(EXAMPLE.rules);
    }
    const address = { role: "Library", id: "east", component: "desk" };
    expect(readJournal(data, { ...address, partition: 0 }, "ledger")).toEqual(EXAMPLE.journal);
    expect(readJournal(data, { ...address, partition: 1 }, "ledger")).toEqual([]);
    expect(backup).toBe(join(data, "backup-1"));
    expect(readdirSync(data).sort()).toEqual(["Library", "backup-1", "layout.json"]);
    expect(read(join(data, "backup-1"), "east", 1)[0]?.get("lent")).toEqual(EXAMPLE.lent);
    takeDataDirectory(deployLibrary(3), data).release();
    expect(() => takeDataDirectory(deployLibrary(1), data)).toThrow(/in 3 partitions, and now has one partition/);
    takeDataDirectory(deployLibrary(1), join(data, "backup-1")).release();
  });

  it("has nothing to do when the number is the same", () => {
    const data = stored();
    expect(repartition({ deployment: deployLibrary(1), data })).toEqual({
      moves: [],
      backup: undefined,
      finished: undefined,
    });
    expect(readdirSync(data).sort()).toEqual(["Library", "layout.json"]);
  });

  it("only says what it would do, in a dry run", () => {
    const data = stored();
    const before = contentsOf(data);
    const { moves, backup } = repartition({ deployment: deployLibrary(2), data, dryRun: true });
    expect(moves).toHaveLength(2);
    expect(moves[0]?.entries.reduce((sum, entries) => sum + entries)).toBe(4 + 3 + 5 + 3);
    expect(backup).toBeUndefined();
    expect(contentsOf(data)).toEqual(before);
  });

  it("touches the components that it is told to", () => {
    const data = stored();
    expect(() => repartition({ deployment: deployLibrary(3), data, component: "attic" })).toThrow(
      "There is no component attic. There are: desk, main.",
    );
    expect(repartition({ deployment: deployLibrary(3), data, component: "desk" }).moves).toHaveLength(2);
  });

  it("keeps every backup", () => {
    const data = stored();
    for (const partitions of [2, 4]) repartition({ deployment: deployLibrary(partitions), data });
    expect(readdirSync(data).sort()).toEqual(["Library", "backup-1", "backup-2", "layout.json"]);
    expect(readLayout(join(data, "backup-2"))?.components["Library/east#desk"]?.partitions).toBe(2);
  });
});

describe("riven repartition of a component with a coordinator", () => {
  const address = { role: "Library", component: "director", partition: 0 };
  const deployCoordinated = (partitions: number): Deployment =>
    deploy(library, { rewritten: coordinatedLibrary, partitions });
  /** What a run with a coordinator leaves. */
  function coordinated(decided: number, done: readonly number[]): string {
    const data = stored();
    repartition({ deployment: deployCoordinated(done.length), data, files: quickFiles });
    for (const id of ["east", "west"]) {
      const director = instanceDirectory(data, { ...address, id });
      quickFiles.makeDirectory(director);
      const decisions = { [String(decided)]: ["teach", "Reader", "reader-1", new Uint8Array()] };
      const fields = new Map<string, unknown>([
        ["#decisions", decisions],
        ["#round", decided],
      ]);
      writeFileSync(join(director, FIRST_SEGMENT), encodePartitionState({ fields, journals: [] }));
      for (const [partition, content] of read(data, id, done.length).entries()) {
        const withRound = { fields: new Map([...content, ["#round", done[partition]]]), journals: [] };
        writeFileSync(join(desk(data, id, partition), FIRST_SEGMENT), encodePartitionState(withRound));
      }
    }
    return data;
  }

  it("begins the rounds anew when all have done what was decided", () => {
    const data = coordinated(7, [7, 7]);
    const { backup } = repartition({ deployment: deployCoordinated(3), data });
    for (const fields of read(data, "east", 3)) expect(fields.has("#round")).toBe(false);
    const director = readPartitionState(instanceDirectory(data, { ...address, id: "east" }));
    expect(director).toEqual({ fields: new Map(), journals: [] });
    expect(existsSync(instanceDirectory(backup ?? "", { ...address, id: "east" }))).toBe(true);
  });

  it("is refused when some partition has not", () => {
    const data = coordinated(8, [8, 7]);
    expect(() => repartition({ deployment: deployCoordinated(3), data })).toThrow(
      /^Library\/east#desk: Its coordinator has decided 8 rounds, and partition 1 has done 7 of them\./,
    );
  });

  it("is needed when there was no coordinator, though all lies in one partition", () => {
    const data = stored();
    repartition({ deployment: deployLibrary(1), data, files: quickFiles });
    expect(() => takeDataDirectory(deployCoordinated(1), data)).toThrow(/had no coordinator, and now has the coord/);
    repartition({ deployment: deployCoordinated(1), data, files: quickFiles });
    takeDataDirectory(deployCoordinated(1), data).release();
    expect(readPartitionState(instanceDirectory(data, { ...address, id: "west" }))).toBeDefined();
  });

  it("is needed when there is no coordinator any more", () => {
    const data = coordinated(7, [7, 7]);
    expect(() => takeDataDirectory(deployLibrary(2), data)).toThrow(
      /had the coordinator director, and now has no coordinator/,
    );
    expect(repartition({ deployment: deployLibrary(2), data }).moves).toHaveLength(2);
    takeDataDirectory(deployLibrary(2), data).release();
  });
});

describe("riven repartition refuses, and changes nothing,", () => {
  function expectRefusal(data: string, message: RegExp, partitions = 2): void {
    const before = contentsOf(data);
    let thrown: unknown;
    try {
      repartition({ deployment: deployLibrary(partitions), data });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(RepartitionRefusal);
    expect((thrown as Error).message).toMatch(message);
    expect(contentsOf(data)).toEqual(before);
  }

  it("while a run uses the data", () => {
    const data = stored();
    const run = takeDataDirectory(deployLibrary(1), data);
    expect(() => repartition({ deployment: deployLibrary(2), data })).toThrow(/Another run in this process uses/);
    run.release();
    writeFileSync(join(data, "lock"), String(process.ppid));
    expect(() => repartition({ deployment: deployLibrary(2), data })).toThrow(/Another run, of process/);
  });

  it("what is not there, or belongs to something else", () => {
    expect(() => repartition({ deployment: deployLibrary(2), data: join(folder, "nowhere") })).toThrow(
      /There is no data directory/,
    );
  });

  it("copies that differ", () => {
    const data = stored();
    repartition({ deployment: deployLibrary(2), data });
    const [, second] = read(data, "east", 2);
    const fields = new Map([...(second ?? []), ["motto", "write"]]);
    writeFileSync(join(desk(data, "east", 1), FIRST_SEGMENT), encodePartitionState({ fields, journals: [] }));
    expectRefusal(
      data,
      /^Library\/east#desk: Every partition has a copy of motto, and the one of partition 1 differs/,
      3,
    );
  });

  it("an entry that is where it does not belong", () => {
    const data = stored();
    repartition({ deployment: deployLibrary(2), data });
    const stray = partitionOf("Emma", 2) === 0 ? 1 : 0;
    const fields = new Map([...(read(data, "east", 2)[stray] ?? []), ["reserved", new Set(["Emma"])]]);
    writeFileSync(join(desk(data, "east", stray), FIRST_SEGMENT), encodePartitionState({ fields, journals: [] }));
    expectRefusal(
      data,
      /reserved has the entry Emma on partition \d, and by the routing table it belongs to partition/,
      3,
    );
  });

  it("a log that is damaged, or missing", () => {
    const data = stored();
    repartition({ deployment: deployLibrary(2), data });
    const file = join(desk(data, "west", 1), FIRST_SEGMENT);
    const bytes = readFileSync(file);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expectRefusal(data, /Library\/west#desk: .* is damaged at byte/, 3);
    rmSync(file);
    expectRefusal(data, /has 2 partitions, and only 1 of them have a log/, 3);
  });

  it("fields whose entries have no keys", () => {
    expectRefusal(
      stored({ ...EXAMPLE, lent: JSON.parse('{"1":2}') as Content["lent"] }),
      /lent is a record, which does not say what its keys are/,
    );
    expectRefusal(stored({ ...EXAMPLE, lent: [1] as unknown as Content["lent"] }), /lent holds an array/);
  });
});

/** Fails at one change of a file, and at all that follow: as if the process had been killed. */
function killedAt(step: number): FileOperations & { readonly steps: () => number } {
  let steps = 0;
  const count = (): void => {
    if (++steps > step) throw new Error("killed");
  };
  return {
    makeDirectory: (path) => {
      count();
      quickFiles.makeDirectory(path);
    },
    write: (path, bytes) => {
      const isTorn = steps === step;
      if (isTorn) writeFileSync(path, bytes.subarray(0, bytes.length / 2));
      count();
      quickFiles.write(path, bytes);
    },
    rename: (from, to) => {
      count();
      quickFiles.rename(from, to);
    },
    remove: (path) => {
      count();
      quickFiles.remove(path);
    },
    syncDirectory: (path) => {
      count();
      quickFiles.syncDirectory(path);
    },
    steps: () => steps,
  };
}

describe("a re-partitioning that is killed", () => {
  const template = join(folder, "template");
  beforeAll(() => {
    store(template, EXAMPLE);
    repartition({ deployment: deployLibrary(2), data: template });
  });

  it("has done nothing or everything, wherever that was, and is finished by the next", () => {
    const whole = join(folder, "whole");
    cpSync(template, whole, { recursive: true });
    const undisturbed = killedAt(Infinity);
    repartition({ deployment: deployLibrary(3), data: whole, files: undisturbed });
    const expected = contentsOf(whole);
    let unchanged = 0;
    for (let step = 0; step < undisturbed.steps(); step++) {
      const data = join(folder, `killed ${String(step)}`);
      cpSync(template, data, { recursive: true });
      expect(() => repartition({ deployment: deployLibrary(3), data, files: killedAt(step) })).toThrow("killed");
      // A run finds the old data, or the new.
      const copy = `${data} for a run`;
      cpSync(data, copy, { recursive: true });
      const isOld = isTakenBy(copy, 2);
      expect(isTakenBy(copy, 3)).toBe(!isOld);
      expect(read(copy, "east", isOld ? 2 : 3)).toEqual(read(isOld ? template : whole, "east", isOld ? 2 : 3));
      if (isOld) unchanged++;
      // The same command again ends where it would have ended.
      repartition({ deployment: deployLibrary(3), data, files: quickFiles });
      expect(contentsOf(data)).toEqual(expected);
    }
    expect(unchanged).toBeGreaterThan(0);
    expect(unchanged).toBeLessThan(undisturbed.steps());
  });
});

function isTakenBy(data: string, partitions: number): boolean {
  try {
    takeDataDirectory(deployLibrary(partitions), data).release();
    return true;
  } catch {
    return false;
  }
}

/** Every file under a directory, by its name. */
function contentsOf(directory: string, prefix = ""): Readonly<Record<string, string>> {
  if (!existsSync(directory)) return {};
  return Object.fromEntries(
    readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
      const path = join(directory, entry.name);
      const name = `${prefix}${entry.name}`;
      return entry.isDirectory()
        ? Object.entries(contentsOf(path, `${name}/`))
        : [[name, readFileSync(path).toString("base64")] as const];
    }),
  );
}
