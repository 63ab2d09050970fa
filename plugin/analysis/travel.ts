/** Which values can travel between the components of a node: plain data can, and nodes can by their ids. */
import type { LocalUse } from "../model/effect.ts";
import type { Role } from "../model/protocol.ts";
import type { Term } from "../model/term.ts";

/** How the value of a local name gets to another component. */
export type Travel =
  | { readonly kind: "value" }
  /** As an id, from which `this.field.at(id)` makes the node again. */
  | { readonly kind: "reference"; readonly field: string }
  | { readonly kind: "none" };

/** Types whose values are certainly not plain data, wherever in the type they occur. */
const NOT_DATA =
  /=>|\b(Ref|Peers|Self|Iterator|Iterable|IterableIterator|Generator|Promise|WeakMap|WeakSet|WeakRef|Date|Error|RegExp|Function|symbol|any|unknown)\b|Iterator\b/;

/** Types whose values are certainly plain data: primitives and bytes, collections and unions of them. */
const DATA =
  /^(?:\s|readonly\b|string\b|number\b|bigint\b|boolean\b|true\b|false\b|null\b|undefined\b|Uint8Array\b|ReadonlyMap\b|ReadonlySet\b|ReadonlyArray\b|Record\b|Map\b|Set\b|Array\b|"[^"]*"|-?\d+n?|[<>|[\](),])*$/;

/** How the value of this name travels. Fails closed: what is not known to be data does not travel. */
export function travelOf(role: Role, use: LocalUse): Travel {
  // Every payload is data, whatever its type is called; and only the id of a node is data.
  if (use.binding === "payload" || isOnlyId(use)) return { kind: "value" };
  const node = /^Ref<\s*([\p{ID_Continue}$]+)\s*>$/u.exec(use.type)?.[1];
  if (node !== undefined) {
    const field = role.fields.find(({ is }) => is.kind === "peers" && is.role === node);
    return field === undefined ? { kind: "none" } : { kind: "reference", field: field.name };
  }
  if (use.cannotTravel !== undefined || NOT_DATA.test(use.type)) return { kind: "none" };
  return DATA.test(use.type) || (use.term !== undefined && isData(role, use.term))
    ? { kind: "value" }
    : { kind: "none" };
}

/** Whether values of this type may travel, as far as its text tells. For what is read from state, which is data. */
export function mayTravel(type: string): boolean {
  return !NOT_DATA.test(type);
}

function isOnlyId({ columns }: LocalUse): boolean {
  return columns?.length === 1 && columns[0] === "id";
}

/** Whether a value of this provenance is plain data: it was in a message, in the state, or was computed from such. */
function isData(role: Role, term: Term): boolean {
  switch (term.kind) {
    case "literal":
    case "payload":
    case "sender":
    case "timerKey":
    case "self":
    case "read":
      return true;
    case "configuration": {
      const field = role.fields.find(({ name }) => name === term.field);
      return field?.is.kind === "configuration" || /\.(id|ids|size)$/.test(term.path);
    }
    case "element":
      return isData(role, term.of);
    case "pure":
      return term.args.every((arg) => isData(role, arg));
    case "record":
      return [...term.spreads, ...Object.values(term.fields)].every((part) => isData(role, part));
    case "choice":
      return term.of.every((part) => isData(role, part));
    case "mixed":
      return term.inputs.every((part) => isData(role, part));
    case "unknown":
      return false;
  }
}
