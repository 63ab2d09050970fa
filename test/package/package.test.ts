/**
 * The package as a user gets it: built, packed, unpacked into a project of theirs. Every way to use it is tried there,
 * in processes of their own, because Jest resolves "riven" to the sources.
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(__dirname, "..", "..");
const packageJson = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly files: readonly string[];
  readonly bin: { readonly riven: string };
  readonly dependencies: { readonly [name: string]: string };
};
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");

let scratch: string;
let project: string;

/** Runs a program of Node's in the project; what it printed. A failure throws with what it printed. */
function node(...args: readonly string[]): string {
  try {
    return execFileSync(process.execPath, args, { cwd: project, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`node ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

beforeAll(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), "riven-package-")));
  const staging = join(scratch, "staging");
  project = join(scratch, "project");
  const modules = join(project, "node_modules");
  mkdirSync(staging);
  mkdirSync(modules, { recursive: true });
  execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", join(staging, "dist")]);
  for (const file of ["package.json", ...packageJson.files].filter(
    (name) => name !== "dist" && existsSync(join(root, name)),
  )) {
    cpSync(join(root, file), join(staging, file), { recursive: true });
  }
  // Through a shell, because npm is a script with another name on Windows; the command line is a constant.
  const packed = execFileSync("npm pack --json --ignore-scripts --loglevel=error", {
    cwd: staging,
    encoding: "utf8",
    shell: true,
  });
  const [{ filename = "" } = {}] = JSON.parse(packed) as readonly { readonly filename?: string }[];
  execFileSync("tar", ["-xzf", join(staging, filename), "-C", modules]);
  cpSync(join(modules, "package"), join(modules, "riven"), { recursive: true });
  rmSync(join(modules, "package"), { recursive: true });
  for (const name of [...Object.keys(packageJson.dependencies), "@types/node"]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "project", private: true, type: "module" }));
}, 180_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const entryPoints = [
  "riven",
  "riven/runtime",
  "riven/simulator",
  "riven/linearizability",
  "riven/verify",
  "riven/compiler",
];

test.each(entryPoints)("%s can be imported", (entryPoint) => {
  const names = node("--input-type=module", "-e", `console.log(Object.keys(await import("${entryPoint}")).length)`);
  expect(Number(names)).toBeGreaterThan(0);
});

test.each(entryPoints)("%s can be required from CommonJS", (entryPoint) => {
  const names = node("--input-type=commonjs", "-e", `console.log(Object.keys(require("${entryPoint}")).length)`);
  expect(Number(names)).toBeGreaterThan(0);
});

test("types resolve from modules of both kinds", () => {
  const text = `
    import { On, Role, type Ref } from "riven";
    import { system } from "riven/runtime";
    import * as simulator from "riven/simulator";
    import { compile } from "riven/compiler";

    @Role({ external: true })
    abstract class Client {
      abstract pong(m: { n: number }): void;
    }

    @Role()
    class Server {
      @On() ping(m: { n: number }, from: Ref<Client>): void {
        from.pong({ n: m.n });
        // @ts-expect-error -- a client takes a number: were the types not found, nothing would be wrong here
        from.pong({ n: "one" });
      }
    }

    export const used = [Server, system, simulator, compile("folder").findings.length satisfies number];
  `;
  writeFileSync(join(project, "consumer.mts"), text);
  writeFileSync(join(project, "consumer.cts"), text);
  const options =
    "--noEmit --strict --target es2022 --lib es2023,esnext.decorators --module nodenext --types node".split(" ");
  expect(node(tsc, ...options, "consumer.mts", "consumer.cts")).toBe("");
}, 120_000);

test("the riven command prints its help", () => {
  const bin = join(project, "node_modules", "riven", packageJson.bin.riven);
  expect(readFileSync(bin, "utf8").startsWith("#!/usr/bin/env node\n")).toBe(true);
  const help = node(bin, "--help");
  for (const command of ["check", "explain", "build", "verify", "run"]) expect(help).toContain(`\n  ${command} `);
}, 20_000);

test("the packed command takes a protocol in a project of its own all the way to processes", () => {
  const bin = join(project, "node_modules", "riven", packageJson.bin.riven);
  const tsconfig = {
    compilerOptions: {
      module: "nodenext",
      target: "es2022",
      strict: true,
      allowImportingTsExtensions: true,
      noEmit: true,
    },
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(tsconfig));
  cpSync(join(__dirname, "echo"), join(project, "echo"), { recursive: true });
  const ok = (...argv: readonly string[]): unknown => JSON.parse(node(bin, ...argv, "--json"));
  expect(ok("check", "echo")).toMatchObject({ ok: true, findings: [] });
  expect(ok("build", "echo")).toMatchObject({ ok: true });
  expect(ok("build", "echo", "--check")).toMatchObject({ ok: true, result: { outOfDate: [] } });
  expect(ok("verify", "echo", "--seeds", "10")).toMatchObject({ ok: true, result: { verdict: "refines" } });
  const load = ["--transport", "tcp", "--seconds", "0.5", "--warm-up", "0.1"];
  expect(ok("run", "echo", ...load)).toMatchObject({ ok: true, result: { rewritten: true, protocolProcesses: 2 } });
}, 120_000);
