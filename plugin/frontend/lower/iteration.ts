import type { Node } from "ts-morph";
import type { Aspect, Term } from "../../model/term.ts";
import type { Interpreter } from "./interpreter.ts";
import { distinct } from "./places.ts";
import { data, either, fresh, isDataShape, pieceOf, termOf, UNDEFINED, type Place, type Value } from "./values.ts";

/** One turn of a loop: what the loop's variable is, and what is iterated over. */
export interface Iteration {
  readonly item: Value;
  readonly over: Term;
  /** Over configuration: the same number of turns in every activation of a run. */
  readonly fixed: boolean;
}

/** What iterating a value gives. `aspect` says how much of a container in the state the loop observes. */
export function iterate(interpreter: Interpreter, value: Value, aspect: Aspect, node: Node): Iteration {
  const { context } = interpreter;
  const loop = context.nextLoop();
  switch (value.kind) {
    case "peers": {
      const over = termOf(value);
      const id: Term = {
        kind: "element",
        loop,
        of: { kind: "configuration", field: value.field, path: `this.${value.field}.ids` },
      };
      const destination = { kind: "all", field: value.field, others: value.others } as const;
      return { item: { kind: "ref", destination, roles: [value.role], id }, over, fixed: true };
    }
    case "state":
      return iterateState(interpreter, value.place, entriesByDefault(value.place), aspect, loop, node);
    case "entries":
      return iterateState(interpreter, value.place, value.what, aspect, loop, node);
    case "fresh": {
      const [stored] = value.object.storedAt;
      if (value.object.is === "record") {
        const unknown = context.giveUp("a loop over an object that has an iterator of its own", node);
        return { item: data(unknown), over: unknown, fixed: false };
      }
      if (stored !== undefined) return iterateState(interpreter, stored, entriesByDefault(stored), aspect, loop, node);
      const parts = [...value.object.fields.values(), ...value.object.parts.map((part) => part.value)];
      const over = termOf(value);
      const aliases = parts.filter((part) => part.kind !== "data");
      if (aliases.length === 0) return { item: data({ kind: "element", loop, of: over }), over, fixed: false };
      const [only, ...others] = parts;
      // `[...peers]`: in each turn it is one of them.
      if (only?.kind === "ref" && others.length === 0 && value.object.spreads.length === 1)
        return { item: only, over, fixed: false };
      return { item: either(over, [...parts, UNDEFINED]), over, fixed: false };
    }
    case "data":
      return {
        item: data({ kind: "element", loop, of: value.term }),
        over: value.term,
        fixed: value.term.kind === "configuration",
      };
    case "either": {
      const all = distinct(value.of).map((one) => iterate(interpreter, one, aspect, node));
      const over = termOf(value);
      return {
        item: either(
          over,
          all.map((one) => one.item),
        ),
        over,
        fixed: false,
      };
    }
    case "ref":
    case "self":
    case "this":
    case "closure":
    case "facility": {
      const over = context.giveUp("a loop over something that is not a collection", node);
      return { item: data(over), over, fixed: false };
    }
  }
}

function entriesByDefault(place: Place): "keys" | "values" | "entries" {
  if (place.shape.kind === "map") return "entries";
  return place.shape.kind === "array" ? "values" : "keys";
}

function iterateState(
  interpreter: Interpreter,
  place: Place,
  what: "keys" | "values" | "entries",
  aspect: Aspect,
  loop: number,
  node: Node,
): Iteration {
  const over = interpreter.context.read(place, aspect, node);
  const key: Term = { kind: "element", loop, of: over };
  if (what === "keys") return { item: data(key), over, fixed: false };
  const piece = pieceOf(place, key);
  const value: Value = isDataShape(piece.shape)
    ? data({ kind: "read", cell: { field: piece.field, keys: piece.keys, aspect: "value" } })
    : { kind: "state", place: piece };
  if (what === "values") return { item: value, over, fixed: false };
  const entry = fresh("array");
  entry.fields.set("0", data(key));
  entry.fields.set("1", value);
  return { item: { kind: "fresh", object: entry }, over, fixed: false };
}
