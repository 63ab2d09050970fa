import { posix, relative, sep } from "node:path";

/** `file` relative to the folder `root`, with forward slashes. */
export function relativePath(root: string, file: string): string {
  // ts-morph's paths have forward slashes everywhere, but a Windows drive is only understood by the native functions.
  return file.startsWith("/") ? posix.relative(root, file) : relative(root, file).split(sep).join("/");
}
