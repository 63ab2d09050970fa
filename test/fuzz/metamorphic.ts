/** Changes to a protocol that change nothing: what is legal must not depend on them. */
import type { RoleRewrites } from "../../plugin/planner/inferRewrites.ts";
import { exploreText } from "./examine.ts";
import { optionsOf } from "./plans.ts";
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
    const lost = before.filter((one) => !after.includes(one));
    const won = adds ? [] : after.filter((one) => !before.includes(one));
    return [
      ...lost.map((one) => `${name}: no longer legal: ${one}`),
      ...won.map((one) => `${name}: legal now: ${one}`),
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
  const after = legalIn(varied);
  return legalIn(exploration).filter((one) => !after.includes(one));
}

/** As lines that do not say what the members are called, nor in what order they are. */
function legalIn(exploration: readonly RoleRewrites[]): readonly string[] {
  return optionsOf(exploration)
    .legal.map(({ role, component: { moves, by } }) => {
      const what = moves === undefined ? "all" : moves.toSorted().join(" and ");
      return `${role}: ${what}${by === undefined ? "" : ` by ${by.split(", ").sort().join(", ")}`}`;
    })
    .map((line) => line.replaceAll(RENAMED, ""))
    .sort();
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
