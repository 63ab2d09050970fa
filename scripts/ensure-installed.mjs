/**
 * Installs the dependencies when `node_modules` is absent or differs from package-lock.json, and says so. Plain Node:
 * it runs before anything is installed. npm records what it installed in node_modules/.package-lock.json.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Why the dependencies of the project at `root` have to be installed; undefined when they need not be. */
export function whyInstall(root) {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return "there is no node_modules";
  const wanted = dependencies(join(root, "package-lock.json"));
  const present = dependencies(record);
  for (const [path, { version, integrity, optional }] of wanted) {
    const found = present.get(path);
    if (found === undefined && !optional) return `${path} is missing`;
    if (found === undefined) continue;
    const differs = integrity !== undefined && found.integrity !== undefined && integrity !== found.integrity;
    if (found.version !== version || differs) return `${path} is not the one in package-lock.json`;
  }
  return undefined;
}

/** Installs what is missing in the project at `root`; whether all is in place afterwards. */
export function ensureInstalled(root) {
  const why = whyInstall(root);
  if (why === undefined) return true;
  console.log(`Installing dependencies with npm ci (${why}) ...`);
  const started = Date.now();
  // Through a shell, because npm is a script with another name on Windows; the command line is a constant.
  const { status } = spawnSync("npm ci --no-fund --no-audit --loglevel=error", {
    cwd: root,
    stdio: "inherit",
    shell: true,
  });
  if (status === 0) {
    console.log(`Installed in ${((Date.now() - started) / 1000).toFixed(1)} s.\n`);
    return true;
  }
  console.error("npm ci failed; the reason is above. Riven needs its dependencies, so nothing else was done.");
  return false;
}

function dependencies(lockFile) {
  const { packages } = JSON.parse(readFileSync(lockFile, "utf8"));
  return new Map(Object.entries(packages).filter(([path]) => path !== ""));
}
