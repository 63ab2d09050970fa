import { readFileSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import type { Sources } from "../diagnostics/sources.ts";

/** Sources on disk: spans name them relative to `root`, people see them relative to `cwd`. */
export function sourceFiles(root: string, cwd: string): Sources {
  const texts = new Map<string, string | undefined>();
  const path = (file: string): string => (isAbsolute(file) ? file : join(root, file));
  return {
    name: (file) => relative(cwd, path(file)).split(sep).join("/") || ".",
    text: (file) => {
      if (!texts.has(file)) texts.set(file, readText(path(file)));
      return texts.get(file);
    },
  };
}

/** The text of a file; undefined for what is none (findings about a missing or unreadable folder name that). */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
