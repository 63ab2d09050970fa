/** A durable component with a coordinator: run, moved, and run again, with real logs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deploy } from "../../../runtime/deployment.ts";
import { readPartitionState } from "../../../runtime/repartition/partitionState.ts";
import { repartition } from "../../../runtime/repartition/repartition.ts";
import { partitionOf } from "../../../runtime/routing/partitionOf.ts";
import { runInMemory } from "../../../runtime/runInMemory.ts";
import { instanceDirectory } from "../../../runtime/storage/instanceDirectory.ts";
import { Register, register, rewrittenRegister } from "../coordination/register.ts";

const { routing } = rewrittenRegister({ durable: true, partitions: 2 });
const rewritten = { components: { Register: { main: Register } }, routing };
const [role] = register.roles;
const id = role?.ids[0] ?? "";

it("goes on with all that it had", async () => {
  const data = mkdtempSync(join(tmpdir(), "riven-coordinated-"));
  const run = async (partitions: number): Promise<void> => {
    const result = await runInMemory(register, {
      rewritten,
      partitions,
      data,
      seconds: 0.2,
      warmUpSeconds: 0,
      clients: 1,
    });
    expect(result.processes.map(({ failures, deadLetters }) => [failures, deadLetters])).toEqual([[0, 0]]);
  };
  const entries = (partitions: number): readonly ReadonlyMap<string, unknown>[] =>
    Array.from({ length: partitions }, (_, partition) => {
      const address = { role: "Register", id, component: "main", partition };
      return readPartitionState(instanceDirectory(data, address))?.fields.get("entries") as ReadonlyMap<
        string,
        unknown
      >;
    });
  await run(2);
  const before = new Map(entries(2).flatMap((part) => [...part]));
  expect(before.size).toBeGreaterThan(0);
  repartition({ deployment: deploy(register, { rewritten, partitions: 3 }), data });
  const after = entries(3);
  expect(new Map(after.flatMap((part) => [...part]))).toEqual(before);
  for (const [partition, part] of after.entries()) {
    for (const key of part.keys()) expect(partitionOf(key, 3)).toBe(partition);
  }
  await run(3);
  rmSync(data, { recursive: true });
}, 20_000);
