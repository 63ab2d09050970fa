/**
 * The same seed gives the same run: in one process again, and in another one, which has other things in memory and runs
 * the others first. What the runs are is not written down anywhere, for each change of a sample changes it.
 */
import { execFileSync } from "node:child_process";
import { hashesOf, type Digest } from "./hashesOf.ts";

it("has the same trace hash, under every chooser, whenever and wherever it runs", async () => {
  const digests = await hashesOf("forwards");
  expect(await hashesOf("forwards")).toEqual(digests);
  const printed = execFileSync(
    process.execPath,
    ["--import", "tsx", "test/runtime/simulator/choosers/printHashes.ts"],
    { encoding: "utf8", maxBuffer: 1 << 24 },
  );
  expect(JSON.parse(printed) as readonly Digest[]).toEqual(digests);
  expect(new Set(digests.map(({ hash }) => hash)).size).toBeGreaterThan(digests.length / 2);
}, 120_000);
