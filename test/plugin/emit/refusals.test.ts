/** What cannot be written out is refused with its place, and what would not type-check is led back to the author's line. */
import { checkEmitted } from "../../../plugin/emit/checkEmitted.ts";
import { EmissionError } from "../../../plugin/emit/emissionError.ts";
import { emitComponents } from "../../../plugin/emit/emitComponents.ts";
import { openInMemory } from "../../../plugin/frontend/openInMemory.ts";
import { readProtocol } from "../../../plugin/frontend/readProtocol.ts";
import type { Partitioning } from "../../../plugin/model/component.ts";
import { rewriteByHand, type ComponentByHand } from "../../support/rewriteByHand.ts";

const protocol = (hub: string, top = ""): string => `import { On, peers, Role, type Ref } from "riven";
${top}
@Role({ external: true })
export abstract class Client {
  abstract done(m: { id: string; size: number }): void;
}

@Role()
export class Hub {
  private total = 0;
  private readonly clients = peers(() => Client);

${hub}
}
`;

const submit = `  @On() submit(m: { id: string; size: number }, from: Ref<Client>): void {
    this.total += m.size;
    from.done(m);
  }`;

function emit(text: string, components: readonly ComponentByHand[]): ReturnType<typeof emitComponents> {
  const model = readProtocol(openInMemory({ "protocol.ts": text }));
  return emitComponents(model, rewriteByHand(model, { Hub: components }), { folder: "rewritten" });
}

function refusal(text: string, components: readonly ComponentByHand[]): EmissionError {
  try {
    emit(text, components);
  } catch (error) {
    if (error instanceof EmissionError) return error;
    throw error;
  }
  throw new Error("Nothing was refused.");
}

const answers = (keys: Partitioning["keys"], region = "from.done"): readonly ComponentByHand[] => [
  { name: "main", handlers: ["submit"] },
  {
    name: "answers",
    forwards: [{ name: "submitDone", handler: "submit", region }],
    partitioning: { partitions: 2, keys, positions: {} },
  },
];

describe("emitComponents refuses", () => {
  it("a role that generated code cannot import", () => {
    const text = protocol(submit).replace("export abstract class Client", "abstract class Client");
    const { message, span } = refusal(text, answers({}));
    expect(message).toBe("Generated code has to import the role Client: export the class.");
    expect(text.slice(span.start, span.end)).toBe("Client");
  });

  it("a variable of the module, which components would not share", () => {
    const text = protocol(submit.replace("from.done(m)", "from.done({ id: m.id, size: count })"), "let count = 0;");
    const { message, span } = refusal(text, answers({}));
    expect(message).toContain("cannot share the variable count");
    expect(span.line).toBe(2);
  });

  it("a routing column that the moved statement cannot reach", () => {
    const helper = `  @On() submit({ id }: { id: string; size: number }, from: Ref<Client>): void {
    from.done({ id, size: 1 });
  }`;
    const { message, span } = refusal(protocol(helper), answers({ submitDone: [{ kind: "column", path: ["size"] }] }));
    expect(message).toContain("submitDone is routed by size, which is out of reach");
    expect(span.line).toBe(14);
  });

  it("a routing column behind a name that hides the payload", () => {
    const hidden = `  @On() submit(m: { id: string; size: number }): void {
    for (const m of this.clients) m.done({ id: "x", size: 1 });
  }`;
    const plan = answers({ submitDone: [{ kind: "column", path: ["id"] }] }, "m.done(");
    expect(refusal(protocol(hidden), plan).message).toContain("out of reach");
  });
});

describe("emitComponents refuses a rewrite that makes no sense:", () => {
  it("a statement that leaves a component where it does not run", () => {
    const components = answers({}).map((component) => ({ ...component, handlers: [] }));
    expect(refusal(protocol(submit), components).message).toContain("does not run that code");
  });
});

