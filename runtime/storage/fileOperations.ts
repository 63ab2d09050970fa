/** What changes files, so that each change is on stable storage when the call returns. Tests let single ones fail. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

export interface FileOperations {
  /** Makes a directory, with those above it. */
  makeDirectory(path: string): void;
  /** Writes a file that is not there yet. */
  write(path: string, bytes: Uint8Array): void;
  /** Gives a file or a directory another name; a file of that name is replaced. */
  rename(from: string, to: string): void;
  /** Removes a file, or a directory with all that is in it; does nothing when there is none. */
  remove(path: string): void;
  /** Makes what was created, renamed and removed in a directory stay so. */
  syncDirectory(path: string): void;
}

export const diskFiles: FileOperations = {
  makeDirectory: (path) => {
    const first = mkdirSync(path, { recursive: true });
    if (first === undefined) return;
    for (let made = path; ; made = dirname(made)) {
      diskFiles.syncDirectory(dirname(made));
      if (made === first || made === dirname(made)) return;
    }
  },
  write: (path, bytes) => {
    const file = openSync(path, "wx");
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  },
  rename: renameSync,
  remove: (path) => {
    rmSync(path, { recursive: true, force: true });
  },
  syncDirectory: (path) => {
    const handle = openSync(path, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  },
};

/** Puts a file in place so that, whenever one looks, it is all there, or as it was before. */
export function replaceFile(files: FileOperations, directory: string, name: string, text: string): void {
  const draft = join(directory, `${name}.draft`);
  files.remove(draft);
  files.write(draft, Buffer.from(text));
  files.rename(draft, join(directory, name));
  files.syncDirectory(directory);
}
