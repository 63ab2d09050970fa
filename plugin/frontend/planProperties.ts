import { Node, type Expression } from "ts-morph";
import type { Report } from "./reporter.ts";
import { literalName, literalOf, withoutAssertions } from "./syntax/literalOf.ts";

export interface NamedValue {
  readonly name: string;
  readonly nameNode: Node;
  readonly value: Expression;
}

/** The properties of an object that is written out; undefined, and reported, when it is something else. */
export function propertiesOf(node: Node, what: string, report: Report): readonly NamedValue[] | undefined {
  const bare = withoutAssertions(node as Expression); // arguments and initialisers are expressions
  if (!Node.isObjectLiteralExpression(bare)) {
    const isLiteral = literalOf(bare).kind === "literal";
    if (isLiteral) report("RVN413", `${what} are an object, not ${bare.getText()}.`, bare);
    else report("RVN411", `${what} are computed here. A plan is read, not run: write the object out.`, bare);
    return undefined;
  }
  return bare.getProperties().flatMap((property) => {
    const name = Node.isPropertyAssignment(property) ? literalName(property.getNameNode()) : undefined;
    if (!Node.isPropertyAssignment(property) || name === undefined) {
      report("RVN411", "A plan is read, not run: write this property out, as name: value.", property);
      return [];
    }
    return [{ name, nameNode: property.getNameNode(), value: property.getInitializerOrThrow() }];
  });
}
