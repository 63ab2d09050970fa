/** The primitive type of a value, as far as it is known where messages are routed. */
import { pureForm } from "../../model/pureForm.ts";
import type { Column, Handler } from "../../model/protocol.ts";
import type { Primitive as KnownPrimitive, Term } from "../../model/term.ts";

export type Primitive = KnownPrimitive | "unknown";

/** The primitive type that a type is made of, as far as its text tells. */
export function primitiveOf(type: string): Primitive {
  if (type === "string" || type === "number" || type === "bigint" || type === "boolean") return type;
  if (/^("[^"]*"( \| )?)+$/.test(type)) return "string";
  return /^(-?\d+(\.\d+)?( \| )?)+$/.test(type) ? "number" : "unknown";
}

/** What type the values of a term have in this handler. Ids of nodes are strings, and so are keys of timers. */
export function primitiveOfTerm(handler: Handler | undefined, term: Term): Primitive {
  switch (term.kind) {
    case "sender":
    case "timerKey":
    case "self":
      return "string";
    case "payload":
      return columnOf(handler, term.path)?.optional === false ? primitiveIfThere(handler, term) : "unknown";
    case "literal": {
      const type = typeof term.value;
      return type === "string" || type === "number" || type === "boolean" ? type : "unknown";
    }
    case "pure":
      return primitiveOfResult(handler, term);
    default:
      return "unknown";
  }
}

/** The same, apart from null and undefined. */
function primitiveIfThere(handler: Handler | undefined, term: Term): Primitive {
  switch (term.kind) {
    case "payload": {
      const column = columnOf(handler, term.path);
      return column === undefined ? "unknown" : (column.gives ?? primitiveOf(column.type));
    }
    case "read":
      return term.gives ?? "unknown";
    default:
      return primitiveOfTerm(handler, term);
  }
}

function columnOf(handler: Handler | undefined, path: readonly string[]): Column | undefined {
  return handler?.payload?.columns.find(
    (column) => column.path.length === path.length && column.path.every((part, i) => part === path[i]),
  );
}

const TEXT_METHODS: ReadonlySet<string> = new Set([
  "charAt",
  "slice",
  "substring",
  "toLowerCase",
  "toUpperCase",
  "trim",
  "trimEnd",
  "trimStart",
  "normalize",
  "padEnd",
  "padStart",
  "repeat",
]);

const COMPARISONS: ReadonlySet<string> = new Set(["===", "!==", "==", "!=", "<", ">", "<=", ">="]);
const ARITHMETIC: ReadonlySet<string> = new Set(["-", "*", "/", "%", "|", "&", "^", "<<", ">>", ">>>"]);

function primitiveOfResult(handler: Handler | undefined, term: Extract<Term, { kind: "pure" }>): Primitive {
  const { name, args } = term;
  const form = pureForm(name, args.length);
  const types = args.map((arg) => primitiveOfTerm(handler, arg));
  const areNumbers = types.every((type) => type === "number");
  switch (form?.kind) {
    case "template":
      return "string";
    case "method":
      if (form.name === "join" && isTuple(args[0])) return "string";
      return types[0] === "string" && TEXT_METHODS.has(form.name) ? "string" : "unknown";
    case "property":
      return types[0] === "string" && form.name === "length" ? "number" : "unknown";
    case "language":
      if (form.name === "String") return "string";
      return form.name.startsWith("Math.") || form.name === "Number" ? "number" : "unknown";
    case "binary":
      if (COMPARISONS.has(form.operator)) return "boolean";
      if (form.operator === "??" && args[0] !== undefined) return common(primitiveIfThere(handler, args[0]), types[1]);
      if (form.operator === "+" && types.includes("string")) return "string";
      return areNumbers && (form.operator === "+" || ARITHMETIC.has(form.operator)) ? "number" : "unknown";
    case "prefix":
      if (form.operator === "!") return "boolean";
      return areNumbers && form.operator !== "typeof" ? "number" : "unknown";
    case "conditional":
      return common(types[1], types[2]);
    case "module":
      return term.gives ?? "unknown";
    case "element":
    case "tuple":
    case undefined:
      return "unknown";
  }
}

function isTuple(term: Term | undefined): boolean {
  return term?.kind === "pure" && term.name === "array";
}

/** The type of one of two values, whichever it is. */
function common(one: Primitive | undefined, other: Primitive | undefined): Primitive {
  return one !== undefined && one === other ? one : "unknown";
}
