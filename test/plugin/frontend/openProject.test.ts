import { mkdtempSync, mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Finding } from "../../../plugin/diagnostics/finding.ts";
import { openInMemory, openProject } from "../../../plugin/frontend/openProject.ts";
import { roleDeclarations } from "../../../plugin/frontend/syntax/roleDeclarations.ts";
import { spanOf } from "../../../plugin/frontend/syntax/spanOf.ts";
import { validateLanguage } from "../../../plugin/frontend/validate/validateLanguage.ts";

const repository = resolve(__dirname, "../../..");
let scratch: string;

beforeEach(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), "riven-open-")));
});
afterEach(() => {
  rmSync(scratch, { recursive: true });
});

function write(files: { readonly [path: string]: string }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(scratch, path)), { recursive: true });
    writeFileSync(join(scratch, path), text);
  }
}

function findingsOf(folder: string): readonly Finding[] {
  const result = openProject(folder);
  if (result.findings === undefined) throw new Error("expected findings");
  return result.findings;
}

const role = (name: string): string => `import { Role } from "riven";\n@Role()\nexport class ${name} {}\n`;

describe("openProject", () => {
  it("opens the voting sample with the repository's compiler options", () => {
    const result = openProject(join(repository, "samples/voting"));
    if (result.findings !== undefined) throw new Error(JSON.stringify(result.findings));
    const { root, folder, sources, plan } = result.project;
    expect(root).toBe(repository);
    expect(folder).toBe(join(repository, "samples/voting"));
    expect(sources.map((source) => source.getBaseName())).toEqual(["protocol.ts"]);
    expect(plan?.getBaseName()).toBe("riven.plan.ts");
    const roles = roleDeclarations(sources);
    expect(roles.map(({ name, external }) => ({ name, external }))).toEqual([
      { name: "Client", external: true },
      { name: "Leader", external: false },
      { name: "Participant", external: false },
    ]);
    const first = roles[0];
    if (first === undefined) throw new Error("no role");
    expect(spanOf(first.node, root)).toMatchObject({ file: "samples/voting/protocol.ts", line: 13, column: 1 });
  });

  it("leaves out what is not the protocol", () => {
    write({
      "tsconfig.json": `{ "compilerOptions": { "lib": ["es2022"] } }`,
      "p/protocol.ts": role("A"),
      "p/parts/more.ts": role("B"),
      "p/run.ts": "export {};",
      "p/riven.plan.ts": "export default [];",
      "p/rewritten/a.ts": role("C"),
      "p/refused/protocol.ts": role("G"),
      "p/refused/riven.plan.ts": "export default [];",
      "p/a.test.ts": role("D"),
      "p/types.d.ts": "declare const x: number;",
      "p/node_modules/x/index.ts": role("E"),
      "p/.cache/f.ts": role("F"),
    });
    const result = openProject(join(scratch, "p"));
    if (result.findings !== undefined) throw new Error(JSON.stringify(result.findings));
    expect(result.project.sources.map((source) => source.getFilePath().slice(scratch.length))).toEqual([
      "/p/parts/more.ts",
      "/p/protocol.ts",
    ]);
    expect(result.project.root).toBe(scratch);
  });

  it.each([
    ["a protocol that needs them", "process.pid", ["RVN102"]],
    ["a protocol that does not", "m.id", []],
  ])("has the ambient types of the tsconfig for %s", (_, expression, codes) => {
    write({
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          strict: true,
          lib: ["es2022"],
          module: "nodenext",
          allowImportingTsExtensions: true,
          noEmit: true,
          types: ["node"],
          typeRoots: [join(repository, "node_modules/@types")],
          paths: { riven: [join(repository, "decorators/index.ts")] },
        },
      }),
      "protocol.ts": `import { On, Role, type Ref } from "riven";
@Role({ external: true })
export abstract class Client { abstract done(m: { id: string }): void }
@Role()
export class Server {
  @On() ask(m: { id: string }, from: Ref<Client>): void {
    from.done({ id: String(${expression}) });
  }
}
`,
    });
    const result = openProject(scratch);
    if (result.findings !== undefined) throw new Error(JSON.stringify(result.findings));
    expect(validateLanguage(result.project).map(({ code }) => code)).toEqual(codes);
  });

  it("says what is missing, with the place", () => {
    write({ "p/protocol.ts": role("A") });
    expect(findingsOf(join(scratch, "q"))).toMatchObject([{ code: "RVN400" }]);
    expect(findingsOf(join(scratch, "p/protocol.ts"))).toMatchObject([
      { code: "RVN400", message: expect.stringContaining("is a file") as string },
    ]);
    expect(findingsOf(join(scratch, "p"))).toMatchObject([{ code: "RVN401" }]);
    write({ "tsconfig.json": `{ "compilerOptions": { "strict": true, "target": "es1066" } }` });
    expect(findingsOf(join(scratch, "p"))).toMatchObject([
      { code: "RVN402", span: { file: "tsconfig.json", line: 1 } },
    ]);
    write({ "tsconfig.json": `{\n  "compilerOptions": { "strict": true \n` });
    expect(findingsOf(join(scratch, "p"))).toMatchObject([
      { code: "RVN402", span: { file: "tsconfig.json", line: 3 } },
    ]);
    write({
      "tsconfig.json": `{ "files": [], "compilerOptions": { "lib": ["es2022"] } }`,
      "p/protocol.ts": "export class A {}",
    });
    expect(findingsOf(join(scratch, "p"))).toMatchObject([{ code: "RVN403", span: { file: "p/protocol.ts" } }]);
    mkdirSync(join(scratch, "empty"));
    expect(findingsOf(join(scratch, "empty"))).toMatchObject([
      { code: "RVN403", message: expect.stringContaining("no TypeScript source") as string },
    ]);
  });
});

