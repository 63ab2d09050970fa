/** Changes to a protocol that change nothing: what is legal must not depend on them. */
import type { RoleRewrites } from "../../plugin/planner/inferRewrites.ts";
import { openInMemory } from "../../plugin/frontend/openInMemory.ts";
import { compileProject } from "../../plugin/pipeline.ts";
import { columnsOf, exploreText } from "./examine.ts";
import { optionsOf, printPlan, type Option } from "./plans.ts";
import { printProtocol, type ProtocolFiles } from "./printProtocol.ts";
import type { Handler, ProtocolTree, Role } from "./protocolTree.ts";

interface Variation {
  readonly name: string;
  /** What was legal is legal still, but more may be. */
  readonly adds: boolean;
  readonly vary: (tree: ProtocolTree) => ProtocolFiles;
}

/** Names get this behind them. */
const RENAMED = "Anew";

const VARIATIONS: readonly Variation[] = [
  { name: "other names", adds: false, vary: (tree) => renamed(tree) },
  {
    name: "members in another order",
    adds: false,
    vary: (tree) => printProtocol({ ...tree, roles: tree.roles.map(reversed).toReversed() }),
  },
  { name: "comments", adds: false, vary: commented },
  {
    name: "a field that nobody uses",
    adds: false,
    vary: (tree) => printProtocol({ ...tree, roles: tree.roles.map(withUnusedField) }),
  },
  {
    name: "a handler that has nothing to do with it",
    adds: true,
    vary: (tree) => printProtocol({ ...tree, roles: tree.roles.map(withUnrelatedHandler) }),
  },
];

/** What is legal only without such a change, or only with it; one line each. */
export function findDependences(tree: ProtocolTree, exploration: readonly RoleRewrites[]): readonly string[] {
  const before = legalIn(exploration);
  return VARIATIONS.flatMap(({ name, adds, vary }) => {
    const { errors, exploration: varied } = exploreText(vary(tree)["protocol.ts"]);
    if (errors.length > 0) return [`${name}: ${errors.map(({ message }) => message).join("; ")}`];
    const after = legalIn(varied);
    const isGone = (one: Listed): boolean => !after.some(({ line }) => line === one.line);
    // What is listed under another head, now that there is more to tell it apart from, can be asked for all the same.
    const lost = before.filter((one) => isGone(one) && !(adds && isAccepted(vary(tree), one, columnsOf(tree))));
    const won = adds ? [] : after.filter((one) => !before.some(({ line }) => line === one.line));
    return [
      ...lost.map(({ line }) => `${name}: no longer legal: ${line}`),
      ...won.map(({ line }) => `${name}: legal now: ${line}`),
    ];
  });
}

/** With every handler's body in a method of its own: what is no longer legal then. An over-refusal, not a mistake. */
export function findLostInHelpers(tree: ProtocolTree, exploration: readonly RoleRewrites[]): readonly string[] {
  const text = printProtocol(tree)["protocol.ts"].replace(
    /^ {2}@On\(\) (\w+)\((m: \{[^}]*\})(?:, from: ([^)]*))?\): void (\{\n[\s\S]*?\n {2}\})/gm,
    (_, name: string, message: string, from: string | undefined, body: string) => {
      const sender = from === undefined ? "" : `, from: ${from}`;
      const call = `this.${name}Work(m${from === undefined ? "" : ", from"})`;
      return `  @On() ${name}(${message}${sender}): void {\n    ${call};\n  }\n\n  private ${name}Work(${message}${sender}): void ${body}`;
    },
  );
  const { exploration: varied } = exploreText(text);
  const after = legalIn(varied).map(({ line }) => line);
  return legalIn(exploration).flatMap(({ line }) => (after.includes(line) ? [] : [line]));
}

interface Listed {
  readonly option: Option;
  /** Does not say what the members are called, nor in what order they are. */
  readonly line: string;
}

function legalIn(exploration: readonly RoleRewrites[]): readonly Listed[] {
  return optionsOf(exploration).legal.map((option) => {
    const { role, component } = option;
    const what = component.moves === undefined ? "all" : component.moves.toSorted().join(" and ");
    const by = component.by === undefined ? "" : ` by ${component.by.split(", ").sort().join(", ")}`;
    return { option, line: `${role}: ${what}${by}`.replaceAll(RENAMED, "") };
  });
}

function isAccepted(files: ProtocolFiles, { option }: Listed, columns: readonly string[]): boolean {
  const { role, component } = option;
  const into = component.by === undefined ? {} : { into: 2 };
  const plan = printPlan({ roles: [{ role, components: [{ ...component, ...into }] }] }, columns);
  const open = openInMemory({ "protocol.ts": files["protocol.ts"], "riven.plan.ts": plan });
  return compileProject(open, { emit: false }).findings.every(({ severity }) => severity !== "error");
}

function renamed(tree: ProtocolTree): ProtocolFiles {
  const names = [
    ...tree.roles.flatMap(({ fields, handlers, helpers }) =>
      [...fields, ...handlers, ...helpers].map(({ name }) => name),
    ),
    ...tree.roles.flatMap(({ handlers }) =>
      handlers.flatMap(({ trigger }) => (trigger.kind === "message" ? trigger.columns.map(({ name }) => name) : [])),
    ),
    ...tree.answers.flatMap(({ name, columns }) => [name, ...columns.map((one) => one.name)]),
  ].filter((name) => !KEPT.has(name));
  const word = new RegExp(`\\b(${[...new Set(names)].join("|")})\\b`, "g");
  const files = printProtocol(tree);
  return { ...files, "protocol.ts": files["protocol.ts"].replace(word, `$1${RENAMED}`) };
}

/** Members that have the name of something of the language too. */
const KEPT: ReadonlySet<string> = new Set(["timers", "count", "open", "last", "record"]);

function reversed(role: Role): Role {
  return {
    ...role,
    fields: role.fields.toReversed(),
    handlers: role.handlers.toReversed(),
    helpers: role.helpers.toReversed(),
  };
}

function commented(tree: ProtocolTree): ProtocolFiles {
  const files = printProtocol(tree);
  const text = files["protocol.ts"].replace(/^( {2,})(\S.*)$/gm, "$1// a note\n$1$2 // and another one");
  return { ...files, "protocol.ts": text };
}

function withUnusedField(role: Role): Role {
  const unused = { name: "unused", code: " = new Map<string, number>()", readonly: true, durable: false };
  return { ...role, fields: [...role.fields, unused] };
}

/** It has all the columns of the others, so that it can be routed by whatever they are. */
function withUnrelatedHandler(role: Role): Role {
  const columns = role.handlers.flatMap(({ trigger }) => (trigger.kind === "message" ? trigger.columns : []));
  const all = [...new Map(columns.map((column) => [column.name, column])).values()];
  const unrelated: Handler = {
    name: "unrelated",
    trigger: { kind: "message", columns: all, senders: ["Client"] },
    body: [{ code: "void from.id;" }],
  };
  return { ...role, handlers: [...role.handlers, unrelated] };
}
