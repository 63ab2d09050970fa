/** The samples, by the names of their folders. */
import { join } from "node:path";
import type { RewrittenSystem, SystemDefinition } from "../../runtime/system.ts";

export const SAMPLES = [
  "voting",
  "twopc",
  "twopc-locks",
  "kvs",
  "rset/mutually-independent",
  "rset/monotonic",
  "rset/functional",
  "rset/co-hashing",
  "rset/dependencies",
  "rset/partial",
  "lock-server",
  "order-pipeline",
  "crdt-cart",
  "paxos",
] as const;

export async function loadSample(
  name: string,
): Promise<{ readonly system: SystemDefinition; readonly rewritten: RewrittenSystem }> {
  const [run, index] = (await Promise.all(
    ["run.ts", "rewritten/index.ts"].map((file) => import(join(process.cwd(), "samples", name, file))),
  )) as { readonly default: unknown }[];
  return { system: run?.default as SystemDefinition, rewritten: index?.default as RewrittenSystem };
}
