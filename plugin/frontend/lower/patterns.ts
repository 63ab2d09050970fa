import { Node } from "ts-morph";

/** A regular expression as it is written out, without the flags that make it remember where it stopped. */
export function isStatelessPattern(node: Node | undefined): boolean {
  return Node.isRegularExpressionLiteral(node) && !/\/[a-z]*[gy][a-z]*$/.test(node.getText());
}
