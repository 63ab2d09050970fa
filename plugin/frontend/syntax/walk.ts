import { Node } from "ts-morph";
import { isInvariant } from "./isInvariant.ts";

/**
 * Visits a node and everything in it that is evaluated: not types, not decorators, which are read and not run, and not
 * invariants, which no node runs.
 */
export function walk(root: Node, visit: (node: Node) => void): void {
  if (Node.isTypeNode(root) || Node.isDecorator(root) || isInvariant(root)) return;
  visit(root);
  root.forEachChild((child) => {
    walk(child, visit);
  });
}

/** Whether a node, or anything evaluated in it, passes a test. */
export function someNode(root: Node, test: (node: Node) => boolean): boolean {
  return evaluatedIn(root).some(test);
}

/** A node and everything in it that is evaluated, functions inside included, in the order of the source. */
export function evaluatedIn(root: Node): readonly Node[] {
  const nodes: Node[] = [];
  walk(root, (node) => {
    nodes.push(node);
  });
  return nodes;
}

/** As {@link evaluatedIn}, less the functions inside: what is evaluated when this node is. */
export function ownIn(root: Node): readonly Node[] {
  const nodes: Node[] = [];
  const visit = (node: Node): void => {
    if (Node.isTypeNode(node) || Node.isDecorator(node) || Node.isFunctionLikeDeclaration(node)) return;
    nodes.push(node);
    node.forEachChild(visit);
  };
  visit(root);
  return nodes;
}
