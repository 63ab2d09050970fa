import {
  Node,
  SyntaxKind,
  type ArrowFunction,
  type FunctionDeclaration,
  type FunctionExpression,
  type MethodDeclaration,
} from "ts-morph";
import { externalName } from "../syntax/externalName.ts";
import { evaluatedIn, walk } from "../syntax/walk.ts";
import type { Check, Validator } from "./check.ts";

/** RVN101: whatever would let a handler be interrupted, or finish later than it returns. */
export const validateAsync: Validator = (check) => {
  for (const unit of check.units) {
    walk(unit, (node) => {
      if (isFunction(node) && node.isAsync()) reportAsync(node, check);
      else if (Node.isNewExpression(node) || Node.isPropertyAccessExpression(node)) checkPromise(node, check);
    });
  }
  for (const { method } of check.roles.flatMap(({ entries }) => entries)) {
    const star = method.getAsteriskToken();
    if (star === undefined) continue;
    check.report(
      "RVN101",
      `${method.getName()} is a generator: its body would not run when the message arrives.`,
      star,
    );
  }
};

type PossiblyAsync = MethodDeclaration | FunctionDeclaration | FunctionExpression | ArrowFunction;

function isFunction(node: Node): node is PossiblyAsync {
  return (
    Node.isMethodDeclaration(node) ||
    Node.isFunctionDeclaration(node) ||
    Node.isFunctionExpression(node) ||
    Node.isArrowFunction(node)
  );
}

function reportAsync(node: PossiblyAsync, { report }: Check): void {
  const name = Node.isArrowFunction(node) ? "This function" : (node.getName() ?? "This function");
  const awaits = evaluatedIn(node).find((inner) => Node.isAwaitExpression(inner));
  const related =
    awaits === undefined ? [] : [{ message: "Other messages would be handled while it waits here.", at: awaits }];
  const keyword = node.getFirstDescendantByKind(SyntaxKind.AsyncKeyword) ?? node;
  report(
    "RVN101",
    `${name} is async. A handler runs to completion on one message, so nothing in it can wait.`,
    keyword,
    { related },
  );
}

function checkPromise(node: Node, { report }: Check): void {
  const target = Node.isNewExpression(node) ? node.getExpression() : node;
  const external = externalName(target);
  if (external?.module !== undefined || external?.path[0] !== "Promise") return;
  report("RVN101", "A promise is settled after the handler has returned, when its activation is over.", target);
}
