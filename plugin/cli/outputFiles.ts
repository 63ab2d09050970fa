/** Brings the folder of the rewritten protocol to what the compiler made of it, touching only what differs. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isGenerated, type EmittedFile } from "../emit/emittedFile.ts";

/** How the disk differs from what would be built, for one file (an absolute path). */
export type Difference =
  | { readonly kind: "missing" | "different"; readonly file: string; readonly text: string }
  /** Generated once, and no longer part of the output. */
  | { readonly kind: "superfluous"; readonly file: string }
  /** In the way: something that Riven did not write stands where it would have to. */
  | { readonly kind: "foreign"; readonly file: string };

/**
 * @param root The folder that the paths of `files` are relative to.
 * @param folder The output folder; what Riven generated there and no longer would is superfluous.
 */
export function compareOutput(root: string, folder: string, files: readonly EmittedFile[]): readonly Difference[] {
  const wanted = new Map(files.map(({ path, text }) => [join(root, path), text]));
  const differing = [...wanted].flatMap(([file, text]): readonly Difference[] => {
    if (!existsSync(file)) return [{ kind: "missing", file, text }];
    const present = readFileSync(file, "utf8");
    if (present === text) return [];
    return isGenerated(present) ? [{ kind: "different", file, text }] : [{ kind: "foreign", file }];
  });
  const left = filesBelow(folder).filter((file) => !wanted.has(file) && isGenerated(readFileSync(file, "utf8")));
  return [...differing, ...left.map((file): Difference => ({ kind: "superfluous", file }))];
}

/**
 * Makes the differences go away, but for what is foreign. Everything is written beside its place first and moved there
 * at the end, so that a full disk or an interrupt leaves what was there.
 */
export function writeOutput(differences: readonly Difference[]): void {
  const drafts = differences.flatMap((difference) =>
    difference.kind === "missing" || difference.kind === "different"
      ? [{ draft: `${difference.file}.${String(process.pid)}.draft`, ...difference }]
      : [],
  );
  try {
    for (const { draft, file, text } of drafts) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(draft, text);
    }
    for (const { draft, file } of drafts) renameSync(draft, file);
  } finally {
    for (const { draft } of drafts) rmSync(draft, { force: true });
  }
  for (const { kind, file } of differences) if (kind === "superfluous") rmSync(file);
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
