/** What belongs to a protocol, on disk or in memory. */
import type { Project, SourceFile } from "ts-morph";

/** The sources of one protocol. */
export interface OpenProject {
  /** Absolute path of the folder of the nearest tsconfig.json; the files of spans are relative to it. */
  readonly root: string;
  /** Absolute path of the protocol's folder. */
  readonly folder: string;
  readonly project: Project;
  /** The files that are part of the protocol, sorted by path. */
  readonly sources: readonly SourceFile[];
  /** `riven.plan.ts`, when there is one. */
  readonly plan: SourceFile | undefined;
}

export const PLAN_FILE = "riven.plan.ts";

/** Folders whose contents are not part of a protocol: what Riven or a compiler generated, and what others wrote. */
const FOREIGN_FOLDERS = new Set(["node_modules", "rewritten", "dist"]);

/**
 * Whether a file belongs to the protocol: neither its plan, nor its runner, nor a test, nor generated.
 *
 * @param path Relative to the folder of the protocol, with forward slashes.
 */
export function isProtocolFile(path: string): boolean {
  const parts = path.split("/");
  const name = parts.at(-1) ?? "";
  return (
    isProtocolFolder(parts.slice(0, -1)) &&
    name.endsWith(".ts") &&
    !/\.(d|test|spec)\.ts$/.test(name) &&
    name !== PLAN_FILE &&
    name !== "run.ts"
  );
}

/** Whether the files below a folder, given by the names on the way to it, may belong to the protocol. */
export function isProtocolFolder(names: readonly string[]): boolean {
  return !names.some((name) => FOREIGN_FOLDERS.has(name) || name.startsWith("."));
}
