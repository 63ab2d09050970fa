import { Node, type CallExpression, type Expression } from "ts-morph";
import { decoratorOf } from "./decoratorOf.ts";
import { isRef } from "./rivenTypes.ts";

/** A call of a message on a `Ref`. */
export interface Send {
  readonly call: CallExpression;
  readonly receiver: Expression;
  readonly message: string;
}

/** The send that a node is; undefined when it is none. */
export function sendAt(node: Node): Send | undefined {
  const callee = Node.isCallExpression(node) ? node.getExpression() : undefined;
  if (!Node.isCallExpression(node) || !Node.isPropertyAccessExpression(callee)) return undefined;
  const receiver = callee.getExpression();
  return isRef(receiver.getType()) ? { call: node, receiver, message: callee.getName() } : undefined;
}

/** Whether the handler that takes a message relies on the order of its sender's messages. */
export function isOrdered(send: Send): boolean {
  const callee = send.call.getExpression();
  const name = Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : callee;
  const declarations = name.getSymbol()?.getDeclarations() ?? [];
  return declarations.some((node) => Node.isMethodDeclaration(node) && decoratorOf(node, "Fifo") !== undefined);
}
