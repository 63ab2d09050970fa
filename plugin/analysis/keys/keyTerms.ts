/** The values that messages can be routed by: a column, the sender, or what a function makes of these. */
import type { KeyPart } from "../../model/component.ts";
import { printKeyPart } from "../../model/printKeyPart.ts";
import type { Column, Field, Handler, Role, Shape } from "../../model/protocol.ts";
import type { RequestedKeyPart } from "../../model/requestedPlan.ts";
import type { Span } from "../../model/span.ts";
import { printTerm, sameTerm, type Term } from "../../model/term.ts";
import { leavesOf } from "../dependencies/equations.ts";
import { primitiveOf, primitiveOfTerm } from "../dependencies/primitives.ts";
import { isRouteFunction, thrownByFunctions } from "../dependencies/routeFunctions.ts";
import { unexportedIn } from "./printableKey.ts";

/**
 * A term that is known where an activation is put on a partition: what the sender of a message can evaluate, without the
 * receiver's state, and the key of a one-shot timer, which fires on the partition that armed it.
 */
export type KeyTerm = Extract<Term, { readonly kind: "payload" | "sender" | "timerKey" | "pure" }>;

/** What senders route by. */
export type RouteTerm = Exclude<KeyTerm, { readonly kind: "timerKey" }>;

export const SENDER: RouteTerm = { kind: "sender" };

/** Alternatives that are all the same are no alternatives. */
export function simplify(term: Term): Term {
  if (term.kind !== "choice") return term;
  const [first, ...others] = term.of.map(simplify);
  return first !== undefined && others.every((other) => sameTerm(first, other)) ? first : term;
}

/** Whether a term is a column as it arrives, the sender, or the key of the timer. */
export function isColumn(term: Term): term is Exclude<KeyTerm, { readonly kind: "pure" }> {
  return term.kind === "payload" || term.kind === "sender" || term.kind === "timerKey";
}

/** Whether a term is a column, the sender or the key of the timer, or a function of these and of constants alone. */
export function isKeyTerm(term: Term): term is KeyTerm {
  if (term.kind !== "pure") return isColumn(term);
  const leaves = leavesOf(term);
  return leaves.length > 0 && leaves.every(isColumn);
}

/** Whether senders may know it: the key of a timer they do not. */
export function isRouteTerm(term: KeyTerm): term is RouteTerm {
  return ![term, ...leavesOf(term)].some(({ kind }) => kind === "timerKey");
}

/** @throws Error when the term is about something else than columns, the sender and constants. */
export function toKeyPart(term: RouteTerm): KeyPart {
  const part = keyPartOf(term);
  if (part === undefined) throw new Error(`Nothing is routed by ${printTerm(term)}.`);
  return part;
}

/** A term as part of a key; undefined when it is about more than columns, the sender and constants. */
export function keyPartOf(term: Term): KeyPart | undefined {
  switch (term.kind) {
    case "sender":
      return { kind: "sender" };
    case "payload":
      return { kind: "column", path: term.path };
    case "literal": {
      const { value } = term;
      return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
        ? { kind: "literal", value }
        : undefined;
    }
    case "pure": {
      const args = term.args.flatMap((arg) => keyPartOf(arg) ?? []);
      return args.length === term.args.length ? { kind: "applied", name: term.name, args } : undefined;
    }
    default:
      return undefined;
  }
}

/** The key that a plan asks for. */
export function toKeyTerm(part: RequestedKeyPart): RouteTerm {
  return part;
}

/** A key as a plan names it: `id`, `order.sku`, `from.id`, `hash(value)`. */
export function printKey(term: KeyTerm): string {
  if (term.kind === "timerKey") return "the timer's key";
  const part = keyPartOf(term);
  return part === undefined ? printTerm(term) : printKeyPart(part);
}

/** Why a message cannot be routed by a column, or by what a function makes of columns. */
export type ColumnFlaw =
  | { readonly kind: "missing" }
  | { readonly kind: "not-a-key"; readonly type: string }
  | { readonly kind: "optional"; readonly type: string }
  /** Modules keep these functions to themselves. */
  | { readonly kind: "unexported"; readonly functions: readonly string[] }
  /** The function may throw, here. */
  | { readonly kind: "throws"; readonly span: Span }
  /** Senders cannot evaluate it. */
  | { readonly kind: "not-computable" };

/** Why messages to this handler cannot be routed by this key; undefined when they can. */
export function columnFlaw(handler: Handler, key: KeyTerm, role?: Role): ColumnFlaw | undefined {
  switch (key.kind) {
    case "sender":
      return handler.trigger.kind === "message" ? undefined : { kind: "missing" };
    case "timerKey":
      return handler.trigger.kind === "after" ? undefined : { kind: "missing" };
    case "payload":
      return flawOfPath(handler, key.path);
    case "pure":
      return flawOfFunction(handler, key, role);
  }
}

function flawOfPath(handler: Handler, path: readonly string[]): ColumnFlaw | undefined {
  const column = findColumn(handler, path);
  if (column === undefined) return { kind: "missing" };
  if (!column.keyable) return { kind: "not-a-key", type: column.type };
  const parents = path.slice(0, -1).map((_, i) => findColumn(handler, path.slice(0, i + 1)));
  if (column.optional || parents.some((parent) => parent?.optional === true)) {
    return { kind: "optional", type: column.type };
  }
  return undefined;
}

