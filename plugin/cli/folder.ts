import { statSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { Mistake } from "./mistake.ts";

/** The absolute path of the folder that the user named. */
export function existingFolder(folder: string, cwd: string): string {
  const path = resolve(cwd, folder);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined)
    throw new Mistake(`There is no folder ${folder}.`, "Name the folder that holds the protocol.");
  if (!stats.isDirectory()) {
    throw new Mistake(`${folder} is a file, not a folder.`, "Name the folder that holds the protocol.");
  }
  return path;
}

/** A path as people read it: relative to where they are. */
export function shown(path: string, cwd: string): string {
  return relative(cwd, path).split(sep).join("/") || ".";
}
