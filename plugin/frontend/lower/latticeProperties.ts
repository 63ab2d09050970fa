import type { Node } from "ts-morph";
import type { Interpreter } from "./interpreter.ts";
import { data, pure, type Place, type Value } from "./values.ts";

/** The properties of lattices that their containers do not have: `counter.value`, a sum in no particular order. */
export function latticeProperty({ context }: Interpreter, place: Place, name: string, node: Node): Value | undefined {
  const isSum = place.shape.kind === "map" && place.shape.lattice === "Counter" && name === "value";
  return isSum ? data(pure("sum", [context.read(place, "entries", node)])) : undefined;
}
