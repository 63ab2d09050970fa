import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { transformSync } from "@swc/core";
import { Every, On, Role } from "../../decorators/index.ts";
import * as decorators from "../../decorators/index.ts";
import * as markers from "../../decorators/markers.ts";
import { describeHandlers, describeRole } from "../../decorators/markers.ts";

const root = join(__dirname, "../..");
const fixture = join(root, "test/fixtures/decorators");
const program = join(fixture, "marked.ts");
const modes = ["standard", "legacy"] as const;
type Mode = (typeof modes)[number];

const message = { kind: "message", fifo: false };
const expected = {
  described: [
    { role: { name: "Client", external: true }, handlers: [] },
    { role: { name: "Client", external: true }, handlers: [] },
    {
      role: { name: "Node", external: false },
      handlers: [
        ["begin", { kind: "start" }],
        ["bump", message],
        ["ordered", { kind: "message", fifo: true }],
        ["orderedToo", { kind: "message", fifo: true }],
        ["reset", message],
        ["tick", { kind: "every", milliseconds: 250 }],
      ],
    },
    {
      handlers: [
        ["bump", message],
        ["reset", message],
      ],
    },
  ],
  count: 7,
};

function tsconfig(mode: Mode): string {
  return join(fixture, `tsconfig.${mode}.json`);
}

describe("markers record the same, and change nothing", () => {
  it.each(modes)("compiled by swc, %s decorators", (mode) => {
    const { code } = transformSync(readFileSync(program, "utf8"), {
      filename: program,
      module: { type: "commonjs" },
      jsc: {
        target: "es2022",
        parser: { syntax: "typescript", decorators: true },
        transform: mode === "legacy" ? { legacyDecorator: true } : { decoratorVersion: "2022-03" },
      },
    });
    const modules: Readonly<Record<string, unknown>> = {
      "../../../decorators/index.ts": decorators,
      "../../../decorators/markers.ts": markers,
    };
    const printed: string[] = [];
    const run = runInThisContext(`(function (require, exports, console) {${code}\n})`) as (...names: unknown[]) => void;
    run((name: string) => modules[name], {}, { log: (line: string) => printed.push(line) });
    expect(JSON.parse(printed[0] ?? "")).toEqual(expected);
  });

  it.each(modes)("run by tsx, %s decorators", (mode) => {
    const output = execFileSync(process.execPath, ["--import", "tsx", program], {
      cwd: root,
      env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig(mode) },
      encoding: "utf8",
    });
    expect(JSON.parse(output)).toEqual(expected);
  });

  it.each(modes)(
    "checked and compiled by tsc, %s decorators",
    (mode) => {
      const folder = mkdtempSync(join(tmpdir(), "riven-markers-"));
      try {
        const compiler = join(root, "node_modules/typescript/bin/tsc");
        execFileSync(process.execPath, [compiler, "-p", tsconfig(mode), "--outDir", folder], {
          cwd: root,
          encoding: "utf8",
        });
        const compiled = join(folder, "test/fixtures/decorators/marked.js");
        const output = execFileSync(process.execPath, ["--experimental-default-type=module", compiled], {
          encoding: "utf8",
        });
        expect(JSON.parse(output)).toEqual(expected);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    30_000,
  );
});

describe("markers", () => {
  it("describe nothing that is not marked", () => {
    class Plain {
      method(): void {
        // Not a handler.
      }
    }
    expect([describeRole(Plain), [...describeHandlers(Plain)]]).toEqual([undefined, []]);
  });

  it("name a role after its class, and a derived class after the nearest marked one", () => {
    @Role()
    class Base {
      readonly votes = 0;
    }
    class Derived extends Base {}
    @Role()
    class Renamed extends Base {}
    expect([Base, Derived, Renamed].map((target) => describeRole(target)?.name)).toEqual(["Base", "Base", "Renamed"]);
  });

  it("inherit the handlers of undecorated classes in between", () => {
    class Base {
      @On() ping(): void {
        // A handler.
      }
    }
    class Derived extends Base {}
    expect([...describeHandlers(Derived).keys()]).toEqual(["ping"]);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuse a period of %d milliseconds", (milliseconds) => {
    expect(() => Every(milliseconds)).toThrow(RangeError);
  });
});
