/** Files that say what output has to be. `UPDATE_GOLDEN=1 npx jest test/plugin/verify/counterexample` writes them anew. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const FOLDER = join(__dirname, "golden");
const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

/** The text of a golden file. When they are written anew, what `make` gives. */
export function golden(name: string, make: () => string): string {
  const path = join(FOLDER, name);
  if (UPDATE || !existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, make());
  }
  return readFileSync(path, "utf8");
}
