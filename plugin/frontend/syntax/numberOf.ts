import type { NumericLiteral } from "ts-morph";

/** The number that is written there. (`getLiteralValue` reads `1e21` and `1e-7` as 1: it stops at the exponent.) */
export function numberOf(literal: NumericLiteral): number {
  return Number(literal.compilerNode.text);
}
