/**
 * Kills processes of the samples for longer than the tests do:
 *
 *     npm run test:crashes -- --kills 200 --seed 7 --sample kvs
 *
 * Without --sample all of them, as written and rewritten; without --seed a random one, which is printed. Ends with exit code
 * 1 at the first thing that goes wrong, and says with what seed it can be seen again.
 */
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadSample, SAMPLES } from "../sampleNames.ts";
import { surviveCrashes } from "./crashRun.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "50" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    sample: { type: "string", multiple: true, default: [...SAMPLES] },
  },
});
const kills = wholeNumber("kills", values.kills);
const seed = wholeNumber("seed", values.seed);
const unknown = values.sample.filter((name) => !SAMPLES.some((known) => known === name));
if (unknown.length > 0) fail(`There is no sample ${unknown.join(", ")}. There are: ${SAMPLES.join(", ")}.`, 2);

for (const sample of values.sample) {
  const { system, rewritten } = await loadSample(sample);
  for (const form of [undefined, rewritten]) {
    const name = `${sample}, ${form === undefined ? "as written" : "rewritten"}, seed ${seed}`;
    const data = mkdtempSync(join(tmpdir(), "riven-crashes-"));
    try {
      await surviveCrashes({
        sample,
        system,
        rewritten: form,
        data: join(data, "run"),
        seed,
        kills,
        progress: (kill, victims) => process.stderr.write(`${name}: ${kill} of ${kills}, ${victims.join(" with ")}\n`),
      });
      process.stdout.write(`${name}: survived ${kills} kills\n`);
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error), 1);
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  }
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (text !== "" && Number.isSafeInteger(number) && number >= 0) return number;
  return fail(`--${option} takes a whole number, not ${JSON.stringify(text)}.`, 2);
}

function fail(message: string, code: number): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
