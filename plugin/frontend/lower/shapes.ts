import type { Node } from "ts-morph";
import { type Type } from "ts-morph";
import type { Lattice, Shape } from "../../model/protocol.ts";
import type { Primitive } from "../../model/term.ts";
import { latticeOf } from "../syntax/rivenTypes.ts";

const SCALAR = { kind: "scalar" } as const satisfies Shape;
const OPAQUE: Shape = { kind: "opaque" };

/** How deep nested state is told apart; what lies deeper is one piece. */
const MAX_DEPTH = 6;

/**
 * The shape of a value of this type, as far as the analysis tells pieces of it apart. Keys and elements that are
 * objects have identity, which state does not, so collections of them are opaque.
 */
export function shapeOf(type: Type, at: Node, depth = 0): Shape {
  const bare = type.getNonNullableType();
  if (isScalar(bare)) return { ...SCALAR, ...gives(bare) };
  if (depth > MAX_DEPTH || bare.isAny() || bare.isUnknown()) return OPAQUE;
  const name = bare.getSymbol()?.getName();
  const [first, second] = bare.getTypeArguments();
  const lattice = latticeOf(bare);
  if (lattice !== undefined) return latticeShape(lattice, bare.getTypeArguments(), at, depth);
  if (name === "Map" && first !== undefined && second !== undefined) {
    return isScalar(first) ? { kind: "map", value: shapeOf(second, at, depth + 1) } : OPAQUE;
  }
  if (name === "Set" && first !== undefined) return isScalar(first) ? { kind: "set" } : OPAQUE;
  if (name === "Uint8Array") return SCALAR;
  if (bare.isArray()) {
    const element = bare.getArrayElementType();
    return element === undefined ? OPAQUE : { kind: "array", value: shapeOf(element, at, depth + 1) };
  }
  if (bare.isTuple())
    return recordOf(
      bare.getTupleElements().map((t, i) => [String(i), t] as const),
      at,
      depth,
    );
  if (bare.isUnion()) return unionShape(bare.getUnionTypes().map((t) => shapeOf(t, at, depth + 1)));
  if (bare.getCallSignatures().length > 0 || bare.getConstructSignatures().length > 0) return OPAQUE;
  const index = bare.getStringIndexType() ?? bare.getNumberIndexType();
  if (index !== undefined && bare.getProperties().length === 0) {
    return { kind: "map", value: shapeOf(index, at, depth + 1) };
  }
  if (!bare.isObject() || bare.isClass()) return OPAQUE;
  return recordOf(
    bare.getProperties().map((p) => [p.getName(), p.getTypeAtLocation(at)] as const),
    at,
    depth,
  );
}

/** The shape of the container that a lattice consists of. */
function latticeShape(lattice: Lattice, [first, second]: readonly Type[], at: Node, depth: number): Shape {
  if (lattice === "MaxReg") return { kind: "record", fields: { value: SCALAR }, lattice };
  if (first === undefined || !isScalar(first)) return OPAQUE;
  switch (lattice) {
    case "GrowSet":
    case "Once":
      return { kind: "set", lattice };
    case "Counter":
      return { kind: "map", value: SCALAR, lattice };
    case "Tally":
      return second !== undefined && isScalar(second) ? { kind: "map", value: { kind: "set" }, lattice } : OPAQUE;
    case "GrowMap":
      return second === undefined ? OPAQUE : { kind: "map", value: shapeOf(second, at, depth + 1), lattice };
  }
}

function recordOf(properties: readonly (readonly [string, Type])[], at: Node, depth: number): Shape {
  return {
    kind: "record",
    fields: Object.fromEntries(properties.map(([name, type]) => [name, shapeOf(type, at, depth + 1)])),
  };
}

/** Alternatives of one shape have that shape; records merge, since a property is a piece wherever it exists. */
function unionShape(shapes: readonly Shape[]): Shape {
  const [first, ...others] = shapes;
  if (first === undefined) return OPAQUE;
  if (shapes.every((s) => s.kind === "scalar")) {
    const [given, ...rest] = new Set(shapes.map(({ gives: one }) => one));
    return rest.length === 0 && given !== undefined ? { ...SCALAR, gives: given } : SCALAR;
  }
  if (first.kind === "record" && others.every((s) => s.kind === "record")) {
    const fields: { [name: string]: Shape } = {};
    for (const shape of [first, ...others]) {
      for (const [name, field] of Object.entries(shape.fields)) {
        const known = fields[name];
        fields[name] = known === undefined ? field : unionShape([known, field]);
      }
    }
    return { kind: "record", fields };
  }
  return JSON.stringify(first) === JSON.stringify(others[0]) && others.length === 1 ? first : OPAQUE;
}

/** Which primitive type the values of a type have, apart from null and undefined; nothing when that may differ. */
export function gives(type: Type): { readonly gives?: Primitive } {
  const found = primitiveOfType(type.getNonNullableType());
  return found === undefined ? {} : { gives: found };
}

function primitiveOfType(type: Type): Primitive | undefined {
  if (type.isBoolean() || type.isBooleanLiteral()) return "boolean";
  if (type.isUnion()) {
    const [first, ...others] = type.getUnionTypes().map(primitiveOfType);
    return others.every((other) => other === first) ? first : undefined;
  }
  if (type.isIntersection())
    return type
      .getIntersectionTypes()
      .map(primitiveOfType)
      .find((one) => one !== undefined);
  if (type.isString() || type.isStringLiteral() || type.isTemplateLiteral()) return "string";
  if (type.isNumber() || type.isNumberLiteral()) return "number";
  return type.isBigInt() || type.isBigIntLiteral() ? "bigint" : undefined;
}

/** Strings, numbers, bigints, booleans, their literals and unions of them: values without identity. */
export function isScalar(type: Type): boolean {
  if (type.isUnion() && !type.isBoolean()) return type.getUnionTypes().every(isScalar);
  // A brand (`string & { readonly brand: ... }`) exists for the type checker only.
  if (type.isIntersection()) return type.getIntersectionTypes().some(isScalar);
  return (
    type.isString() ||
    type.isNumber() ||
    type.isBigInt() ||
    type.isBoolean() ||
    type.isLiteral() ||
    type.isTemplateLiteral() ||
    type.isNull() ||
    type.isUndefined() ||
    type.isVoid()
  );
}
