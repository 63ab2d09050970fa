/** The local names in a piece of code: which there are, which it assigns. */
import { Node, SyntaxKind, ts, type Identifier } from "ts-morph";
import { isAssignment } from "../syntax/isAssignment.ts";
import { variableSymbol } from "./names.ts";

export function isPropertyName(identifier: Identifier): boolean {
  const parent = identifier.getParent();
  return Node.isPropertyAccessExpression(parent) && parent.getNameNode() === identifier;
}

export function identifiersIn(node: Node): readonly Identifier[] {
  const below = node.getDescendantsOfKind(SyntaxKind.Identifier);
  return Node.isIdentifier(node) ? [node, ...below] : below;
}

/** Whether a symbol is a variable or parameter of a function, declared outside of `node`. */
export function isLocal(symbol: ts.Symbol, node: Node): boolean {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined) return false;
  const kinds: readonly ts.SyntaxKind[] = [
    SyntaxKind.Parameter,
    SyntaxKind.VariableDeclaration,
    SyntaxKind.BindingElement,
    SyntaxKind.FunctionDeclaration,
  ];
  if (!kinds.includes(declaration.kind)) return false;
  if (declaration.getSourceFile() !== node.getSourceFile().compilerNode) return false;
  if (declaration.getStart() >= node.getStart() && declaration.getEnd() <= node.getEnd()) return false;
  return isInsideFunction(declaration);
}

function isInsideFunction(declaration: ts.Node): boolean {
  for (let node: ts.Node = declaration.parent; !ts.isSourceFile(node); node = node.parent) {
    if (ts.isFunctionLike(node) && node !== declaration) return true;
  }
  return false;
}

/** The variables declared outside of a node that it assigns. */
export function assignedNames(node: Node): readonly string[] {
  const found = new Set<string>();
  const note = (target: Node): void => {
    if (!Node.isIdentifier(target)) return;
    const symbol = variableSymbol(target);
    if (symbol !== undefined && isLocal(symbol, node)) found.add(target.getText());
  };
  for (const inner of [node, ...node.getDescendants()]) {
    if (Node.isBinaryExpression(inner) && isAssignment(inner.getOperatorToken().getText())) note(inner.getLeft());
    if (Node.isPostfixUnaryExpression(inner)) note(inner.getOperand());
    if (Node.isPrefixUnaryExpression(inner)) {
      const operator = inner.getOperatorToken();
      if (operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken) note(inner.getOperand());
    }
  }
  return [...found];
}

/** The local names, bound outside of a node, that occur in it. */
export function namesUsed(node: Node): readonly string[] {
  const names = identifiersIn(node).filter((identifier) => {
    const symbol = variableSymbol(identifier);
    return symbol !== undefined && !isPropertyName(identifier) && isLocal(symbol, node);
  });
  return [...new Set(names.map((identifier) => identifier.getText()))];
}
