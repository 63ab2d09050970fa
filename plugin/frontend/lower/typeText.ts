import { ts, type Node, type Type } from "ts-morph";

/** A type as text that is valid at a node, never cut short. */
export function typeText(type: Type, at: Node): string {
  return type
    .getBaseTypeOfLiteralType()
    .getText(at, ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope);
}
