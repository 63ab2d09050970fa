/**
 * Where a program asks whether two objects are the same one. Copies answer differently, and a statement that moves to
 * another component works on copies.
 */
import { Node, type CallExpression, type Type } from "ts-morph";
import { isScalar } from "./shapes.ts";

/** Methods that look for their first argument: by identity, when it is an object. */
const LOOKING_METHODS: ReadonlySet<string> = new Set([
  "includes",
  "indexOf",
  "lastIndexOf",
  "has",
  "get",
  "delete",
  "is",
]);

/** Whether a comparison of values of these types may compare objects. */
export function compareObjects(left: Type, right: Type): boolean {
  return mayBeObject(left) && mayBeObject(right);
}

/** Whether a call looks for an object in a collection, or compares two. */
export function looksForObject(call: CallExpression): boolean {
  const callee = call.getExpression();
  const [first] = call.getArguments();
  if (!Node.isPropertyAccessExpression(callee) || first === undefined) return false;
  return LOOKING_METHODS.has(callee.getName()) && mayBeObject(first.getType());
}

export function mayBeObject(type: Type): boolean {
  return !isScalar(type) && !isScalar(type.getNonNullableType());
}
