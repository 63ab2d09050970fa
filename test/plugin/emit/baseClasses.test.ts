import { openInMemory } from "../../../plugin/frontend/openInMemory.ts";
import { compileProject } from "../../../plugin/pipeline.ts";

const files = (base: string, role: string): { readonly [path: string]: string } => ({
  "base.ts": base,
  "protocol.ts": role,
  "riven.plan.ts": `import { plan } from "riven";
import { Server } from "./protocol.ts";
export default plan(Server, { fanOut: { moves: ["tell -> Watcher.told"] } });`,
});

const BASE = `import { On, peers, type Ref } from "riven";
import { LIMIT } from "./limits.ts";
import { Client, Watcher } from "./protocol.ts";
const words = { told: "told" } as const;
export abstract class Telling {
  protected readonly watchers = peers(() => Watcher);
  protected tells = 0;
  @On() tell(m: { id: string }, from: Ref<Client>): void {
    this.tells += LIMIT;
    from.done({ id: m.id, tells: this.tells });
    for (const watcher of this.watchers) watcher.told({ id: m.id, word: words.told });
  }
}
`;

const ROLE = `import { On, Role } from "riven";
import { Telling } from "./base.ts";
@Role({ external: true }) export abstract class Client { abstract done(m: { id: string; tells: number }): void }
@Role() export class Watcher { @On() told(m: { id: string; word: string }): void {} }
@Role() export class Server extends Telling {
}
`;

function compile(base: string, role: string): ReturnType<typeof compileProject> {
  return compileProject(openInMemory({ ...files(base, role), "limits.ts": "export const LIMIT = 1;" }));
}

test("a cut goes through a handler of another file, and the map leads there", () => {
  const { findings, files: emitted } = compile(BASE, ROLE);
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  const main = emitted.find(({ path }) => path.endsWith("server.main.ts"))?.text ?? "";
  expect(main).toContain("export class ServerMain {");
  expect(main).toContain('import { LIMIT } from "../limits.ts";');
  expect(main).toContain("this.fanOut.tellTold({ m: { id: m.id } });");
  const fanOut = emitted.find(({ path }) => path.endsWith("server.fan-out.ts"))?.text ?? "";
  expect(fanOut).toContain("const words");
  expect(fanOut).toContain("for (const watcher of this.watchers) watcher.told({ id: m.id, word: words.told });");
  const map = emitted.find(({ path }) => path.endsWith("server.fan-out.ts.map"))?.text ?? "";
  expect((JSON.parse(map) as { sources: readonly string[] }).sources.toSorted()).toEqual([
    "../base.ts",
    "../protocol.ts",
  ]);
});

test("a name that means one thing where a handler is inherited from, and another one here, is named", () => {
  const { findings } = compile(BASE, `${ROLE}const words = 1;\nexport const twice = words * 2;\n`);
  const errors = findings.filter(({ severity }) => severity === "error");
  expect(errors.map(({ code, span }) => [code, span.file])).toEqual([["RVN431", "base.ts"]]);
  expect(errors[0]?.message).toContain("words is not what it is in protocol.ts");
});
