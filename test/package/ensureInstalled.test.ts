/** What makes `npm test` and `npm run demo` install first. The script is plain Node, so it runs in a process of its own. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const script = pathToFileURL(join(__dirname, "..", "..", "scripts", "ensure-installed.mjs")).href;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "riven-install-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Entry {
  readonly version: string;
  readonly integrity?: string;
  readonly optional?: true;
}
type Packages = { readonly [path: string]: Entry };

const wanted: Packages = {
  "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
  "node_modules/a-win32": { version: "1.0.0", optional: true },
};

/** What the script says about a project whose lock file wants `wanted`, with `present` installed. */
function whyInstall(present: Packages | undefined): string {
  const lock = (packages: Packages): string => JSON.stringify({ packages: { "": {}, ...packages } });
  writeFileSync(join(folder, "package-lock.json"), lock(wanted));
  if (present !== undefined) {
    mkdirSync(join(folder, "node_modules"));
    writeFileSync(join(folder, "node_modules", ".package-lock.json"), lock(present));
  }
  const program = `import { whyInstall } from "${script}"; console.log(whyInstall(${JSON.stringify(folder)}) ?? "")`;
  return execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" }).trim();
}

test("nothing is installed", () => {
  expect(whyInstall(undefined)).toBe("there is no node_modules");
});

test("all is in place; what is optional may be missing", () => {
  expect(whyInstall({ "node_modules/a": { version: "1.0.0", integrity: "sha512-a" } })).toBe("");
});

test("a package is missing", () => {
  expect(whyInstall({})).toBe("node_modules/a is missing");
});

test.each([
  ["version", { version: "0.9.0", integrity: "sha512-a" }],
  ["content", { version: "1.0.0", integrity: "sha512-b" }],
])("a package has another %s", (_, entry) => {
  expect(whyInstall({ "node_modules/a": entry })).toBe("node_modules/a is not the one in package-lock.json");
});
