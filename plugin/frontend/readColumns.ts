import type { Node, Type } from "ts-morph";
import type { Column } from "../model/protocol.ts";
import { typeText } from "./lower/typeText.ts";
import { gives, isScalar } from "./lower/shapes.ts";

/** How deep columns are told apart. */
const MAX_COLUMN_DEPTH = 4;

/** The columns of a payload: its properties, and theirs. */
export function columnsOf(type: Type, at: Node, path: readonly string[] = []): readonly Column[] {
  const bare = type.getNonNullableType();
  if (path.length >= MAX_COLUMN_DEPTH || (!bare.isObject() && !bare.isUnion() && !bare.isIntersection())) return [];
  if (bare.isArray() || bare.isTuple() || ["Map", "Set", "Uint8Array"].includes(bare.getSymbol()?.getName() ?? ""))
    return [];
  return bare.getProperties().flatMap((property) => {
    const column = property.getTypeAtLocation(at);
    const own = [...path, property.getName()];
    const present = column.getNonNullableType();
    return [
      {
        path: own,
        type: typeText(column, at),
        keyable: isScalar(column),
        ...gives(column),
        optional: property.isOptional() || column.isNullable(),
      },
      ...(isScalar(present) ? [] : columnsOf(column, at, own)),
    ];
  });
}
