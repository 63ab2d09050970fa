import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { FileLog, type FileLogOptions } from "../../../runtime/storage/fileLog.ts";

/** Milliseconds: these sync a real disk hundreds of times, and others may be using it. */
const PATIENCE = 60_000;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function folder(): string {
  const created = mkdtempSync(join(tmpdir(), "riven-log-"));
  folders.push(created);
  return created;
}

function open(directory: string, options: Partial<FileLogOptions> = {}): FileLog {
  return new FileLog(directory, {
    onFailure: (error) => {
      throw error;
    },
    ...options,
  });
}

function synced(log: FileLog): Promise<void> {
  return new Promise((resolve) => {
    log.sync(resolve);
  });
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function texts(records: readonly Uint8Array[]): readonly string[] {
  return records.map((record) => new TextDecoder().decode(record));
}

/** What a log in this directory gives now. */
async function recovered(directory: string): Promise<readonly string[]> {
  const log = open(directory);
  const records = texts(log.recover());
  await log.close();
  return records;
}

async function write(directory: string, ...records: readonly string[]): Promise<void> {
  const log = open(directory);
  log.recover();
  for (const record of records) log.append(bytes(record));
  await log.close();
}

describe("a log", () => {
  it("is empty at first", async () => {
    expect(await recovered(folder())).toEqual([]);
  });

  it("gives back what was appended in all lives, in order", async () => {
    const directory = folder();
    await write(directory, "a", "", "b");
    await write(directory, "c");
    expect(await recovered(directory)).toEqual(["a", "", "b", "c"]);
  });

  it(
    "goes on in another file when one is full",
    async () => {
      const directory = folder();
      const log = open(directory, { segmentBytes: 100 });
      log.recover();
      for (let i = 0; i < 20; i++) {
        log.append(bytes(`record ${String(i)}`));
        await synced(log);
      }
      await log.close();
      expect(readdirSync(directory).length).toBeGreaterThan(3);
      expect(await recovered(directory)).toEqual(Array.from({ length: 20 }, (_, i) => `record ${String(i)}`));
    },
    PATIENCE,
  );

  it("begins with the last snapshot, and forgets what was before", async () => {
    const directory = folder();
    const log = open(directory);
    log.recover();
    log.append(bytes("a"));
    log.snapshot(bytes("A"), { keepEarlier: false });
    log.append(bytes("b"));
    await synced(log);
    log.snapshot(bytes("B"), { keepEarlier: false });
    log.append(bytes("c"));
    await log.close();
    expect(readdirSync(directory)).toHaveLength(1);
    expect(await recovered(directory)).toEqual(["B", "c"]);
  });

  it("keeps what was before a snapshot when told to", async () => {
    const directory = folder();
    const log = open(directory);
    log.recover();
    log.append(bytes("a"));
    log.snapshot(bytes("A"), { keepEarlier: true });
    await log.close();
    expect(readdirSync(directory)).toHaveLength(2);
    expect(await recovered(directory)).toEqual(["A"]);
  });

  it("lets everything that was taken meanwhile share the next sync, and answers in order", async () => {
    const log = open(folder());
    log.recover();
    const order: number[] = [];
    let last = Promise.resolve();
    for (let i = 0; i < 100; i++) {
      log.append(bytes(String(i)));
      last = new Promise((resolve) => {
        log.sync(() => {
          order.push(i);
          resolve();
        });
      });
    }
    expect(order).toEqual([]);
    await last;
    expect(order).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(log.counters).toMatchObject({ records: 100, syncs: 1 });
    await log.close();
  });

  it("answers a sync with nothing to write", async () => {
    const log = open(folder());
    log.recover();
    await synced(log);
    expect(log.counters.syncs).toBe(0);
    await log.close();
  });

  it("says when it cannot be written, and answers nobody any more", async () => {
    const directory = folder();
    const failure = new Promise<Error>((resolve) => {
      const log = open(directory, { onFailure: resolve });
      log.recover();
      rmSync(directory, { recursive: true });
      log.append(bytes("a"));
      log.sync(() => {
        throw new Error("This sync did not happen.");
      });
    });
    expect((await failure).message).toMatch(/^The log in .* cannot be written: Error: ENOENT/);
    folders.pop();
  });

  it("begins anew when a crash left nothing of a file but its name", async () => {
    const directory = folder();
    await write(directory, "a");
    truncateSync(join(directory, readdirSync(directory)[0] ?? ""), 0);
    await write(directory, "b");
    expect(await recovered(directory)).toEqual(["b"]);
  });

  it("refuses to go on when a file is missing", async () => {
    const directory = folder();
    const log = open(directory, { segmentBytes: 1 });
    log.recover();
    for (const record of ["a", "b", "c"]) {
      log.append(bytes(record));
      await synced(log);
    }
    await log.close();
    const [first = "", second = ""] = readdirSync(directory);
    rmSync(join(directory, second));
    expect(() => open(directory).recover()).toThrow(/goes from record 1 to .*3\.log: a file is missing/);
    rmSync(join(directory, first));
    expect(() => open(directory).recover()).toThrow(/does not begin with a snapshot: files are missing/);
  });
});

/** A history of batches, each synced before the next. */
interface History {
  readonly batches: readonly (readonly { readonly snapshot: boolean; readonly payload: Uint8Array }[])[];
  readonly segmentBytes: number;
  readonly keepEarlier: boolean;
}

const history: fc.Arbitrary<History> = fc.record({
  batches: fc.array(
    fc.array(
      fc.record({
        snapshot: fc.nat({ max: 7 }).map((n) => n === 0),
        payload: fc.uint8Array({ maxLength: 40 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    { minLength: 1, maxLength: 5 },
  ),
  segmentBytes: fc.constantFrom(1, 60, 200, 1_000_000),
  keepEarlier: fc.boolean(),
});

/** Writes a history. */
async function play({ batches, segmentBytes, keepEarlier }: History): Promise<{
  readonly directory: string;
  /** What recovery gives once all batches are durable. */
  readonly all: readonly Uint8Array[];
  /** How many of the last records belong to the last batch. */
  readonly last: number;
  /** The state of the files before the last batch was written. */
  readonly before: ReadonlyMap<string, number>;
}> {
  const directory = folder();
  const log = open(directory, { segmentBytes });
  log.recover();
  let all: Uint8Array[] = [];
  let last = 0;
  let before = new Map<string, number>();
  for (const batch of batches) {
    before = sizes(directory);
    last = batch.length;
    for (const { snapshot, payload } of batch) {
      if (snapshot) {
        log.snapshot(payload, { keepEarlier });
        all = [payload];
      } else {
        log.append(payload);
        all.push(payload);
      }
    }
    await synced(log);
  }
  await log.close();
  return { directory, all, last, before };
}

function sizes(directory: string): Map<string, number> {
  return new Map(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name)).length]));
}

function isPrefix(part: readonly Uint8Array[], whole: readonly Uint8Array[]): boolean {
  return part.length <= whole.length && part.every((record, i) => Buffer.compare(record, whole[i] ?? bytes("?")) === 0);
}

describe("after a crash at any byte", () => {
  const withoutSnapshots = history.map((one) => ({
    ...one,
    batches: one.batches.map((batch) => batch.map((entry) => ({ ...entry, snapshot: false }))),
  }));

  it(
    "recovery gives every synced record, and of the others a prefix; and the log goes on",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          withoutSnapshots,
          fc.nat(),
          fc.constantFrom<number | undefined>(undefined, 0, 0xa5),
          async (one, cut, garbage) => {
            const { directory, all, last, before } = await play(one);
            // The last batch was not synced: of what it added to the files any length is there, or garbage of that length.
            const name = [...sizes(directory)].sort().at(-1)?.[0] ?? "";
            const path = join(directory, name);
            const whole = readFileSync(path);
            const kept = before.get(name) ?? 0;
            const end = kept + (cut % (whole.length - kept + 1));
            truncateSync(path, end);
            if (garbage !== undefined)
              writeFileSync(path, Buffer.concat([whole.subarray(0, end), Buffer.alloc(whole.length - end, garbage)]));
            const log = open(directory);
            const records = log.recover();
            expect(isPrefix(records, all)).toBe(true);
            expect(records.length).toBeGreaterThanOrEqual(all.length - last);
            log.append(bytes("more"));
            await log.close();
            expect(await recovered(directory)).toEqual([...texts(records), "more"]);
          },
        ),
        { numRuns: 60 },
      );
    },
    PATIENCE,
  );

  it(
    "a torn snapshot is as if it had not been taken",
    async () => {
      await fc.assert(
        fc.asyncProperty(withoutSnapshots, fc.nat(), async (one, cut) => {
          const { directory, all } = await play(one);
          const log = open(directory);
          log.recover();
          log.snapshot(bytes("a snapshot"), { keepEarlier: true });
          await log.close();
          const path = join(directory, readdirSync(directory).sort().at(-1) ?? "");
          truncateSync(path, cut % readFileSync(path).length);
          expect(await recovered(directory)).toEqual(texts(all));
        }),
        { numRuns: 30 },
      );
    },
    PATIENCE,
  );
});

describe("whatever byte decays", () => {
  it(
    "no record is ever altered, none in the middle is lost, and what was durable is missed when anything came after it",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          history,
          fc.nat(),
          fc.nat(),
          fc.integer({ min: 1, max: 255 }),
          async (one, file, position, flip) => {
            const { directory, all, last } = await play(one);
            const files = [...sizes(directory).keys()].sort();
            const path = join(directory, files[file % files.length] ?? "");
            const content = readFileSync(path);
            const at = position % content.length;
            content[at] = (content[at] ?? 0) ^ flip;
            writeFileSync(path, content);
            let records: readonly Uint8Array[];
            try {
              records = open(directory).recover();
            } catch (error) {
              expect(String(error)).toMatch(/DamagedLogError/);
              return;
            }
            // Kept earlier records may come to be needed again when what stood for them has decayed.
            if (!one.keepEarlier) expect(isPrefix(records, all)).toBe(true);
            if (!one.batches.flat().some(({ snapshot }) => snapshot))
              expect(records.length).toBeGreaterThanOrEqual(all.length - last);
          },
        ),
        { numRuns: 150 },
      );
    },
    PATIENCE,
  );
});
