/** The values that co-hashing can route by: a column of the message itself, or its sender. */
import type { KeyPart } from "../model/component.ts";
import type { Column, Field, Handler, Shape } from "../model/protocol.ts";
import type { RequestedKeyPart } from "../model/requestedPlan.ts";
import { sameTerm, type Term } from "../model/term.ts";

/**
 * A term that is known where an activation is put on a partition: what the sender of a message can evaluate, without the
 * receiver's state or code, and the key of a one-shot timer, which fires on the partition that armed it.
 */
export type KeyTerm = Extract<Term, { readonly kind: "payload" | "sender" | "timerKey" }>;

/** What senders route by. */
export type RouteTerm = Exclude<KeyTerm, { readonly kind: "timerKey" }>;

export const SENDER: RouteTerm = { kind: "sender" };

/** Alternatives that are all the same are no alternatives. */
export function simplify(term: Term): Term {
  if (term.kind !== "choice") return term;
  const [first, ...others] = term.of.map(simplify);
  return first !== undefined && others.every((other) => sameTerm(first, other)) ? first : term;
}

export function isKeyTerm(term: Term): term is KeyTerm {
  return term.kind === "payload" || term.kind === "sender" || term.kind === "timerKey";
}

export function isRouteTerm(term: KeyTerm): term is RouteTerm {
  return term.kind !== "timerKey";
}

export function toKeyPart(term: RouteTerm): KeyPart {
  return term.kind === "sender" ? { kind: "sender" } : { kind: "column", path: term.path };
}

/** The key that a plan asks for. */
export function toKeyTerm(part: RequestedKeyPart): RouteTerm {
  if (part.kind === "pure") throw new Error("A key that a function makes was not looked at.");
  return part;
}

/** A key as a plan names it: `id`, `order.sku`, `from.id`. */
export function printKey(term: KeyTerm): string {
  switch (term.kind) {
    case "sender":
      return "from.id";
    case "payload":
      return term.path.join(".");
    case "timerKey":
      return "the timer's key";
  }
}

/** Why a message cannot be routed by a column. */
export type ColumnFlaw =
  | { readonly kind: "missing" }
  | { readonly kind: "not-a-key"; readonly type: string }
  | { readonly kind: "optional"; readonly type: string };

/** Why messages to this handler cannot be routed by this key; undefined when they can. */
export function columnFlaw(handler: Handler, key: KeyTerm): ColumnFlaw | undefined {
  if (key.kind === "sender") return handler.trigger.kind === "message" ? undefined : { kind: "missing" };
  if (key.kind === "timerKey") return handler.trigger.kind === "after" ? undefined : { kind: "missing" };
  const column = findColumn(handler, key.path);
  if (column === undefined) return { kind: "missing" };
  if (!column.keyable) return { kind: "not-a-key", type: column.type };
  const parents = key.path.slice(0, -1).map((_, i) => findColumn(handler, key.path.slice(0, i + 1)));
  if (column.optional || parents.some((parent) => parent?.optional === true)) {
    return { kind: "optional", type: column.type };
  }
  return undefined;
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

/** The primitive type that a type is made of, as far as its text tells. */
function primitiveOf(type: string): string {
  if (/^(string|number|bigint|boolean)$/.test(type)) return type;
  return /^("[^"]*"( \| )?)+$/.test(type) ? "string" : type;
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
