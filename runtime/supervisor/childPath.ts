/** Where the program of the child processes is. The only place that asks where this package lies. */
import { createRequire } from "node:module";
import { extname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = import.meta.url;

/** The absolute path of the child program: TypeScript in the sources, JavaScript in the package. */
export const childPath = fileURLToPath(new URL(`./child${extname(here)}`, here));

/** The URL to `--import` so that a process understands TypeScript. */
export function tsxLoaderUrl(): string {
  return pathToFileURL(createRequire(here).resolve("tsx")).href;
}
