/**
 * The functions that senders may evaluate to find a partition. What a sender computes has to be what the receiver would
 * compute, and it must not fail: an exception at the sender would undo an activation of another node, which the protocol
 * as written does not do. So they are total, take strings, numbers, bigints and booleans, which arrive as they are sent, and
 * can be written down outside of the handler (see `analysis/keys/printableKey.ts`). Functions of modules are followed by lowering,
 * which notes where they may throw; those that are wrapped in `pure` or `injective` promise that they do not.
 */
import { HALVES } from "../../model/halves.ts";
import { pureForm } from "../../model/pureForm.ts";
import type { Handler, Role } from "../../model/protocol.ts";
import { contains, type Span } from "../../model/span.ts";
import type { Term } from "../../model/term.ts";
import { isPrintable } from "../keys/printableKey.ts";
import { primitiveOfTerm, type Primitive } from "./primitives.ts";

type Applied = Extract<Term, { readonly kind: "pure" }>;

const TOTAL_METHODS: ReadonlySet<string> = new Set([
  "at",
  "charAt",
  "charCodeAt",
  "codePointAt",
  "endsWith",
  "includes",
  "indexOf",
  "lastIndexOf",
  "slice",
  "split",
  "startsWith",
  "substring",
  "toLowerCase",
  "toUpperCase",
  "trim",
  "trimEnd",
  "trimStart",
]);

const TOTAL_FUNCTIONS: ReadonlySet<string> = new Set(["String", "Number", "Boolean", "Number.parseInt", "parseInt"]);

/** What is compared by identity, or chosen. */
const TOTAL_OPERATORS: ReadonlySet<string> = new Set(["===", "!==", "&&", "||"]);

const TOTAL_ON_NUMBERS: ReadonlySet<string> = new Set(["-", "*", "/", "%", "|", "&", "^", "<<", ">>", ">>>"]);

/** Whether senders can evaluate this function of columns, the sender and constants. */
export function isRouteFunction(handler: Handler, term: Applied): boolean {
  return isPrintable(term) && isTotal(handler, term);
}

function isTotal(handler: Handler, term: Term): boolean {
  if (term.kind !== "pure") return true;
  const form = pureForm(term.name, term.args.length);
  if (form === undefined || !term.args.every((arg) => isTotal(handler, arg))) return false;
  const types = term.args.map((arg) => primitiveOfTerm(handler, arg));
  switch (form.kind) {
    case "template":
      return true;
    case "tuple":
      return !types.includes("unknown"); // of lists that are spread into it, the term does not say where they are
    case "module":
      return true; // where it may throw is noted: see `thrownByFunctions`
    case "method":
      return types[0] === "string" && TOTAL_METHODS.has(form.name);
    case "property":
      return (types[0] === "string" && form.name === "length") || (isList(term.args[0]) && /^\d+$/.test(form.name));
    case "element":
      return isList(term.args[0]) || types[0] === "string";
    case "language":
      if (form.name === "JSON.stringify")
        return term.args.length === 1 && !types.includes("bigint") && isPlainTuple(handler, term.args[0]);
      return TOTAL_FUNCTIONS.has(form.name) || (form.name.startsWith("Math.") && isOf("number", types));
    case "binary":
      if (form.operator === "??") return term.certain === true;
      if (TOTAL_OPERATORS.has(form.operator)) return true;
      if (form.operator === "+") return types.includes("string") || isOf("number", types);
      return TOTAL_ON_NUMBERS.has(form.operator) && isOf("number", types);
    case "prefix":
      return form.operator === "!" || isOf("number", types);
    case "conditional":
      return term.certain === true;
  }
}

function isOf(type: Primitive, types: readonly Primitive[]): boolean {
  return types.every((one) => one === type);
}

function isList(term: Term | undefined): boolean {
  return term?.kind === "pure" && (term.name === ".split" || term.name === "array");
}

function isPlainTuple(handler: Handler, term: Term | undefined): boolean {
  if (term?.kind !== "pure" || term.name !== "array") return false;
  return term.args.every((arg) => ["string", "number", "boolean"].includes(primitiveOfTerm(handler, arg)));
}

/** Where a function outside of the class may throw, when this handler runs it; undefined: nowhere. */
export function thrownByFunctions(role: Role, handler: Handler, term: Applied): Span | undefined {
  if (!usesModules(term)) return undefined;
  return handler.body?.throws.find(({ span, why }) => why !== HALVES && !contains(role.span, span))?.span;
}

function usesModules(term: Term): boolean {
  if (term.kind !== "pure") return false;
  return pureForm(term.name, term.args.length)?.kind === "module" || term.args.some(usesModules);
}
