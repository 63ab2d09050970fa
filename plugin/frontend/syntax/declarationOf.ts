import { Node, type Identifier, type Symbol as MorphSymbol } from "ts-morph";

/** What an identifier denotes, through imports. In `{ x }` it is the variable, not the property. */
export function symbolOf(identifier: Identifier): MorphSymbol | undefined {
  const parent = identifier.getParent();
  const symbol =
    Node.isShorthandPropertyAssignment(parent) && parent.getNameNode() === identifier
      ? parent.getValueSymbol()
      : identifier.getSymbol();
  return symbol?.getAliasedSymbol() ?? symbol;
}

/** Whether an identifier is evaluated: not the name of a property or of a declaration, and not a label. */
export function isEvaluated(identifier: Identifier): boolean {
  const parent = identifier.getParent();
  if (Node.isPropertyAccessExpression(parent)) return parent.getNameNode() !== identifier;
  if (Node.isShorthandPropertyAssignment(parent)) return true;
  if (Node.isBindingElement(parent)) return parent.getInitializer() === identifier;
  if (Node.isImportSpecifier(parent) || Node.isExportSpecifier(parent) || Node.isLabeledStatement(parent)) return false;
  if (Node.isBreakStatement(parent) || Node.isContinueStatement(parent)) return false;
  const isNamed = Node.hasName(parent) && parent.getNameNode() === identifier;
  return !isNamed;
}
