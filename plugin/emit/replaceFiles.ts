import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Writes files. All new text is on disk under temporary names before the first file is replaced, so that a failure to write
 * leaves everything as it was.
 *
 * @param root The folder that paths are relative to.
 * @throws Error when the disk refuses. Nothing is changed then.
 */
export function replaceFiles(root: string, files: readonly { readonly path: string; readonly text: string }[]): void {
  const prepared: { readonly temporary: string; readonly final: string }[] = [];
  try {
    for (const { path, text } of files) {
      const final = join(root, path);
      const temporary = join(dirname(final), `.${basename(final)}.${String(process.pid)}.tmp`);
      mkdirSync(dirname(final), { recursive: true });
      prepared.push({ temporary, final });
      writeFileSync(temporary, text);
    }
    for (const { temporary, final } of prepared) renameSync(temporary, final);
  } catch (error) {
    for (const { temporary } of prepared) rmSync(temporary, { force: true });
    throw error;
  }
}