describe("openInMemory", () => {
  it("keeps protocols apart, and type-checks them against the real language", () => {
    const one = openInMemory({ "protocol.ts": role("A") });
    const two = openInMemory({ "protocol.ts": role("B"), "riven.plan.ts": "export default [];", "run.ts": "" });
    expect(roleDeclarations(one.sources).map(({ name }) => name)).toEqual(["A"]);
    expect(roleDeclarations(two.sources).map(({ name }) => name)).toEqual(["B"]);
    expect(two.plan?.getBaseName()).toBe("riven.plan.ts");
    const wrong = openInMemory({ "protocol.ts": `import { Role } from "riven";\n@Role(1)\nexport class A {}` });
    const program = wrong.project.getProgram().compilerObject;
    expect(wrong.sources.flatMap((file) => program.getSemanticDiagnostics(file.compilerNode)).length).toBeGreaterThan(
      0,
    );
  });
});

describe("roleDeclarations", () => {
  it.each([
    ["an alias", `import { Role as Kind } from "riven";\n@Kind()\nexport class A {}`],
    ["a namespace", `import * as riven from "riven";\n@riven.Role()\nexport class A {}`],
    ["a re-export", `import { Role } from "./language.ts";\n@Role()\nexport class A {}`],
    ["a renamed re-export", `import { Kind } from "./language.ts";\n@Kind()\nexport class A {}`],
    ["a star re-export", `import { Role } from "./star.ts";\n@Role()\nexport class A {}`],
    ["a local re-export", `import { Role } from "./local.ts";\n@Role()\nexport class A {}`],
  ])("sees through %s", (_, protocol) => {
    const open = openInMemory({
      "protocol.ts": protocol,
      "language.ts": `export { Role, Role as Kind } from "riven";`,
      "star.ts": `export * from "./star2.ts";`,
      "star2.ts": `export * from "riven";`,
      "local.ts": `import { Role } from "riven";\nexport { Role };`,
    });
    expect(roleDeclarations(open.sources).map(({ name }) => name)).toEqual(["A"]);
  });

  it.each([
    ["another module", `import { Role } from "./other.ts";\n@Role()\nexport class A {}`],
    ["the same file", `function Role() { return (_: unknown) => {}; }\n@Role()\nexport class A {}`],
    ["a module beside a star", `import { Role } from "./both.ts";\n@Role()\nexport class A {}`],
  ])("leaves a Role of %s alone", (_, protocol) => {
    const open = openInMemory({
      "protocol.ts": protocol,
      "other.ts": `export function Role() { return (_: unknown) => {}; }`,
      "both.ts": `export * from "riven";\nexport function Role() { return (_: unknown) => {}; }`,
    });
    expect(roleDeclarations(open.sources)).toEqual([]);
  });
});
