import { verifyExactly } from "../../verify/index.ts";
import type { Context } from "../context.ts";
import { existingFolder } from "../folder.ts";
import { loadRewritten, loadSystem } from "../loadModules.ts";
import { theUsersErrors } from "../mistake.ts";
import type { Outcome } from "../outcome.ts";
import { renderExact } from "./renderExact.ts";

export interface ExactCommandOptions {
  readonly clients?: number;
  readonly operations?: number;
  readonly partitions?: number;
  readonly crashes?: number;
  readonly seconds: number;
}

/** `riven verify --exact`: all schedules of small configurations, instead of many of large ones. */
export async function exactly(folder: string, options: ExactCommandOptions, context: Context): Promise<Outcome> {
  const { io, colours, progress } = context;
  const path = existingFolder(folder, io.cwd);
  const system = await loadSystem(path, io);
  const rewritten = await loadRewritten(path, io);
  const { clients, operations, partitions, crashes, seconds } = options;
  const verification = await theUsersErrors(() =>
    verifyExactly({
      system,
      rewritten,
      clients,
      operations,
      partitions,
      crashes,
      bounds: { milliseconds: 1000 * seconds },
      onProgress: ({ configuration, coverage, waiting }) =>
        progress(
          `${String(configuration.clients)} x ${String(configuration.operations)} operations: ${String(coverage.pairs)} pairs, ` +
            `${String(waiting)} of them to be looked at, all runs up to ${String(coverage.depth)} steps ...`,
        ),
    }),
  );
  return {
    findings: [],
    root: io.cwd,
    text: renderExact(verification, system.name, colours),
    result: verification,
    failed: verification.verdict !== "refines",
  };
}
