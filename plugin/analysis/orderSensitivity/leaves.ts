import type { Role, Shape } from "../../model/protocol.ts";
import type { Cell, Term } from "../../model/term.ts";
import { shapeAt } from "./locations.ts";
import { simplify } from "./normaliseTerms.ts";

/** A part of what is written that is plain data: where it stands, and its new value. */
export interface Leaf {
  readonly kept: Pick<Cell, "field" | "keys">;
  readonly next: Term;
}

/** All parts that a write of this value sets; undefined when some of them are no plain data with names. */
export function leavesOf(role: Role, cell: Cell, value: Term | undefined): readonly Leaf[] | undefined {
  const shape = shapeAt(role, cell);
  return shape === undefined || value === undefined ? undefined : partsOf(shape, cell, simplify(value));
}

function partsOf(shape: Shape, kept: Leaf["kept"], next: Term): readonly Leaf[] | undefined {
  if (shape.kind === "scalar") return [{ kept, next }];
  if (shape.kind !== "record") return undefined;
  const parts = Object.entries(shape.fields).map(([name, inside]) => {
    const value = propertyOf(next, name);
    const keys: readonly Term[] = [...kept.keys, { kind: "literal", value: /^\d+$/.test(name) ? Number(name) : name }];
    return value === undefined ? undefined : partsOf(inside, { field: kept.field, keys }, value);
  });
  const known = parts.filter((part) => part !== undefined);
  return known.length < parts.length ? undefined : known.flat();
}

/** A property of a value, as lowering names it. */
function propertyOf(value: Term, name: string): Term | undefined {
  switch (value.kind) {
    case "payload":
      return { kind: "payload", path: [...value.path, name] };
    case "record": {
      const [only, ...others] = value.spreads;
      if (value.fields[name] !== undefined) return value.fields[name];
      return only === undefined || others.length > 0 ? undefined : propertyOf(only, name);
    }
    case "pure":
      if (value.name === "array" && /^\d+$/.test(name)) return value.args[Number(name)];
      return { kind: "pure", name: `.${name}`, args: [value], injective: false };
    default:
      return undefined;
  }
}
