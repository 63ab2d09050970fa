/** A protocol tree as the files of a protocol's folder. */
import type { Column, Field, Handler, Helper, ProtocolTree, Role, Statement, Term, Type } from "./protocolTree.ts";

export interface ProtocolFiles {
  readonly "protocol.ts": string;
  readonly "run.ts": string;
}

export function printProtocol(tree: ProtocolTree): ProtocolFiles {
  return { "protocol.ts": printRoles(tree), "run.ts": printRun(tree) };
}

/** Functions of modules that protocols may use; those that a protocol uses are declared in it. */
const FUNCTIONS = {
  hash: `export function hash(text: string): number {
  let total = 7;
  for (const character of text) total = (total * 31 + (character.codePointAt(0) ?? 0)) % 11;
  return total;
}`,
  initial: `export function initial(text: string): string {
  return text.slice(0, 2);
}`,
  half: `export function half(n: number): number {
  return Math.floor(n / 2);
}`,
  tagged: `export const tagged = injective((text: string): string => \`<\${text}>\`);`,
};

const TYPES: { readonly [T in Type | "void"]: string } = {
  string: "string",
  number: "number",
  boolean: "boolean",
  strings: "readonly string[]",
  void: "void",
};

function printRoles(tree: ProtocolTree): string {
  const answers = tree.answers.map(({ name, columns }) => `  abstract ${name}(m: ${printColumns(columns)}): void;`);
  const client = `@Role({ external: true })\nexport abstract class Client {\n${answers.join("\n")}\n}`;
  const roles = tree.roles.map((role) => printRole(role, tree));
  const body = [client, ...roles].join("\n\n");
  const functions = Object.entries(FUNCTIONS).flatMap(([name, text]) =>
    new RegExp(`\\b${name}\\(`).test(body) ? [text] : [],
  );
  const text = [...functions, body].join("\n\n");
  return `${printImports(text)}\n\n${text}\n`;
}

const VALUES = [
  ...["After", "Counter", "Durable", "Every", "GrowMap", "GrowSet", "MaxReg", "On", "Once", "Role", "Tally"],
  ...["injective", "journal", "peer", "peers", "self", "timers"],
];

function printImports(text: string): string {
  const values = VALUES.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  const types = /\bRef</.test(text) ? ["type Ref"] : [];
  return `import { ${[...values, ...types].join(", ")} } from "riven";`;
}

function printRole(role: Role, tree: ProtocolTree): string {
  const parts = [
    role.fields.map(printField).join("\n"),
    ...role.handlers.map((handler) => printHandler(handler, tree)),
    ...role.helpers.map(printHelper),
  ].filter((part) => part !== "");
  return `@Role()\nexport class ${role.name} {\n${parts.join("\n\n")}\n}`;
}

function printField({ name, code, readonly, durable }: Field): string {
  return `  ${durable ? "@Durable() " : ""}private ${readonly ? "readonly " : ""}${name}${code};`;
}

function printHandler({ name, trigger, body }: Handler, tree: ProtocolTree): string {
  const block = printBlock(body, "  ");
  switch (trigger.kind) {
    case "message": {
      const known = ["Client", ...tree.roles.map((role) => role.name)];
      const senders = trigger.senders.filter((sender) => known.includes(sender));
      const from = /\bfrom\b/.test(block) ? `, from: Ref<${senders.length === 0 ? "never" : senders.join(" | ")}>` : "";
      return `  @On() ${name}(m: ${printColumns(trigger.columns)}${from}): void ${block}`;
    }
    case "every":
      return `  @Every(500) ${name}(): void ${block}`;
    case "after":
      return `  @After("${trigger.timer}") ${name}(${printParameter(trigger.key)}): void ${block}`;
  }
}

function printHelper({ name, parameters, returns, body }: Helper): string {
  const list = parameters.map(printParameter).join(", ");
  return `  private ${name}(${list}): ${TYPES[returns]} ${printBlock(body, "  ")}`;
}

function printParameter({ name, type }: Column): string {
  return `${name}: ${TYPES[type]}`;
}

function printColumns(columns: readonly Column[]): string {
  return `{ ${columns.map(printParameter).join("; ")} }`;
}

function printBlock(statements: readonly Statement[], indent: string): string {
  const inner = `${indent}  `;
  const lines = statements.map((statement) => `${inner}${printStatement(statement, inner)}\n`);
  return `{\n${lines.join("")}${indent}}`;
}

function printStatement({ code, args = [], blocks = [] }: Statement, indent: string): string {
  return fill(code, args)
    .replaceAll("\n", `\n${indent}`)
    .replace(/\{\{(\d)\}\}/g, (_, i) => printBlock(blocks[Number(i)] ?? [], indent));
}

export function printTerm({ code, args = [] }: Term): string {
  return fill(code, args);
}

function fill(code: string, args: readonly Term[]): string {
  return code.replace(/#(\d)/g, (_, i) => {
    const arg = args[Number(i)];
    return arg === undefined ? "undefined" : printTerm(arg);
  });
}

function printRun({ roles, answers, requests, simulation }: ProtocolTree): string {
  const cases = requests.map((statements, i) => {
    const last = i === requests.length - 1;
    return statements.length === 0
      ? ""
      : `${last ? "default:" : `case ${String(i)}:`} ${printBlock(statements, "      ")}`;
  });
  const request = [
    `  request(n: number): string {`,
    "    const op = `${this.self.id}:${String(n)}`;",
    `    switch (n % ${String(Math.max(1, requests.length))}) {`,
    ...cases.filter((text) => text !== "").map((text) => `      ${text.replace(/\}$/, "  break;\n      }")}`),
    `    }`,
    `    return op;`,
    `  }`,
  ].join("\n");
  const handlers = answers.map(({ name, columns, then, completes }) => {
    const result = completes ? "string" : "undefined";
    const block = printBlock([...then, { code: completes ? "return m.op;" : "return undefined;" }], "  ");
    return `  ${name}(${/\bm\./.test(block) ? `m: ${printColumns(columns)}` : ""}): ${result} ${block}`;
  });
  const methods = [request, ...handlers].join("\n\n");
  const used = roles.filter(({ name }) => methods.includes(`this.${lower(name)}s`));
  const fields = used.map(({ name }) => `  private readonly ${lower(name)}s = peers(() => ${name});\n`);
  const list = roles.map(({ name, nodes }) => `instances(${name}, ${String(nodes)})`);
  return `import { ${used.length > 0 ? "peers, " : ""}self } from "riven";
import { instances, runWhenExecuted, system } from "riven/runtime";
import { ${["Client", ...roles.map(({ name }) => name)].join(", ")} } from "./protocol.ts";

class Driver extends Client {
  private readonly self = self();
${fields.join("")}
${methods}
}

export default runWhenExecuted(
  import.meta.url,
  system({
    name: "fuzzed",
    roles: [${list.join(", ")}],
    clients: { driver: Driver },
    simulation: { clients: ${String(simulation.clients)}, operations: ${String(simulation.operations)}, faults: ${String(simulation.faults)} },
  }),
);
`;
}

export function lower(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
