import { Node } from "ts-morph";
import { decoratorOf } from "./decoratorOf.ts";

/**
 * Whether a node is a static method marked `@Invariant()`. It says what must hold of a role, and is no part of it: no node
 * runs it, so it may do what handlers may not, and no component has it.
 */
export function isInvariant(node: Node): boolean {
  return Node.isMethodDeclaration(node) && node.isStatic() && decoratorOf(node, "Invariant") !== undefined;
}
