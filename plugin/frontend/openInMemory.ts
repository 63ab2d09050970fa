/**
 * Protocols that exist as strings only, for tests of the compiler.
 *
 * All of them live in one ts-morph project, each in a folder of its own, because what takes the time is reading
 * TypeScript's library and binding it; in a project that has done so, opening and checking another protocol takes tens
 * of milliseconds. The oldest protocols are dropped, so that a long test run does not grow.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Project, ts, type SourceFile } from "ts-morph";
import { hostDeclarations } from "./hostDeclarations.ts";
import { isProtocolFile, PLAN_FILE, type OpenProject } from "./protocolFolder.ts";

/** How many protocols stay usable: opening one more forgets the nodes of the oldest. */
const KEPT = 24;

let shared: Project | undefined;
let opened = 0;
const open: (readonly SourceFile[])[] = [];

/**
 * Opens a protocol whose files are given by path (`protocol.ts`, `riven.plan.ts`) and text. `riven` is the real thing,
 * and what generated code names of `riven/runtime` too; Node's globals and modules are sketched. Nothing is checked: not that there is a role, nor that the text is TypeScript.
 *
 * The nodes of a protocol can be used until {@link KEPT} more have been opened.
 */
export function openInMemory(files: { readonly [path: string]: string }): OpenProject {
  const project = (shared ??= createProject());
  opened += 1;
  const folder = `/protocol-${String(opened)}`;
  const created = Object.entries(files).map(([path, text]) => ({
    path,
    file: project.createSourceFile(`${folder}/${path}`, text),
  }));
  open.push(created.map(({ file }) => file));
  if (open.length > KEPT) for (const file of open.shift() ?? []) file.forget();
  return {
    root: folder,
    folder,
    project,
    sources: created.filter(({ path }) => isProtocolFile(path)).map(({ file }) => file),
    plan: created.find(({ path }) => path === PLAN_FILE)?.file,
  };
}

function createProject(): Project {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipFileDependencyResolution: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2023.d.ts", "lib.esnext.decorators.d.ts"],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      moduleDetection: ts.ModuleDetectionKind.Force,
      types: [],
      paths: { riven: ["/decorators/index.ts"], "riven/runtime": ["/runtime/index.ts"] },
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      allowImportingTsExtensions: true,
      verbatimModuleSyntax: true,
      noEmit: true,
      skipLibCheck: true,
    },
  });
  project.getFileSystem().writeFileSync("/package.json", `{ "type": "module" }`);
  const repository = repositoryFolder();
  const decorators = readdirSync(join(repository, "decorators")).filter((name) => name.endsWith(".ts"));
  for (const path of [...decorators.map((file) => `decorators/${file}`), ...NAMED_BY_GENERATED_CODE]) {
    project.createSourceFile(`/${path}`, readFileSync(join(repository, path), "utf8"));
  }
  project.createSourceFile("/runtime/index.ts", RUNTIME);
  project.createSourceFile("/host.d.ts", hostDeclarations);
  return project;
}

/** What generated components need of the runtime, for their types. */
const NAMED_BY_GENERATED_CODE = [
  "runtime/system.ts",
  "runtime/routing/routingTable.ts",
  "runtime/routing/roleHandlers.ts",
];
const RUNTIME = `export type * from "./system.ts";\nexport type * from "./routing/routingTable.ts";\n`;

/** The folder of this repository, upwards from the working directory. */
function repositoryFolder(): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "decorators/markers.ts"))) return folder;
    if (dirname(folder) === folder)
      throw new Error("openInMemory is for tests: run it inside the repository of riven.");
  }
}
