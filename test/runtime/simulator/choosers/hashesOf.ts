/** What happens in runs of several systems, under every chooser, as digests. */
import { CHOOSERS, createChooser } from "../../../../plugin/verify/portfolio.ts";
import { deploy } from "../../../../runtime/deployment.ts";
import { simulate } from "../../../../runtime/simulator/index.ts";
import { loadSample } from "../../../samples/sampleNames.ts";

const SAMPLES = ["voting", "twopc", "kvs", "rset/partial", "lock-server"];
const SEEDS = [1, 2];

export interface Digest {
  readonly run: string;
  readonly hash: string;
}

/** In this order, or in the opposite one. */
export async function hashesOf(order: "forwards" | "backwards"): Promise<readonly Digest[]> {
  const loaded = await Promise.all(SAMPLES.map(async (name) => ({ name, ...(await loadSample(name)) })));
  const runs = loaded.flatMap(({ name, system, rewritten }) =>
    [false, true].flatMap((faults) =>
      CHOOSERS.flatMap((chooser) => SEEDS.map((seed) => ({ name, system, rewritten, faults, chooser, seed }))),
    ),
  );
  if (order === "backwards") runs.reverse();
  return runs.map(({ name, system, rewritten, faults, chooser, seed }) => {
    const deployment = deploy(system, { rewritten, clients: 2 });
    const { hash } = simulate({
      deployment,
      operations: 3,
      chooser: createChooser(chooser, seed),
      faults,
    });
    return { run: `${name}, ${chooser}, seed ${String(seed)}${faults ? ", faults" : ""}`, hash };
  });
}
