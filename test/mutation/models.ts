/**
 * What the front end makes of the fixtures, kept in a file: analysis, planner and rules work on plain data alone, so a mutant of
 * theirs is judged in milliseconds, with no TypeScript in sight.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Protocol } from "../../plugin/model/protocol.ts";
import type { RequestedPlan } from "../../plugin/model/requestedPlan.ts";
import type { ExpectedFinding } from "../support/surprises.ts";

/** A fixture, up to where plans are applied. */
export interface Model {
  readonly name: string;
  /** Of the rules; none when it is to be accepted. */
  readonly expected: readonly ExpectedFinding[];
  readonly protocol: Protocol;
  readonly plans: readonly RequestedPlan[];
}

/** Below node_modules, which the sandboxes of Stryker share. */
const FILE = join("node_modules", ".cache", "riven", "models.bin");

export function writeModels(models: readonly Model[]): void {
  mkdirSync(dirname(FILE), { recursive: true });
  // One by one: what a model shares with itself stays shared.
  writeFileSync(FILE, serialize(models.map((model) => serialize(model))));
}

/** @throws Error when nobody has written them: `npm run mutate` does. */
export function readModels(): readonly Model[] {
  return (deserialize(readFileSync(FILE)) as readonly Buffer[]).map((model) => deserialize(model) as Model);
}
