import type { Node } from "ts-morph";
import type { WriteOperation } from "../../model/effect.ts";
import type { Shape } from "../../model/protocol.ts";
import { cellsRead, type Term } from "../../model/term.ts";
import type { Interpreter } from "./interpreter.ts";
import { samePlace } from "./places.ts";
import { alternatives, pieceOf, termOf, type Fresh, type Place, type Value } from "./values.ts";

/**
 * Puts a value into the state. An object made in this activation becomes a part of the state, also under the local
 * names that it already has. A container that is part of the state already cannot be put in a second place: two
 * names for one piece of state would hide what is shared.
 */
export function store(
  interpreter: Interpreter,
  place: Place,
  value: Value,
  operation: WriteOperation,
  node: Node,
): void {
  for (const one of alternatives(value)) join(interpreter, place, one, node);
  interpreter.context.write(place, operation, termOf(value), node);
}

function join(interpreter: Interpreter, place: Place, value: Value, node: Node): void {
  const { context } = interpreter;
  switch (value.kind) {
    case "fresh":
      joinFresh(interpreter, place, value.object, node);
      return;
    case "state":
      if (!samePlace(value.place, place) && !stayTheSame(interpreter, [value.place, place])) {
        context.giveUp(`a container of ${value.place.field} that would be reachable from ${place.field} too`, node);
      }
      return;
    case "either":
      for (const one of value.of) join(interpreter, place, one, node);
      return;
    case "entries":
      context.giveUp("an iterator in the state", node);
      return;
    case "this":
    case "closure":
    case "peers":
    case "self":
    case "facility":
      context.giveUp("something other than plain data in the state", node);
      return;
    case "ref":
      context.giveUp("a Ref in the state: store its id", node);
      return;
    case "data":
      if (place.shape.kind !== "scalar") refuseHiddenContainers(interpreter, place, value.term, node);
      return;
  }
}

/**
 * Whether an object can stand at all of these places as if each had a copy: it consists of scalars, and no handler
 * ever changes such an object once it is there.
 */
function stayTheSame({ context }: Interpreter, places: readonly Place[]): boolean {
  return places.every(({ field, keys, shape }) => {
    if (shape.kind !== "record" || "lattice" in shape || keys.length === 0) return false;
    const facts = context.fields.get(field);
    const isFlat = Object.values(shape.fields).every(({ kind }) => kind === "scalar");
    if (facts?.kind !== "state" || !isFlat) return false;
    return facts.depths === undefined || ![...facts.depths].some((depth) => depth > keys.length);
  });
}

/** A list, say, that was made of entries of the state has these entries themselves in it, not copies. */
function refuseHiddenContainers({ context }: Interpreter, place: Place, term: Term, node: Node): void {
  const hidden = cellsRead(term).find(({ field, keys, aspect }) => {
    const facts = context.fields.get(field);
    if (field === place.field || facts?.kind !== "state" || aspect === "has" || aspect === "size") return false;
    const read = keys.reduce<Place>((piece, key) => pieceOf(piece, key), { field, keys: [], shape: facts.shape });
    return aspect === "value" ? read.shape.kind !== "scalar" : containersIn(read.shape).length > 0;
  });
  if (hidden === undefined) return;
  context.giveUp(`an object of ${hidden.field} that may become reachable from ${place.field} too`, node);
}

/** The parts of this shape that are containers, by name where they have one. */
function containersIn(shape: Shape): readonly (string | undefined)[] {
  switch (shape.kind) {
    case "scalar":
    case "set":
      return [];
    case "map":
    case "array":
      return shape.value.kind === "scalar" ? [] : [undefined];
    case "record":
      return Object.entries(shape.fields).flatMap(([name, field]) => (field.kind === "scalar" ? [] : [name]));
    case "opaque":
      return [undefined];
  }
}

function joinFresh(interpreter: Interpreter, place: Place, object: Fresh, node: Node): void {
  if (object.storedAt.some((known) => samePlace(known, place))) return;
  if (object.storedAt.length > 0 && !stayTheSame(interpreter, [...object.storedAt, place])) {
    interpreter.context.giveUp("one object that is put into the state at two places", node);
  }
  object.storedAt.push(place);
  for (const [name, part] of object.fields)
    join(interpreter, pieceOf(place, { kind: "literal", value: name }), part, node);
  for (const part of object.parts) {
    if (part.value.kind === "data") continue;
    const key = part.key ?? interpreter.context.read(place, "order", node);
    join(interpreter, pieceOf(place, key), part.value, node);
  }
  for (const shared of object.sharedWith) {
    if (containersIn(shared.shape).some((name) => name === undefined || !object.fields.has(name))) {
      interpreter.context.giveUp(
        `a copy that shares containers with ${shared.field}: the copy and the original would change together`,
        node,
      );
    }
  }
}