function flawOfFunction(
  handler: Handler,
  key: Extract<KeyTerm, { kind: "pure" }>,
  role: Role | undefined,
): ColumnFlaw | undefined {
  const leaves = leavesOf(key);
  const replaced = leavesOf(withDefaults(key));
  const flaws = leaves.map((leaf) => {
    if (!isKeyTerm(leaf)) return { kind: "missing" as const };
    const found = columnFlaw(handler, leaf);
    const isNeeded = replaced.some((one) => sameTerm(one, leaf));
    return found?.kind === "optional" && !isNeeded ? undefined : found;
  });
  // A column that is missing is worse than one that is no key.
  const flaw = flaws.find((one) => one?.kind === "missing") ?? flaws.find((one) => one !== undefined);
  if (flaw !== undefined) return flaw;
  if (leaves.some(({ kind }) => kind === "timerKey")) return undefined; // nobody sends it
  const hidden = unexportedIn(key);
  if (hidden.length > 0) return { kind: "unexported", functions: hidden.map(({ name }) => name) };
  if (!isRouteFunction(handler, key)) return { kind: "not-computable" };
  const span = role === undefined ? undefined : thrownByFunctions(role, handler, key);
  return span === undefined ? undefined : { kind: "throws", span };
}

/** The term without what it has a default for: that may be missing. */
function withDefaults(term: Term): Term {
  if (term.kind !== "pure") return term;
  const [left, right] = term.args;
  if (term.name === "??" && left !== undefined && right !== undefined && isColumn(left)) return withDefaults(right);
  return { ...term, args: term.args.map(withDefaults) };
}

/** The column at this path, or undefined. */
export function findColumn(handler: Handler, path: readonly string[]): Column | undefined {
  return handler.payload?.columns.find((column) => sameTerm(asTerm(column.path), asTerm(path)));
}

/** Everything that messages to this handler can be routed by, columns first, in the order of their declaration. */
export function routableKeys(handler: Handler): readonly RouteTerm[] {
  if (handler.trigger.kind !== "message") return [];
  const columns = (handler.payload?.columns ?? []).map(({ path }) => asTerm(path));
  return [...columns, SENDER].filter((key) => columnFlaw(handler, key) === undefined);
}

/** How well a key spreads, as far as its type tells: 0 for many values, more for fewer. */
export function narrowness(handler: Handler, key: KeyTerm): number {
  if (key.kind === "sender") return 2; // as many values as there are senders
  if (key.kind === "timerKey") return 0; // as many as what armed it has
  if (key.kind === "pure") return narrownessOfFunction(handler, key);
  const type = findColumn(handler, key.path)?.type ?? "";
  if (type === "boolean" || /^(("[^"]*"|true|false|-?\d+n?)( \| )?)+$/.test(type)) return 3;
  return key.path.length > 1 ? 1 : 0;
}

/**
 * Whether equal keys of the container at `position` of a field are equal as routing keys too. They are in a `Map` or a
 * `Set`. Plain objects and arrays make strings of their keys: `1` and `"1"` are one entry, but two routing keys.
 *
 * @param types The types of all columns that the entries are keyed by.
 */
export function keepsKeysApart(field: Field | undefined, position: number, types: readonly string[]): boolean {
  const alike = new Set(types.map(primitiveOf));
  const [only] = alike;
  if (alike.size === 1 && (only === "string" || only === "number")) return true;
  return field !== undefined && /^(Readonly)?(Map|Set)</.test(containerType(field.type, position));
}

/** Whether the field has keys at this depth at all, in containers that the analysis tells apart. */
export function hasKeysAt(field: Field | undefined, keys: readonly Term[], position: number): boolean {
  if (field?.is.kind !== "state") return false;
  let shape: Shape = field.is.shape;
  for (let depth = 0; depth <= position; depth += 1) {
    switch (shape.kind) {
      case "map":
      case "array":
        shape = shape.value;
        break;
      case "set":
        return depth === position;
      case "record": {
        const key = keys[depth];
        if (depth === position || key?.kind !== "literal" || typeof key.value !== "string") return false;
        const next: Shape | undefined = shape.fields[key.value];
        if (next === undefined) return false;
        shape = next;
        break;
      }
      case "scalar":
      case "opaque":
        return false;
    }
  }
  return true;
}

function asTerm(path: readonly string[]): RouteTerm {
  return { kind: "payload", path };
}

/** At most as many values as its columns have together; there may be fewer, so a column is better. */
function narrownessOfFunction(handler: Handler, key: Extract<KeyTerm, { kind: "pure" }>): number {
  if (primitiveOfTerm(handler, key) === "boolean") return 3;
  const leaves = leavesOf(key).filter(isKeyTerm);
  return Math.max(1, Math.min(...leaves.map((leaf) => narrowness(handler, leaf))));
}

/** The type of the container at a depth: of `Map<string, Set<number>>` it is the whole at 0, `Set<number>` at 1. */
function containerType(type: string, depth: number): string {
  if (depth === 0) return type;
  const inner = /^(?:Readonly)?Map<(.*)>$/.exec(type)?.[1];
  if (inner === undefined) return "";
  let open = 0;
  for (let i = 0; i < inner.length; i += 1) {
    const character = inner[i] ?? "";
    if ("<{([".includes(character)) open += 1;
    if (">})]".includes(character) && inner[i - 1] !== "=") open -= 1;
    if (character === "," && open === 0) return containerType(inner.slice(i + 1).trim(), depth - 1);
  }
  return "";
}
