/**
 * Samples as processes that are killed and come back: their invariants hold of what the clients see, what was
 * acknowledged is not lost, and work goes on. `npm run test:crashes` does the same with all of them, for longer.
 */
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJournal } from "../../../runtime/node/readJournal.ts";
import { surviveCrashes } from "./crashRun.ts";
import { loadSample } from "../sampleNames.ts";

/** State that is lost, journals, durable state behind an order, copies with a coordinator, and timers. */
const SAMPLES = ["voting", "twopc", "kvs", "rset/partial", "lock-server"] as const;
const KILLS = 4;
const SEED = Number(process.env["CRASH_SEED"] ?? randomInt(2 ** 31));

const data = mkdtempSync(join(tmpdir(), "riven-crashes-"));
afterAll(() => {
  rmSync(data, { recursive: true });
});

const directoryOf = (sample: string, form: string): string => join(data, `${sample.replace("/", "-")}, ${form}`);

describe.each(SAMPLES)("samples/%s", (sample) => {
  it.each(["as written", "rewritten"])(
    "survives kill -9 of its processes, %s",
    async (form) => {
      const { system, rewritten } = await loadSample(sample);
      await surviveCrashes({
        sample,
        system,
        rewritten: form === "rewritten" ? rewritten : undefined,
        data: directoryOf(sample, form),
        seed: SEED,
        kills: KILLS,
      });
    },
    180_000,
  );
});

describe("the journals of samples/twopc", () => {
  it.each([
    ["as written", "main", "main", "main"],
    ["rewritten", "ender", "voter", "acker"],
  ])(
    "%s, say that what was ended was prepared and committed everywhere, and aborted nowhere",
    (form, ender, voter, acker) => {
      const read = (
        role: string,
        id: string,
        component: string,
        journal: string,
      ): readonly { id: string; state?: string }[] =>
        readJournal(directoryOf("twopc", form), { role, id, component, partition: 0 }, journal) as {
          id: string;
          state?: string;
        }[];
      const ended = new Set(read("Coordinator", "coordinator", ender, "ends").map(({ id }) => id));
      expect(ended.size).toBeGreaterThan(0);
      for (const participant of ["participant-1", "participant-2", "participant-3"]) {
        const logged = new Set(
          [voter, acker].flatMap((component) =>
            read("Participant", participant, component, "log").map(({ id, state }) => `${state ?? ""} ${id}`),
          ),
        );
        const wrong = [...ended].filter(
          (id) => !logged.has(`prepared ${id}`) || !logged.has(`committed ${id}`) || logged.has(`aborted ${id}`),
        );
        expect([participant, wrong]).toEqual([participant, []]);
      }
    },
  );
});
