/** Whether a value is the same in all activations of a handler that have the same key. */
import type { Handler } from "../../model/protocol.ts";
import { sameTerm, subterms, type Term } from "../../model/term.ts";
import { isForwardedValue } from "../projectComponent.ts";
import { isFixed } from "./normaliseTerms.ts";

/** What is the same in all activations of the handler with these keys, state aside. */
export function isOfKey(handler: Handler, term: Term, keys: readonly Term[]): boolean {
  return findNotOfKey(handler, term, keys) === undefined;
}

/** The first part of a term that may differ between activations with the same key; undefined: there is none. */
export function findNotOfKey(handler: Handler, term: Term, keys: readonly Term[]): Term | undefined {
  const known = closure(keys);
  const find = (one: Term): Term | undefined => {
    if (isFixed(one) || known.some((key) => sameTerm(key, one))) return undefined;
    if (isForwardedValue(one)) return one;
    switch (one.kind) {
      case "payload":
        return isDetermined(handler, one.path, find) ? undefined : one;
      case "sender":
      case "timerKey":
      case "read":
      case "mixed":
      case "unknown":
        return one;
      case "literal":
      case "self":
      case "configuration":
      case "element":
      case "pure":
      case "record":
      case "choice":
        for (const part of subterms(one)) {
          const found = find(part);
          if (found !== undefined) return found;
        }
        return undefined;
    }
  };
  return find(term);
}

/** A key that an injective function made has its arguments in it. */
function closure(keys: readonly Term[]): readonly Term[] {
  return keys.flatMap((key) => (key.kind === "pure" && key.injective ? [key, ...closure(key.args)] : [key]));
}

/** A column that the senders promise to be a function of others, or an object all of whose columns are known. */
function isDetermined(handler: Handler, path: readonly string[], find: (term: Term) => Term | undefined): boolean {
  const name = path.join(".");
  const columns = handler.payload?.columns ?? [];
  const promised = (handler.determines ?? []).filter(({ to }) => to === name);
  if (promised.some(({ from }) => from !== name && find({ kind: "payload", path: from.split(".") }) === undefined))
    return true;
  const inside = columns.filter(
    (column) => column.path.length === path.length + 1 && path.every((part, i) => part === column.path[i]),
  );
  return inside.length > 0 && inside.every((column) => find({ kind: "payload", path: column.path }) === undefined);
}
