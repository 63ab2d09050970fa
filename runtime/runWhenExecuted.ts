import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { printRunResult } from "./printRunResult.ts";
import { runInMemory, type RunOptions } from "./runInMemory.ts";
import type { SystemDefinition } from "./system.ts";

/**
 * Lets a module that describes a system also be a program: executed directly it runs the system as written, in this
 * process, and prints what was measured; imported it does nothing.
 *
 *     export default runWhenExecuted(import.meta.url, system({ … }));
 *
 * @returns the system, for the default export.
 */
export function runWhenExecuted(
  moduleUrl: string,
  system: SystemDefinition,
  options: RunOptions = {},
): SystemDefinition {
  if (isProgram(moduleUrl)) {
    void runInMemory(system, options).then(
      (result) => process.stdout.write(printRunResult(result)),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = 1;
      },
    );
  }
  return system;
}

function isProgram(moduleUrl: string): boolean {
  const program = process.argv[1];
  if (program === undefined || !moduleUrl.startsWith("file:")) return false;
  try {
    return realpathSync(program) === realpathSync(fileURLToPath(moduleUrl));
  } catch {
    return false; // what is executed is not a file: an expression, or standard input
  }
}
