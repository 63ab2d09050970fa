import { Node, SyntaxKind, type ClassDeclaration, type ClassMemberTypes, type Decorator } from "ts-morph";
import type { Span } from "../model/span.ts";
import type { Member } from "../model/protocol.ts";
import { membersOf } from "./syntax/lineage.ts";
import { rivenName } from "./syntax/rivenName.ts";
import { spanBetween, spanOf } from "./syntax/spanOf.ts";

/** The members of a class as text, inherited ones included, with what each of them uses. */
export function readMembers(owner: ClassDeclaration, handlers: ReadonlySet<string>, root: string): readonly Member[] {
  return membersOf(owner)
    .filter((member) => !isOverload(member))
    .map((member) => {
      const name = memberName(member);
      return {
        name,
        kind: Node.isConstructorDeclaration(member)
          ? "constructor"
          : isField(member)
            ? "field"
            : handlers.has(name)
              ? "handler"
              : "helper",
        span: wholeSpan(member, root),
        decorators: [...markersOf(member), ...overrideOf(member)].map((word) => spanOf(word, root)),
        uses: membersUsed(member, owner),
        names: moduleNamesUsed(member),
      } satisfies Member;
    });
}

/** The members that these use, directly or through other members. */
export function closeOverMembers(members: readonly Member[], start: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    for (const member of members) if (member.name === name) member.uses.forEach(visit);
  };
  start.forEach(visit);
  return [...found];
}

/** The names declared at the top of a module (or imported into it) that a node uses, in types as well as in values. */
export function moduleNamesUsed(node: Node): readonly string[] {
  const names = new Set<string>();
  for (const identifier of node.getDescendantsOfKind(SyntaxKind.Identifier)) {
    const parent = identifier.getParent();
    const symbol = Node.isShorthandPropertyAssignment(parent) ? parent.getValueSymbol() : identifier.getSymbol();
    for (const declaration of symbol?.getDeclarations() ?? []) {
      if (declaration.getSourceFile() === node.getSourceFile() && isTopLevel(declaration))
        names.add(identifier.getText());
    }
  }
  return [...names].sort();
}

function isTopLevel(declaration: Node): boolean {
  if (Node.isImportSpecifier(declaration) || Node.isImportClause(declaration) || Node.isNamespaceImport(declaration))
    return true;
  if (Node.isBindingElement(declaration) || Node.isVariableDeclaration(declaration)) {
    const statement = declaration.getFirstAncestorByKind(SyntaxKind.VariableStatement);
    return (
      statement !== undefined &&
      Node.isSourceFile(statement.getParent()) &&
      declaration.getFirstAncestor((a) => Node.isArrowFunction(a) || Node.isFunctionExpression(a)) === undefined
    );
  }
  return Node.isSourceFile(declaration.getParent());
}

function membersUsed(member: Node, owner: ClassDeclaration): readonly string[] {
  const names = new Set<string>();
  for (const access of member.getDescendantsOfKind(SyntaxKind.PropertyAccessExpression)) {
    if (Node.isThisExpression(access.getExpression())) names.add(access.getName());
  }
  // `const { votes } = this` and `this["votes"]` name members too; anything less plain uses all of them.
  for (const use of member.getDescendantsOfKind(SyntaxKind.ThisKeyword)) {
    const parent = use.getParent();
    if (Node.isPropertyAccessExpression(parent)) continue;
    for (const other of membersOf(owner)) names.add(memberName(other));
  }
  names.delete(memberName(member));
  return [...names];
}

function memberName(member: Node): string {
  if (Node.isConstructorDeclaration(member)) return "constructor";
  if (
    Node.isParameterDeclaration(member) ||
    Node.isPropertyDeclaration(member) ||
    Node.isMethodDeclaration(member) ||
    Node.isGetAccessorDeclaration(member) ||
    Node.isSetAccessorDeclaration(member)
  ) {
    return member.getName();
  }
  return "";
}

function isField(member: Node): boolean {
  return Node.isPropertyDeclaration(member) || Node.isParameterDeclaration(member);
}

function isOverload(member: Node): boolean {
  return (Node.isMethodDeclaration(member) || Node.isConstructorDeclaration(member)) && member.isOverload();
}

/** What the runtime does about `@Forget` it does wherever the field is; for everything else there is the routing table. */
function markersOf(member: ClassMemberTypes): readonly Decorator[] {
  const decorators = Node.isDecoratable(member) ? member.getDecorators() : [];
  return decorators.filter((decorator) => {
    const call = decorator.getCallExpression();
    return rivenName(call?.getExpression() ?? decorator.getExpression()) !== "Forget";
  });
}

/** The word `override`: components extend nothing. */
function overrideOf(member: ClassMemberTypes): readonly Node[] {
  return Node.isModifierable(member) ? member.getModifiers().filter((word) => word.getText() === "override") : [];
}

/** From the first comment that belongs to a node to the end of what follows it on its last line. */
export function wholeSpan(node: Node, root: string): Span {
  const start = node.getLeadingCommentRanges()[0]?.getPos() ?? node.getStart(true);
  const trailing = node.getTrailingCommentRanges();
  return spanBetween(
    node.getSourceFile(),
    Math.min(start, node.getStart()),
    trailing[trailing.length - 1]?.getEnd() ?? node.getEnd(),
    root,
  );
}
