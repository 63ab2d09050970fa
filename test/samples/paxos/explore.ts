/**
 * Simulates Multi-Paxos for longer than the tests do, with three proposers and three and five acceptors, as written and rewritten, and
 * verifies what is rewritten against what is written; and has the adversary at what is written, ten times as often:
 *
 *     npx tsx test/samples/paxos/explore.ts --seeds 1000 --first 1 --operations 6
 *
 * Ends with exit code 1 at the first thing that goes wrong, and says with what seed it can be seen again.
 */
import { parseArgs } from "node:util";
import { verifySystem } from "../../../plugin/verify/index.ts";
import { deploy } from "../../../runtime/deployment.ts";
import { paxos } from "../../../samples/paxos/run.ts";
import { loadSample } from "../sampleNames.ts";
import { attack } from "./adversary.ts";
import { agree } from "./agree.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    first: { type: "string", default: "1" },
    operations: { type: "string", default: "5" },
    partitions: { type: "string", default: "2" },
  },
});
const [seeds, firstSeed, operations, partitions] = [
  values.seeds,
  values.first,
  values.operations,
  values.partitions,
].map(Number) as [number, number, number, number];

/** Runs of the adversary are short, and what it looks for is rare. */
const ATTACKS = 10;

const attacked = deploy(paxos({ proposers: 2, acceptors: 3, replicas: 1, retained: 1 }), { clients: 1 });
for (let seed = firstSeed; seed < firstSeed + ATTACKS * seeds; seed++) {
  const wrong = attack(attacked, seed);
  if (wrong.length > 0) report("attacked", [`seed ${seed}`, ...wrong], {});
}
report("attacked", [], { runs: ATTACKS * seeds });

const { rewritten } = await loadSample("paxos");
for (const acceptors of [3, 5]) {
  for (const faults of [false, true]) {
    const system = paxos({ proposers: 3, acceptors, replicas: 3, retained: 1 });
    const name = `${acceptors} acceptors${faults ? ", faults" : ""}`;
    for (const form of [undefined, rewritten]) {
      const { wrong, seen } = agree({ system, rewritten: form, faults, seeds, firstSeed, operations, partitions });
      report(`${name}, ${form === undefined ? "as written" : "rewritten"}`, wrong, seen);
    }
    const { violations, coverage } = verifySystem({
      system,
      rewritten,
      faults,
      seeds,
      firstSeed,
      operations,
      partitions,
    });
    report(
      `${name}, verified`,
      violations.map(({ seed, summary, trace }) => [`seed ${seed}: ${summary}`, ...trace].join("\n  ")),
      coverage,
    );
  }
}

function report(what: string, wrong: readonly string[], seen: unknown): void {
  process.stdout.write(`${what}: ${wrong.length === 0 ? "nothing wrong" : wrong.join("\n")} ${JSON.stringify(seen)}\n`);
  if (wrong.length > 0) process.exit(1);
}
