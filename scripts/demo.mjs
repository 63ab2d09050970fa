/** Shows what Riven does, on one sample. Installs what is missing first; leaves no process behind. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./ensure-installed.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

if (ensureInstalled(root)) {
  const demo = spawn(process.execPath, ["--import", "tsx", "scripts/demo/demo.ts", ...process.argv.slice(2)], {
    cwd: root,
    stdio: "inherit",
  });
  // Ctrl-C reaches the whole group, and the demo stops what it started. This process only has to outlive it.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => demo.kill(signal));
  demo.on("close", (code) => {
    process.exitCode = code ?? 1;
  });
} else {
  process.exitCode = 1;
}
