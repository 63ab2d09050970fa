import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deploy } from "../../../runtime/deployment.ts";
import { instanceDirectory, takeDataDirectory } from "../../../runtime/storage/dataDirectory.ts";
import { partitionedSaving, saving } from "../node/vault.ts";

const folder = mkdtempSync(join(tmpdir(), "riven-directory-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const deployment = deploy(saving);

describe("a data directory", () => {
  it("is temporary without a path, and gone when it is released", () => {
    const data = takeDataDirectory(deployment, undefined);
    expect(existsSync(data.path)).toBe(true);
    data.release();
    expect(existsSync(data.path)).toBe(false);
  });

  it("is for one run at a time", () => {
    const path = join(folder, "one");
    const data = takeDataDirectory(deployment, path);
    expect(() => takeDataDirectory(deployment, path)).toThrow(/Another run in this process uses the data in/);
    data.release();
    takeDataDirectory(deployment, path).release();
    expect(readdirSync(path)).toEqual(["layout.json"]);
  });

  it("is refused while another process holds it, and taken over from one that has gone", () => {
    const path = join(folder, "locked");
    takeDataDirectory(deployment, path).release();
    writeFileSync(join(path, "lock"), String(process.ppid));
    expect(() => takeDataDirectory(deployment, path)).toThrow(
      new RegExp(`Another run, of process ${String(process.ppid)}, uses the data`),
    );
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    writeFileSync(join(path, "lock"), String(pid));
    takeDataDirectory(deployment, path).release();
  });

  it("keeps to its layout, and is free again after a refusal", () => {
    const path = join(folder, "layout");
    takeDataDirectory(deployment, path).release();
    const partitioned = deploy(saving, { rewritten: partitionedSaving });
    for (let i = 0; i < 2; i++) {
      expect(() => takeDataDirectory(partitioned, path)).toThrow(
        /Vault\/vault#main left its state in one partition, and now has 2 partitions\. Durable state is not moved/,
      );
    }
    takeDataDirectory(deployment, path).release();
  });

  it("has a place of its own for every instance, whatever its id", () => {
    const place = (id: string): string =>
      instanceDirectory("/data", { role: "Vault", id, component: "main", partition: 2 });
    expect(["a/b", "..", ".", "é", "a b"].map(place)).toEqual([
      "/data/Vault/a%2Fb/main.2",
      "/data/Vault/%2E%2E/main.2",
      "/data/Vault/%2E/main.2",
      "/data/Vault/%C3%A9/main.2",
      "/data/Vault/a%20b/main.2",
    ]);
  });
});
