/** The command line, in this process. */
import { join } from "node:path";
import type { Io } from "../../../plugin/cli/io.ts";
import { main } from "../../../plugin/cli/main.ts";

export interface Ended {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

export const repository = join(__dirname, "..", "..", "..");

/** Runs `riven ...argv` in a folder: the repository unless said. */
export async function riven(argv: readonly string[], changes: Partial<Io> = {}): Promise<Ended> {
  let [out, err] = ["", ""];
  const exitCode = await main(argv, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    cwd: repository,
    colour: false,
    watched: false,
    version: "1.2.3",
    importModule: async (file) => (await import(file)) as unknown,
    ...changes,
  });
  return { exitCode, out, err };
}
