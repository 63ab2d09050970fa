/** Imports the user's TypeScript in this process, whatever tool they build with. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { register } from "tsx/esm/api";

let registered = false;

/**
 * @param file Absolute path of a module. Its import aliases are those of the nearest tsconfig.json.
 * @param underTsx Whether this process itself was started with tsx, which then sees to everything.
 */
export async function importWithTsx(file: string, underTsx: boolean): Promise<unknown> {
  if (!registered && !underTsx) {
    const tsconfig = nearestConfig(dirname(file));
    register(tsconfig === undefined ? {} : { tsconfig });
    registered = true;
  }
  return (await import(pathToFileURL(file).href)) as unknown;
}

function nearestConfig(folder: string): string | undefined {
  const candidate = join(folder, "tsconfig.json");
  if (existsSync(candidate)) return candidate;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestConfig(parent);
}
