import { Node, type ElementAccessExpression } from "ts-morph";
import { walk } from "../syntax/walk.ts";
import type { Check, Validator } from "./check.ts";

/** RVN129: members and fields that are chosen at run time. */
export const validateDynamicAccess: Validator = (check) => {
  for (const unit of check.units) {
    walk(unit, (node) => {
      if (Node.isElementAccessExpression(node)) checkAccess(node, check);
    });
  }
};

function checkAccess(node: ElementAccessExpression, { report }: Check): void {
  const argument = node.getArgumentExpression();
  if (argument === undefined || argument.getType().isLiteral()) return;
  const object = node.getExpression();
  if (Node.isThisExpression(object)) {
    report(
      "RVN129",
      `Which member this[${argument.getText()}] is, is only known at run time, so it counts as all of them.`,
      node,
    );
    return;
  }
  const type = object.getType();
  const isIndexed = type.getStringIndexType() !== undefined || type.getNumberIndexType() !== undefined;
  const isRecord =
    type.isObject() && !type.isArray() && !type.isTuple() && type.getProperties().length > 0 && !isIndexed;
  if (isRecord && startsAtThis(object)) {
    report(
      "RVN129",
      `Which property of ${object.getText()} this is, is only known at run time, so it counts as all of them.`,
      node,
    );
  }
}

function startsAtThis(node: Node): boolean {
  if (Node.isThisExpression(node)) return true;
  if (Node.isPropertyAccessExpression(node) || Node.isElementAccessExpression(node) || Node.isNonNullExpression(node)) {
    return startsAtThis(node.getExpression());
  }
  return false;
}
