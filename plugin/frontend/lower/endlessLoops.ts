/**
 * Loops that may never end. The node that runs one is lost, and a sender that ran one to find out where a message goes would
 * be lost in its place.
 */
import { Node, SyntaxKind, type Expression, type ForStatement, type Identifier, type Type } from "ts-morph";
import type { LoopStatement } from "./loops.ts";
import { isAssignment } from "../syntax/isAssignment.ts";
import { numberOf } from "../syntax/numberOf.ts";

/** Whether a loop of a function comes to its end whatever the function is given. */
export function endsForCertain(loop: LoopStatement): boolean {
  if (Node.isForOfStatement(loop) || Node.isForInStatement(loop)) return true;
  return Node.isForStatement(loop) && countsUpOrDown(loop);
}

/** `for (let i = 0; i < text.length; i += 1)`: from a number that is there to another one, in steps of one or more. */
function countsUpOrDown(loop: ForStatement): boolean {
  const declarations = loop.getInitializer();
  if (!Node.isVariableDeclarationList(declarations)) return false;
  return declarations.getDeclarations().some((declaration) => {
    const [name, start] = [declaration.getNameNode(), declaration.getInitializer()];
    if (!Node.isIdentifier(name) || start === undefined || !isBound(start, loop)) return false;
    const step = stepOf(loop.getIncrementor(), name);
    const isChangedOnce = name.findReferencesAsNodes().filter(isAssigned).length === 1;
    return (
      step !== undefined && isChangedOnce && tests(loop.getCondition()).some((test) => isEnd(test, name, step, loop))
    );
  });
}

/** What has to be true for another turn, each by itself. */
function tests(condition: Expression | undefined): readonly Expression[] {
  if (condition === undefined) return [];
  if (Node.isParenthesizedExpression(condition)) return tests(condition.getExpression());
  return Node.isBinaryExpression(condition) && condition.getOperatorToken().getText() === "&&"
    ? [...tests(condition.getLeft()), ...tests(condition.getRight())]
    : [condition];
}

function isEnd(test: Expression, name: Identifier, step: "up" | "down", loop: ForStatement): boolean {
  if (!Node.isBinaryExpression(test)) return false;
  const operator = test.getOperatorToken().getText();
  const [left, right] = [test.getLeft(), test.getRight()];
  if (isUseOf(left, name))
    return (step === "up" ? ["<", "<="] : [">", ">="]).includes(operator) && isBound(right, loop);
  if (isUseOf(right, name))
    return (step === "up" ? [">", ">="] : ["<", "<="]).includes(operator) && isBound(left, loop);
  return false;
}

function stepOf(increment: Expression | undefined, name: Identifier): "up" | "down" | undefined {
  if (Node.isPostfixUnaryExpression(increment) || Node.isPrefixUnaryExpression(increment)) {
    if (!isUseOf(increment.getOperand(), name)) return undefined;
    const operator = increment.getOperatorToken();
    if (operator === SyntaxKind.PlusPlusToken) return "up";
    return operator === SyntaxKind.MinusMinusToken ? "down" : undefined;
  }
  if (!Node.isBinaryExpression(increment) || !isUseOf(increment.getLeft(), name)) return undefined;
  const by = increment.getRight();
  if (!Node.isNumericLiteral(by) || numberOf(by) < 1) return undefined;
  const operator = increment.getOperatorToken().getText();
  return operator === "+=" ? "up" : operator === "-=" ? "down" : undefined;
}

/** A number that counting reaches: written out, or how long something is that does not grow meanwhile; more or less a little. */
function isBound(bound: Expression, loop: ForStatement): boolean {
  if (Node.isNumericLiteral(bound)) return Number.isSafeInteger(numberOf(bound));
  if (Node.isParenthesizedExpression(bound)) return isBound(bound.getExpression(), loop);
  if (Node.isBinaryExpression(bound)) {
    const isSum = ["+", "-"].includes(bound.getOperatorToken().getText());
    return isSum && isBound(bound.getLeft(), loop) && isBound(bound.getRight(), loop);
  }
  if (!Node.isPropertyAccessExpression(bound) || bound.getName() !== "length") return false;
  const whole = bound.getExpression();
  return Node.isIdentifier(whole) && isOfFixedLength(whole.getType()) && !isAssignedIn(whole, loop);
}

function isOfFixedLength(type: Type): boolean {
  return (
    type.isString() || type.isStringLiteral() || type.isReadonlyArray() || type.getSymbol()?.getName() === "Uint8Array"
  );
}

function isAssignedIn(name: Identifier, loop: ForStatement): boolean {
  return name.findReferencesAsNodes().some((use) => isAssigned(use) && use.getAncestors().includes(loop));
}

function isUseOf(node: Node, name: Identifier): boolean {
  return Node.isIdentifier(node) && node.getSymbol() === name.getSymbol();
}

/** Whether this use of a variable gives it another value. Being part of a pattern counts. */
function isAssigned(use: Node): boolean {
  const parent = use.getParent();
  if (Node.isPostfixUnaryExpression(parent)) return true;
  if (Node.isPrefixUnaryExpression(parent)) {
    return [SyntaxKind.PlusPlusToken, SyntaxKind.MinusMinusToken].includes(parent.getOperatorToken());
  }
  if (Node.isBinaryExpression(parent)) {
    return parent.getLeft() === use && isAssignment(parent.getOperatorToken().getText());
  }
  return (
    Node.isArrayLiteralExpression(parent) ||
    Node.isShorthandPropertyAssignment(parent) ||
    Node.isPropertyAssignment(parent)
  );
}
