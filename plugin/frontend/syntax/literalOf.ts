import { Node, SyntaxKind, type Expression } from "ts-morph";
import { numberOf } from "./numberOf.ts";

/** A value that is written out in the source. */
export type Literal = string | number | boolean | null | readonly Literal[] | { readonly [name: string]: Literal };

export type LiteralResult =
  | { readonly kind: "literal"; readonly value: Literal }
  /** `node` is the innermost expression that is not a literal. */
  | { readonly kind: "computed"; readonly node: Node };

/** The value of an expression that consists of literals only; `as const`, `satisfies` and parentheses are looked through. */
export function literalOf(expression: Expression): LiteralResult {
  const bare = withoutAssertions(expression);
  if (Node.isStringLiteral(bare) || Node.isNoSubstitutionTemplateLiteral(bare)) return literal(bare.getLiteralText());
  if (Node.isNumericLiteral(bare)) return literal(numberOf(bare));
  if (Node.isTrueLiteral(bare)) return literal(true);
  if (Node.isFalseLiteral(bare)) return literal(false);
  if (Node.isNullLiteral(bare)) return literal(null);
  if (Node.isPrefixUnaryExpression(bare) && bare.getOperatorToken() === SyntaxKind.MinusToken) {
    const operand = literalOf(bare.getOperand());
    return operand.kind === "literal" && typeof operand.value === "number" ? literal(-operand.value) : computed(bare);
  }
  if (Node.isArrayLiteralExpression(bare)) return literalArray(bare.getElements());
  if (Node.isObjectLiteralExpression(bare)) return literalObject(bare.getProperties());
  return computed(bare);
}

/** The expression inside parentheses, `as`, `satisfies` and `!`. */
export function withoutAssertions(expression: Expression): Expression {
  let bare = expression;
  while (
    Node.isAsExpression(bare) ||
    Node.isSatisfiesExpression(bare) ||
    Node.isParenthesizedExpression(bare) ||
    Node.isNonNullExpression(bare)
  ) {
    bare = bare.getExpression();
  }
  return bare;
}

function literalArray(elements: readonly Expression[]): LiteralResult {
  const values: Literal[] = [];
  for (const element of elements) {
    const result = literalOf(element);
    if (result.kind === "computed") return result;
    values.push(result.value);
  }
  return literal(values);
}

function literalObject(properties: readonly Node[]): LiteralResult {
  const values: { [name: string]: Literal } = {};
  for (const property of properties) {
    if (!Node.isPropertyAssignment(property)) return computed(property);
    const name = literalName(property.getNameNode());
    if (name === undefined) return computed(property.getNameNode());
    const result = literalOf(property.getInitializerOrThrow());
    if (result.kind === "computed") return result;
    values[name] = result.value;
  }
  return literal(values);
}

/** The name of a property whose name is written out; undefined for a computed one. */
export function literalName(name: Node): string | undefined {
  if (Node.isIdentifier(name) || Node.isNumericLiteral(name)) return name.getText();
  if (Node.isStringLiteral(name) || Node.isNoSubstitutionTemplateLiteral(name)) return name.getLiteralText();
  return undefined;
}

function literal(value: Literal): LiteralResult {
  return { kind: "literal", value };
}

function computed(node: Node): LiteralResult {
  return { kind: "computed", node };
}
