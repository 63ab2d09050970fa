/** Values that their own type does not vouch for: asserted, indexed, or `any`. Using one as an object may throw. */
import { Node, type Expression, type Identifier } from "ts-morph";
import type { Interpreter } from "./interpreter.ts";
import { termOf, type Value } from "./values.ts";

/** Notes that reading a property of such a value may throw. */
export function noteRiskyReceiver(interpreter: Interpreter, node: Expression, value: Value, optional: boolean): void {
  if (optional || (!Node.isPropertyAccessExpression(node) && !Node.isElementAccessExpression(node))) return;
  const receiver = node.getExpression();
  const asserted = Node.isNonNullExpression(receiver) || Node.isParenthesizedExpression(receiver);
  if (Node.isNonNullExpression(receiver)) {
    interpreter.context.mayThrow(
      `${receiver.getText()} claims that there is a value; without one this throws`,
      receiver,
      termOf(value),
    );
  } else if (Node.isElementAccessExpression(receiver) && !receiver.getType().isNullable()) {
    interpreter.context.mayThrow(
      `${receiver.getText()} may be undefined, and then this throws`,
      receiver,
      termOf(value),
    );
  } else if (asserted && receiver.getText().includes(" as ")) {
    interpreter.context.mayThrow(
      `${receiver.getText()} claims a type; if the value has another one this may throw`,
      receiver,
    );
  } else if (receiver.getType().isAny()) {
    interpreter.context.mayThrow(`${receiver.getText()} has type any, so this may throw`, receiver);
  }
}

/** Notes that such a value is kept under a name, handed on, or gone through, where using it may throw later. */
export function noteRiskyValue(interpreter: Interpreter, node: Expression, value: Value): void {
  if (!isClaimed(node) || !isUsedAsObject(node) || interpreter.context.isThere(termOf(value))) return;
  interpreter.context.mayThrow(
    `${node.getText()} may be absent, whatever its type says, and then what follows throws`,
    node,
    termOf(value),
  );
}

/** Whether the type says that there is a value, and nothing has made sure. */
function isClaimed(node: Expression): boolean {
  const type = node.getType();
  if (type.isNullable() || type.isNumber() || type.isBoolean() || type.isBigInt()) return false;
  if (Node.isAsExpression(node)) return node.getExpression().getType().isNullable();
  return Node.isNonNullExpression(node) || Node.isElementAccessExpression(node);
}

function isUsedAsObject(node: Expression): boolean {
  const parent = node.getParentOrThrow();
  if (Node.isParenthesizedExpression(parent)) return isUsedAsObject(parent);
  if (Node.isForOfStatement(parent)) return parent.getExpression() === node;
  if (Node.isCallExpression(parent)) return parent.getArguments().includes(node);
  if (Node.isVariableDeclaration(parent)) {
    const name = parent.getNameNode();
    return !Node.isIdentifier(name) || usesOf(name).some(isDereferenced);
  }
  return (
    Node.isReturnStatement(parent) ||
    Node.isArrowFunction(parent) ||
    Node.isSpreadElement(parent) ||
    (Node.isBinaryExpression(parent) &&
      parent.getOperatorToken().getText() === "=" &&
      Node.isIdentifier(parent.getLeft()))
  );
}

function usesOf(name: Identifier): readonly Node[] {
  return name.findReferencesAsNodes().filter((one) => one !== name);
}

/** Whether something is done with the value for which there has to be one. */
function isDereferenced(use: Node): boolean {
  const parent = use.getParentOrThrow();
  if (Node.isPropertyAccessExpression(parent) || Node.isElementAccessExpression(parent))
    return parent.getExpression() === use && !parent.hasQuestionDotToken();
  if (Node.isForOfStatement(parent)) return parent.getExpression() === use;
  return (
    Node.isCallExpression(parent) ||
    Node.isSpreadElement(parent) ||
    Node.isReturnStatement(parent) ||
    Node.isVariableDeclaration(parent) ||
    Node.isNonNullExpression(parent)
  );
}