describe("emitComponents", () => {
  it("cuts a statement out of one that has left already", () => {
    const handler = `  @On() submit(m: { id: string; sizes: number[] }, from: Ref<Client>): void {
    // one answer for each
    for (const size of m.sizes) {
      if (size > 0) {
        // the answer
        from.done({ id: m.id, size });
      }
    }
  }`;
    const files = emit(protocol(handler), [
      { name: "main", handlers: ["submit"] },
      { name: "splitter", forwards: [{ name: "submitSizes", handler: "submit", region: "for (const size" }] },
      {
        name: "answers",
        forwards: [{ name: "submitDone", handler: "submit", from: "splitter", region: "from.done" }],
        partitioning: { partitions: 2, keys: { submitDone: [{ kind: "column", path: ["id"] }] }, positions: {} },
      },
    ]);
    const body = (name: string): string =>
      files
        .find(({ path }) => path === `rewritten/hub.${name}.ts`)
        ?.text.split("*/\n")
        .at(-1) ?? "";
    expect(body("main")).toContain("    this.splitter.submitSizes({ m: { sizes: m.sizes, id: m.id } });\n");
    expect(body("splitter")).toContain(`m: { sizes: number[]; id: string } }): void {
    // one answer for each
    for (const size of m.sizes) {
      if (size > 0) {
        this.answers.submitDone({ m: { id: m.id }, size });
      }
    }
  }
`);
    expect(body("answers")).toContain(`size: number }, from: Ref<Client>): void {
    // the answer
    from.done({ id: m.id, size });
  }
`);
  });

  it("adds the routing column to a forward that does not need it", () => {
    const text = protocol(submit.replace("from.done(m)", 'from.done({ id: "x", size: 1 })'));
    const files = emit(text, answers({ submitDone: [{ kind: "column", path: ["id"] }] }));
    const find = (path: string): string => files.find((file) => file.path === `rewritten/${path}`)?.text ?? "";
    expect(find("hub.main.ts")).toContain("this.answers.submitDone({ m: { id: m.id } });");
    expect(find("hub.answers.ts")).toContain(`submitDone(_: { m: { id: string } }, from: Ref<Client>): void {`);
    expect(find("routing.ts")).toContain("key: (f: { m: { id: string } }) => f.m.id");
  });

  it("forwards nothing but the sender, when that is all that a statement needs", () => {
    const text = protocol(submit.replace("from.done(m)", 'from.done({ id: "x", size: 1 })'));
    const files = emit(text, answers({}));
    expect(files.find(({ path }) => path.endsWith("hub.main.ts"))?.text).toContain("this.answers.submitDone({});");
    expect(files.find(({ path }) => path.endsWith("hub.answers.ts"))?.text).toContain(
      "submitDone(_: object, from: Ref<Client>): void {",
    );
  });

  it("imports as the author does", () => {
    const text = protocol(submit, 'import type { Other } from "./other.js";\nexport type Size = Other;');
    const model = readProtocol(openInMemory({ "protocol.ts": text, "other.ts": "export type Other = number;\n" }));
    const files = emitComponents(model, rewriteByHand(model, { Hub: answers({}) }), { folder: "deep/rewritten" });
    const index = files.find(({ path }) => path === "deep/rewritten/index.ts")?.text;
    expect(index).toContain('from "./hub.main.js";');
    expect(files.find(({ path }) => path.endsWith("hub.answers.ts"))?.text).toContain('from "../../protocol.js";');
  });

  it("leaves a protocol without plans as it is", () => {
    const files = emit(protocol(submit), [{ name: "main", handlers: ["submit"] }]);
    expect(files.map(({ path }) => path)).toEqual(["rewritten/index.ts", "rewritten/routing.ts"]);
    expect(files[0]?.text).toContain("Hub: { main: Hub },");
  });
});

describe("checkEmitted", () => {
  it("leads an error in a component back to the author's line, and leaves the project as it was", () => {
    const text = protocol(submit.replace("from.done(m)", "from.done({ id: m.id, size: this.total })"));
    const open = openInMemory({ "protocol.ts": text });
    const model = readProtocol(open);
    // The forward forgets what the statement reads, as a wrong rule would: `m` is not there where it arrives.
    const rewrite = rewriteByHand(model, { Hub: answers({}) });
    const forgetful = {
      roles: rewrite.roles.map((role) => ({
        ...role,
        components: role.components.map((component) => ({
          ...component,
          forwards: component.forwards.map((forward) => ({ ...forward, live: [] })),
        })),
      })),
    };
    const files = emitComponents(model, forgetful, { folder: "rewritten" });
    const errors = checkEmitted(open.project, open.root, files).filter(({ emitted }) =>
      emitted.file.endsWith("hub.answers.ts"),
    );
    expect(errors.map(({ code }) => code)).toEqual([2304]);
    const [error] = errors;
    expect(error?.message).toBe("Cannot find name 'm'.");
    expect(error?.original).toMatchObject({ file: "protocol.ts", line: 15 });
    expect(text.slice(error?.original?.start, error?.original?.end)).toBe("m");
    expect(open.project.getSourceFile(`${open.root}/rewritten/hub.answers.ts`)).toBeUndefined();
  });
});
