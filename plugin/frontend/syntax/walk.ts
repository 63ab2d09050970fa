import { Node } from "ts-morph";

/** Visits a node and everything in it that is evaluated: not types, and not decorators, which are read and not run. */
export function walk(root: Node, visit: (node: Node) => void): void {
  if (Node.isTypeNode(root) || Node.isDecorator(root)) return;
  visit(root);
  root.forEachChild((child) => {
    walk(child, visit);
  });
}

/** As {@link walk}, but not into the functions inside: what is evaluated when this node is. */
export function walkOwn(root: Node, visit: (node: Node) => void): void {
  visit(root);
  root.forEachChild((child) => {
    if (Node.isTypeNode(child) || Node.isDecorator(child) || Node.isFunctionLikeDeclaration(child)) return;
    walkOwn(child, visit);
  });
}
