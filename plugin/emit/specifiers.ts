/** How generated files name other files: as the author's own imports do. */
import { posix } from "node:path";
import type { Protocol } from "../model/protocol.ts";

/** What stands at the end of a relative import: some projects write `.ts`, some `.js`, some nothing. */
export type ImportEnding = ".ts" | ".js" | "";

/** How the author ends relative imports; `.ts` where there are none to learn from. */
export function importEnding(protocol: Protocol): ImportEnding {
  const specifiers = protocol.modules
    .flatMap(({ declarations }) => declarations)
    .flatMap(({ imported }) => (imported !== undefined && isRelative(imported.module) ? [imported.module] : []));
  if (specifiers.length === 0 || specifiers.some((specifier) => specifier.endsWith(".ts"))) return ".ts";
  return specifiers.some((specifier) => specifier.endsWith(".js")) ? ".js" : "";
}

/** How a file in `folder` names another TypeScript file of the project. */
export function specifierOf(file: string, folder: string, ending: ImportEnding): string {
  return relativePath(folder, ending === ".ts" ? file : file.replace(/\.ts$/, ending));
}

/** A specifier that `file` uses, as a file in `folder` has to write it; packages keep their names. */
export function rebaseSpecifier(specifier: string, file: string, folder: string): string {
  return isRelative(specifier) ? relativePath(folder, posix.join(posix.dirname(file), specifier)) : specifier;
}

/** `to` as seen from the folder `from`, with `./` where it is below. */
export function relativePath(from: string, to: string): string {
  const path = posix.relative(from, to);
  return path.startsWith("../") ? path : `./${path}`;
}

function isRelative(specifier: string): boolean {
  return /^\.\.?(?:\/|$)/.test(specifier);
}
