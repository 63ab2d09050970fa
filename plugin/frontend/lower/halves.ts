/**
 * What may cut a character in two. JavaScript's text consists of UTF-16 units; a character outside of the basic plane has
 * two, and half of one cannot be encoded. The send that carries it throws, and undoes the activation.
 */
import { Node, type CallExpression, type Expression } from "ts-morph";

const CUTTING_METHODS: ReadonlySet<string> = new Set(["at", "charAt", "slice", "substring", "substr"]);
/** Safe with a piece of text that is written out, or with a pattern that goes by whole characters. */
const MATCHING_METHODS: ReadonlySet<string> = new Set(["split", "replace", "replaceAll", "match", "exec"]);

/** Whether a call of a method may give half a character, when everything that goes into it is whole. */
export function callMayCut(call: CallExpression): boolean {
  const callee = call.getExpression();
  if (!Node.isPropertyAccessExpression(callee)) return false;
  const method = callee.getName();
  if (CUTTING_METHODS.has(method)) return isText(callee.getExpression());
  if (!MATCHING_METHODS.has(method)) return false;
  const [first] = call.getArguments();
  if (method !== "exec")
    return isText(callee.getExpression()) && !(Node.isExpression(first) && goesByCharacters(first));
  return !goesByCharacters(callee.getExpression());
}

/** `text[i]` */
export function elementMayBeHalf(receiver: Expression): boolean {
  return isText(receiver);
}

function goesByCharacters(pattern: Expression): boolean {
  if (Node.isRegularExpressionLiteral(pattern)) return /\/[a-z]*[uv][a-z]*$/.test(pattern.getText());
  return Node.isStringLiteral(pattern) && pattern.getLiteralText() !== "";
}

function isText(node: Expression): boolean {
  const type = node.getType().getNonNullableType();
  return [type, ...type.getIntersectionTypes()].some(
    (one) =>
      one.isString() ||
      one.isStringLiteral() ||
      one.isTemplateLiteral() ||
      (one.isUnion() && one.getUnionTypes().every((part) => part.isStringLiteral())),
  );
}
