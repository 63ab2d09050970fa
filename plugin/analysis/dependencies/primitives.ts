/** The primitive type of a value, as far as it is known where messages are routed. */
import { pureForm } from "../../model/pureForm.ts";
import type { Handler } from "../../model/protocol.ts";
import type { Term } from "../../model/term.ts";

export type Primitive = "string" | "number" | "bigint" | "boolean" | "unknown";

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
      return "string";
    case "payload": {
      const column = handler?.payload?.columns.find(
        ({ path }) => path.length === term.path.length && path.every((part, i) => part === term.path[i]),
      );
      return column === undefined || column.optional ? "unknown" : primitiveOf(column.type);
    }
    case "literal": {
      const type = typeof term.value;
      return type === "string" || type === "number" || type === "boolean" ? type : "unknown";
    }
    case "pure":
      return primitiveOfResult(
        term,
        term.args.map((arg) => primitiveOfTerm(handler, arg)),
      );
    default:
      return "unknown";
  }
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
]);

const ARITHMETIC: ReadonlySet<string> = new Set(["-", "*", "/", "%", "|", "&", "^", "<<", ">>", ">>>"]);

function primitiveOfResult({ name, args }: Extract<Term, { kind: "pure" }>, types: readonly Primitive[]): Primitive {
  const form = pureForm(name, args.length);
  const areNumbers = types.every((type) => type === "number");
  switch (form?.kind) {
    case "template":
      return "string";
    case "method":
      return types[0] === "string" && TEXT_METHODS.has(form.name) ? "string" : "unknown";
    case "property":
      return types[0] === "string" && form.name === "length" ? "number" : "unknown";
    case "language":
      if (form.name === "String") return "string";
      return form.name.startsWith("Math.") || form.name === "Number" ? "number" : "unknown";
    case "binary":
      if (form.operator === "+" && types.includes("string")) return "string";
      return areNumbers && (form.operator === "+" || ARITHMETIC.has(form.operator)) ? "number" : "unknown";
    case "prefix":
      return areNumbers && form.operator !== "!" && form.operator !== "typeof" ? "number" : "unknown";
    case "conditional":
    case "element":
    case "tuple":
    case "module":
    case undefined:
      return "unknown";
  }
}
