import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deploy } from "../../../runtime/deployment.ts";
import { takeDataDirectory } from "../../../runtime/storage/dataDirectory.ts";
import { diskFiles } from "../../../runtime/storage/fileOperations.ts";
import { layoutOf, readLayout, writeLayout } from "../../../runtime/storage/layout.ts";
import { instanceDirectory } from "../../../runtime/storage/instanceDirectory.ts";
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
        /Vault\/vault#main left its state in one partition, and now has 2 partitions\. Nothing was changed\..*riven repartition <folder of the protocol> --data \S+ --partitions 2$/,
      );
    }
    takeDataDirectory(deployment, path).release();
  });

  describe("that does not say by which keys it was written", () => {
    const partitioned = deploy(saving, { rewritten: partitionedSaving });
    const older = (name: string, partitions: number): string => {
      const path = join(folder, name);
      mkdirSync(path);
      const layout = { riven: 1, system: "saving", partitions: { "Vault/vault#main": partitions } };
      writeFileSync(join(path, "layout.json"), JSON.stringify(layout));
      return path;
    };

    it("is taken over when all is in one partition", () => {
      const path = older("one partition", 1);
      takeDataDirectory(deployment, path).release();
      expect(readLayout(path)).toEqual(layoutOf(deployment));
    });

    it("is refused when keys matter, and left as it is", () => {
      const path = older("two partitions", 2);
      const before = readFileSync(join(path, "layout.json"), "utf8");
      expect(() => takeDataDirectory(partitioned, path)).toThrow(
        /Vault\/vault#main left its state in 2 partitions, and did not write down by which keys.*riven repartition/,
      );
      expect(readFileSync(join(path, "layout.json"), "utf8")).toBe(before);
    });

    it("says how many partitions there are by its logs, when it has no layout at all", () => {
      const path = join(folder, "logs only");
      const log = (partition: number): string =>
        instanceDirectory(path, { role: "Vault", id: "vault", component: "main", partition });
      for (const partition of [0, 1]) {
        mkdirSync(log(partition), { recursive: true });
        writeFileSync(join(log(partition), "000000000000001.log"), "");
      }
      expect(() => takeDataDirectory(deployment, path)).toThrow(
        /left its state in 2 partitions, and now has one partition/,
      );
      rmSync(log(1), { recursive: true });
      takeDataDirectory(deployment, path).release();
    });
  });

  it("is refused when the state is spread by something else", () => {
    const path = join(folder, "other keys");
    takeDataDirectory(deploy(saving, { rewritten: partitionedSaving }), path).release();
    const layout = readLayout(path);
    const [[name, component] = []] = Object.entries(layout?.components ?? {});
    if (layout === undefined || name === undefined || component === undefined) throw new Error("There is no layout.");
    writeLayout(diskFiles, path, { ...layout, components: { [name]: { ...component, keys: ["m.shoe"] } } });
    expect(() => takeDataDirectory(deploy(saving, { rewritten: partitionedSaving }), path)).toThrow(
      /spread its state by m\.shoe, and now does by /,
    );
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
