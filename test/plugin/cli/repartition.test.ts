/** `riven repartition` on the data of a small system that exists only here. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { EXAMPLE, library, rewrittenLibrary, store } from "../../runtime/repartition/library.ts";
import { riven, type Ended } from "./riven.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "riven-repartition-"));
  mkdirSync(join(folder, "rewritten"));
  for (const file of ["run.ts", join("rewritten", "index.ts")]) writeFileSync(join(folder, file), "");
  store(join(folder, "data"), EXAMPLE);
});
afterAll(() => rmSync(folder, { recursive: true }));

const repartition = (...argv: readonly string[]): Promise<Ended> =>
  riven(["repartition", ...argv], {
    cwd: folder,
    importModule: (file) => Promise.resolve({ default: basename(file) === "run.ts" ? library : rewrittenLibrary }),
  });

test("a dry run says what would happen", async () => {
  const { exitCode, out } = await repartition("--data", "data", "--dry-run");
  expect(exitCode).toBe(0);
  expect(out).toMatch(/^component +from +to partitions +entries of each +journal records\nLibrary\/east#desk +1 +3 /);
  expect(out).toContain("Nothing was changed: this was a dry run.\n");
});

test("what cannot be moved is refused with exit code 1, and what makes no sense with 2", async () => {
  store(join(folder, "odd"), { ...EXAMPLE, lent: JSON.parse('{"1":2}') as (typeof EXAMPLE)["lent"] });
  const odd = await repartition("--data", "odd", "--json");
  expect(odd.exitCode).toBe(1);
  expect(JSON.parse(odd.out)).toMatchObject({
    command: "repartition",
    result: { refused: expect.stringMatching(/^Library\/east#desk: lent is a record/) as unknown },
  });
  const nowhere = await repartition("--data", "nowhere");
  expect([nowhere.exitCode, nowhere.err]).toEqual([
    2,
    `error: There is no data directory ${join(folder, "nowhere")}.\n`,
  ]);
  expect((await repartition()).exitCode).toBe(2);
  expect((await repartition("--data", "data", "--partitions", "0")).exitCode).toBe(2);
});

test("moving says where the old data is; and then there is nothing to do", async () => {
  const { exitCode, out } = await repartition("--data", "data", "--partitions", "5", "--json");
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    ok: true,
    result: {
      dryRun: false,
      refused: null,
      backup: join(folder, "data", "backup-1"),
      moves: [
        { component: "Library/east#desk", from: 1, to: 5, journalRecords: 2 },
        { component: "Library/west#desk", from: 1, to: 5, journalRecords: 2 },
      ],
    },
  });
  expect((await repartition("--data", "data", "--partitions", "5")).out).toBe(
    "There is nothing to move: all state lies where it belongs.\n",
  );
});
