/** The expressions of a statement that a moved copy of it could not evaluate by itself. */
import { Node, ts, type CallExpression, type Expression } from "ts-morph";
import type { Operand } from "../../model/effect.ts";
import { namesOf } from "./bindings.ts";
import type { Happened } from "./context.ts";
import type { Interpreter } from "./interpreter.ts";
import { isAssignment } from "../syntax/isAssignment.ts";
import { namesUsed } from "./localNames.ts";
import { isScalar } from "./shapes.ts";
import { typeText } from "./typeText.ts";

/**
 * The expressions at and below `node` that read the state or may throw: the largest ones that are values, that is,
 * not the literal of the message itself, nor a call that sends or runs a helper with effects, unless it gives a scalar.
 */
export function operandsOf(interpreter: Interpreter, node: Expression, conditional = false): readonly Operand[] {
  const happened = interpreter.touched.get(node);
  if (happened === undefined) return Node.isSpreadElement(node) ? partsOf(interpreter, node, conditional) : [];
  const acts = happened.effects.length > 0;
  if (!acts && happened.reads.length === 0 && happened.throws.length === 0) return [];
  const isTransparent =
    Node.isParenthesizedExpression(node) || Node.isObjectLiteralExpression(node) || Node.isArrayLiteralExpression(node);
  if (isTransparent || (Node.isCallExpression(node) && isReference(node)) || (acts && !isScalarValue(node))) {
    return partsOf(interpreter, node, conditional);
  }
  return [
    {
      span: interpreter.context.span(node),
      reads: happened.reads,
      throws: happened.throws[0],
      uses: namesUsed(node),
      type: typeText(node.getType(), node),
      conditional,
      ...(acts ? { effects: happened.effects } : {}),
      ...(mayComeApart(happened) ? { parts: partsOf(interpreter, node, conditional) } : {}),
    },
  ];
}

/** Whether an expression is there for its value, and that value is no object: of an object a copy might not do. */
function isScalarValue(node: Expression): boolean {
  return !Node.isExpressionStatement(node.getParent()) && !node.getType().isVoid() && isScalar(node.getType());
}

/** Whether some of an expression may be evaluated at one place, and some at another. */
function mayComeApart({ effects, reads, throws }: Happened): boolean {
  const fields = new Set(reads.map(({ cell }) => cell.field));
  return effects.length > 0 || fields.size > 1 || (fields.size > 0 && throws.length > 0);
}

/** The operands among the expressions directly inside one. */
function partsOf(interpreter: Interpreter, node: Expression, conditional: boolean): readonly Operand[] {
  const inside = (child: Expression | undefined, also = false): readonly Operand[] =>
    child === undefined ? [] : operandsOf(interpreter, child, conditional || also);
  const target = (child: Expression): readonly Operand[] => {
    if (interpreter.touched.has(child)) return inside(child);
    if (Node.isPropertyAccessExpression(child)) return inside(child.getExpression());
    if (Node.isElementAccessExpression(child))
      return [...inside(child.getExpression()), ...inside(child.getArgumentExpression())];
    return [];
  };
  if (
    Node.isParenthesizedExpression(node) ||
    Node.isSpreadElement(node) ||
    Node.isNonNullExpression(node) ||
    Node.isAsExpression(node) ||
    Node.isSatisfiesExpression(node) ||
    Node.isTypeAssertion(node) ||
    Node.isTypeOfExpression(node) ||
    Node.isVoidExpression(node) ||
    Node.isPropertyAccessExpression(node)
  ) {
    return inside(node.getExpression());
  }
  if (Node.isDeleteExpression(node)) return target(node.getExpression());
  if (Node.isElementAccessExpression(node))
    return [...inside(node.getExpression()), ...inside(node.getArgumentExpression(), isSkippable(node))];
  if (Node.isObjectLiteralExpression(node)) {
    return node.getProperties().flatMap((property) => {
      if (Node.isPropertyAssignment(property)) return inside(property.getInitializer());
      return Node.isSpreadAssignment(property) ? inside(property.getExpression()) : [];
    });
  }
  if (Node.isArrayLiteralExpression(node)) return node.getElements().flatMap((element) => inside(element));
  if (Node.isTemplateExpression(node)) return node.getTemplateSpans().flatMap((span) => inside(span.getExpression()));
  if (Node.isCallExpression(node)) {
    const callee = node.getExpression();
    const receiver = Node.isPropertyAccessExpression(callee) && !isReference(node) ? callee.getExpression() : undefined;
    const skippable = conditional || isSkippable(node);
    return [
      ...inside(receiver),
      ...node.getArguments().flatMap((arg) => argumentOperands(interpreter, arg, skippable)),
    ];
  }
  if (Node.isNewExpression(node))
    return node.getArguments().flatMap((arg) => argumentOperands(interpreter, arg, conditional));
  if (Node.isConditionalExpression(node))
    return [...inside(node.getCondition()), ...inside(node.getWhenTrue(), true), ...inside(node.getWhenFalse(), true)];
  if (Node.isBinaryExpression(node)) {
    const operator = node.getOperatorToken().getText();
    const left = isAssignment(operator) ? target(node.getLeft()) : inside(node.getLeft());
    return [...left, ...inside(node.getRight(), /&&|\|\||\?\?/.test(operator))];
  }
  if (Node.isPrefixUnaryExpression(node) || Node.isPostfixUnaryExpression(node)) return target(node.getOperand());
  return [];
}

/** Whether an expression is part of an optional chain: what is behind the question mark may not be evaluated. */
function isSkippable(node: Expression): boolean {
  return (node.compilerNode.flags & ts.NodeFlags.OptionalChain) !== 0;
}

/**
 * For a callback that is one expression, the operands of that expression, but for those that its parameters decide. Like
 * the body of a loop it may run not at all, and then looking at the state for nothing does no harm; throwing or acting would.
 */
function argumentOperands(interpreter: Interpreter, arg: Node, conditional: boolean): readonly Operand[] {
  if (!Node.isExpression(arg)) return [];
  const body = Node.isArrowFunction(arg) ? arg.getBody() : undefined;
  if (!Node.isArrowFunction(arg) || !Node.isExpression(body)) return operandsOf(interpreter, arg, conditional);
  const parameters = new Set(arg.getParameters().flatMap((parameter) => namesOf(parameter.getNameNode())));
  const perTurn = (operand: Operand): readonly Operand[] => {
    const parts = operand.parts?.flatMap(perTurn);
    if (operand.uses.some((name) => parameters.has(name))) return parts ?? [];
    const isEarly = operand.throws !== undefined || operand.effects !== undefined;
    return [
      {
        ...operand,
        conditional: operand.conditional || isEarly,
        ...(parts === undefined ? {} : { parts }),
      },
    ];
  };
  return operandsOf(interpreter, body, conditional).flatMap(perTurn);
}

/** `this.clients.at(id)`: a name for a node, which has no value of its own to compute before a send. */
function isReference(call: CallExpression): boolean {
  return call.getType().getProperty("id") !== undefined && call.getExpression().getText().endsWith(".at");
}
