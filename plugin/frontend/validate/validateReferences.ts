import { Node, SyntaxKind, type Expression, type Type } from "ts-morph";
import type { Fix } from "../../diagnostics/finding.ts";
import { isRef } from "../syntax/rivenTypes.ts";
import { spanBetween } from "../syntax/spanOf.ts";
import { walk } from "../syntax/walk.ts";
import type { Check, Validator } from "./check.ts";

const EQUALITIES: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.EqualsEqualsEqualsToken,
  SyntaxKind.ExclamationEqualsEqualsToken,
  SyntaxKind.EqualsEqualsToken,
  SyntaxKind.ExclamationEqualsToken,
]);

/** Methods that look for an element with `===` or SameValueZero. */
const SEARCHES: ReadonlySet<string> = new Set(["includes", "indexOf", "lastIndexOf"]);

/** RVN124: references that are compared. Two references to one node need not be the same object. */
export const validateReferences: Validator = (check) => {
  for (const unit of check.units) {
    walk(unit, (node) => {
      if (Node.isBinaryExpression(node) && EQUALITIES.has(node.getOperatorToken().getKind())) {
        checkPair(node, node.getLeft(), node.getRight(), check);
      } else if (Node.isSwitchStatement(node) && isRef(node.getExpression().getType())) {
        report(node.getExpression(), [], check);
      } else if (Node.isCallExpression(node)) {
        const callee = node.getExpression();
        const [first, second] = node.getArguments();
        if (!Node.isPropertyAccessExpression(callee) || first === undefined) return;
        if (callee.getText() === "Object.is" && second !== undefined)
          checkPair(node, first as Expression, second as Expression, check);
        else if (SEARCHES.has(callee.getName()) && isRef(first.getType())) report(node, [], check);
      }
    });
  }
};

function checkPair(node: Node, left: Expression, right: Expression, check: Check): void {
  if (!isRef(left.getType()) || !isRef(right.getType())) return; // comparing with undefined or null is fine
  const edits = [left, right].map((side) => {
    const end = side.getEnd();
    const access = isOptional(side.getType()) ? "?.id" : ".id";
    return { span: spanBetween(side.getSourceFile(), end, end, check.open.root), newText: access };
  });
  const isSimple = [left, right].every(isPostfix);
  report(node, isSimple ? [{ title: "Compare the ids", edits }] : [], check);
}

function report(node: Node, fixes: readonly Fix[], check: Check): void {
  check.report(
    "RVN124",
    `${node.getText()} compares references: two references to one node need not be the same object.`,
    node,
    { fixes },
  );
}

function isOptional(type: Type): boolean {
  return type.isUnion() && type.getUnionTypes().some((part) => part.isUndefined() || part.isNull());
}

/** Whether `.id` behind the expression applies to all of it. */
function isPostfix(node: Node): boolean {
  return (
    Node.isIdentifier(node) ||
    Node.isPropertyAccessExpression(node) ||
    Node.isElementAccessExpression(node) ||
    Node.isCallExpression(node) ||
    Node.isParenthesizedExpression(node) ||
    Node.isNonNullExpression(node)
  );
}
