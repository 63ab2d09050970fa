/**
 * Everything that has to hold, in one command: static checks and unit tests. Each check runs even when another fails;
 * what a check has to say is printed as it ends. The last line counts every unit test, and each other check as one.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./ensure-installed.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "riven-test-"));
const jestReport = join(scratch, "jest.json");

/** The tools by the files that their packages run, so that no shell and no PATH is involved. */
const tool = (...path) => join(root, "node_modules", ...path);
const checks = [
  { name: "types", run: [tool("typescript", "bin", "tsc"), "-p", "tsconfig.json"] },
  { name: "lint", run: [tool("eslint", "bin", "eslint.js"), ".", "--max-warnings", "0"] },
  { name: "format", run: [tool("prettier", "bin", "prettier.cjs"), "--check", "--log-level", "warn", "."] },
  { name: "imports", run: [tool("dependency-cruiser", "bin", "dependency-cruise.mjs"), ...foldersToCruise()] },
  { name: "unused", run: [tool("knip", "bin", "knip.js"), "--no-progress"] },
];
const unitTests = {
  name: "unit tests",
  run: [tool("jest", "bin", "jest.js"), "--ci", "--json", `--outputFile=${jestReport}`, ...process.argv.slice(2)],
};

function foldersToCruise() {
  return ["decorators", "runtime", "plugin", "samples", "scripts", "bench", "test"];
}

/** Runs one check; what it printed goes to the terminal in one piece, and only when it failed. */
function perform({ name, run }) {
  const started = Date.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, run, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const printed = [];
    child.stdout.on("data", (chunk) => printed.push(chunk));
    child.stderr.on("data", (chunk) => printed.push(chunk));
    child.on("close", (code) => {
      const ok = code === 0;
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      if (!ok) process.stdout.write(`\n${Buffer.concat(printed).toString().trim()}\n`);
      console.log(`${ok ? "ok    " : "FAILED"}  ${name.padEnd(12)} ${seconds.padStart(5)} s`);
      resolve({ name, ok });
    });
  });
}

/** The tests that jest counted; a test file that could not run counts as one failure. */
function countUnitTests(ok) {
  let report;
  try {
    report = JSON.parse(readFileSync(jestReport, "utf8"));
  } catch {
    return { passed: 0, failed: 1 };
  }
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return { passed: report.numPassedTests, failed: ok ? failed : Math.max(1, failed) };
}

async function main() {
  if (!ensureInstalled(root)) return 1;
  // Two at a time: they are separate processes, and a machine has at least two cores.
  const waiting = [...checks];
  const results = [];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results.push(await perform(next));
  };
  await Promise.all([lane(), lane()]);
  const unit = countUnitTests((await perform(unitTests)).ok);
  const passed = results.filter(({ ok }) => ok).length + unit.passed;
  const failed = results.filter(({ ok }) => !ok).length + unit.failed;
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
