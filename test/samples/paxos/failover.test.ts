/** Leaders of Multi-Paxos that are killed under load, again and again: clients find the next one, and nothing that they were told is lost. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExternalEvent } from "../../../runtime/system.ts";
import { surviveCrashes } from "../crashes/crashRun.ts";
import { loadSample } from "../sampleNames.ts";

const KILLS = 3;

const data = mkdtempSync(join(tmpdir(), "riven-failover-"));
afterAll(() => {
  rmSync(data, { recursive: true });
});

/** The leader is whom clients send to; its node loses its ballot's state with any of its processes that has some. */
function leader(processes: readonly string[], history: readonly ExternalEvent[]): readonly string[] {
  const asked = history.findLast(({ kind }) => kind === "sent")?.other.id ?? "";
  return processes.filter((name) => name.startsWith(`Proposer/${asked}#main.`));
}

it.each(["as written", "rewritten"])(
  "loses nothing that was acknowledged when leaders are killed, %s",
  async (form) => {
    const { system, rewritten } = await loadSample("paxos");
    const killed: (readonly string[])[] = [];
    await surviveCrashes({
      sample: "paxos",
      system,
      rewritten: form === "rewritten" ? rewritten : undefined,
      data: join(data, form),
      seed: 1,
      kills: KILLS,
      victims: leader,
      progress: (_, victims) => killed.push(victims),
    });
    expect(killed.map((victims) => victims.length)).toEqual(Array.from({ length: KILLS }, () => 1));
  },
  180_000,
);
