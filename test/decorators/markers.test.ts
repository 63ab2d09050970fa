import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { transformSync } from "@swc/core";
import { After, Durable, Every, On, Role } from "../../decorators/index.ts";
import * as decorators from "../../decorators/index.ts";
import * as invariant from "../../decorators/invariant.ts";
import * as markers from "../../decorators/markers.ts";
import { describeDurable, describeHandlers, describeRole } from "../../decorators/markers.ts";

const root = join(__dirname, "../..");
const fixture = join(root, "test/fixtures/decorators");
const program = join(fixture, "marked.ts");
const modes = ["standard", "legacy"] as const;
type Mode = (typeof modes)[number];

const message = { kind: "message", fifo: false };
const expected = {
  described: [
    {
      role: { name: "Client", external: true },
      handlers: [],
      durable: [],
      forget: [],
      invariants: [],
      dependencies: [],
    },
    {
      role: { name: "Client", external: true },
      handlers: [],
      durable: [],
      forget: [],
      invariants: [],
      dependencies: [],
    },
    {
      role: { name: "Node", external: false },
      handlers: [
        ["begin", { kind: "start" }],
        ["bump", message],
        ["expired", { kind: "after", timer: "timeout" }],
        ["ordered", { kind: "message", fifo: true }],
        ["orderedToo", { kind: "message", fifo: true }],
        ["reset", message],
        ["resume", { kind: "recover" }],
        ["tick", { kind: "every", milliseconds: 250 }],
      ],
      durable: ["count", "seen", "last"],
      forget: [
        ["seen", true, true],
        ["amounts", false, true],
      ],
      invariants: [
        ["Node.neverNegative", true],
        ["Node.isSmall", true],
      ],
      dependencies: [
        { from: "text", to: "from.id" },
        { from: "text", to: "at" },
      ],
    },
    {
      handlers: [
        ["bump", message],
        ["reset", message],
      ],
      durable: ["count"],
      forget: [["amounts", false, true]],
      invariants: [["Counting.neverNegative", true]],
      dependencies: [],
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
      "../../../decorators/invariant.ts": invariant,
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

  it("say which fields are durable, once each, those of base classes first", () => {
    class Base {
      @Durable() protected ballot = 0;
    }
    @Role()
    class Derived extends Base {
      @Durable() protected override ballot = 1;
      @Durable() readonly log = new Map<number, string>();
      readonly volatile = 0;
    }
    @Role()
    class Sibling extends Base {}
    expect([Base, Derived, Sibling].map(describeDurable)).toEqual([["ballot"], ["ballot", "log"], ["ballot"]]);
  });

  it("refuse a field that is not one of an instance, and a compiler without metadata", () => {
    const context = { kind: "field", name: "log", metadata: undefined } as unknown as ClassFieldDecoratorContext;
    expect(() => {
      Durable()(undefined, context);
    }).toThrow(/needs decorator metadata/);
  });

  it("refuse a timer without a name", () => {
    expect(() => After("")).toThrow(/needs the name of a timer/);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuse a period of %d milliseconds", (milliseconds) => {
    expect(() => Every(milliseconds)).toThrow(RangeError);
  });
});
