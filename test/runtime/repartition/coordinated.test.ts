/** A durable component with a coordinator: run, moved, and run again, with real logs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Durable, OnRecover, OnStart, Role } from "../../../decorators/index.ts";
import { deploy } from "../../../runtime/deployment.ts";
import { readPartitionState } from "../../../runtime/repartition/partitionState.ts";
import { repartition } from "../../../runtime/repartition/repartition.ts";
import { partitionOf } from "../../../runtime/routing/partitionOf.ts";
import type { RoleRoutes } from "../../../runtime/routing/routingTable.ts";
import { runInMemory } from "../../../runtime/runInMemory.ts";
import { instanceDirectory } from "../../../runtime/storage/instanceDirectory.ts";
import { instances, system } from "../../../runtime/system.ts";
import { Editor, Register, register, rewrittenRegister } from "../coordination/register.ts";

const { routing } = rewrittenRegister({ durable: true, partitions: 2 });
const rewritten = { components: { Register: { main: Register } }, routing };
const [role] = register.roles;
const id = role?.ids[0] ?? "";

@Role()
class Archive extends Register {
  @Durable() readonly lives: string[] = [];

  @OnStart() begin(): void {
    this.lives.push("start");
  }

  @OnRecover() comeBack(): void {
    this.lives.push("recover");
  }
}

class Idler extends Editor {
  request(n: number): string {
    return String(n);
  }

  written = (): undefined => undefined;
  rejected = (): undefined => undefined;
  opened = (): undefined => undefined;
}

it("does not start for the first time once more", async () => {
  const data = mkdtempSync(join(tmpdir(), "riven-archive-"));
  const { main, coordinator } = routing.roles["Register"]?.components ?? {};
  if (main === undefined || coordinator === undefined) throw new Error("There is no register.");
  const archive = system({
    name: "archive",
    roles: [instances(Archive, ["archive"])],
    clients: { driver: Idler },
  });
  const routes: RoleRoutes = {
    components: {
      main: { ...main, durable: ["epoch", "entries", "lives"], replicates: ["epoch", "lives"] },
      coordinator,
    },
    handlers: { write: { component: "main" }, open: { component: "main", replicated: {} } },
    timers: { begin: { component: "main", replicated: {} }, comeBack: { component: "main", replicated: {} } },
  };
  const both = { components: { Archive: { main: Archive } }, routing: { roles: { Archive: routes } } };
  const live = async (partitions: number): Promise<void> => {
    await runInMemory(archive, { rewritten: both, partitions, data, seconds: 0, warmUpSeconds: 0.05, inflight: 0 });
  };
  await live(2);
  await live(2);
  repartition({ deployment: deploy(archive, { rewritten: both, partitions: 3 }), data });
  await live(3);
  for (const partition of [0, 1, 2]) {
    const address = { role: "Archive", id: "archive", component: "main", partition };
    const lives = readPartitionState(instanceDirectory(data, address))?.fields.get("lives");
    expect(lives).toEqual(["start", "recover", "recover"]);
  }
  rmSync(data, { recursive: true });
});

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
