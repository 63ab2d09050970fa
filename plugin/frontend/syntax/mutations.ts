/** Where objects are changed in place. */
import { Node, SyntaxKind, type Expression, type PropertyAccessExpression, type SourceFile } from "ts-morph";
import { ELEMENT_METHODS, SAME_METHODS } from "./collectionMethods.ts";
import { symbolOf } from "./declarationOf.ts";
import { withoutAssertions } from "./literalOf.ts";
import { isInvariant } from "./isInvariant.ts";
import { latticeOf } from "./rivenTypes.ts";

/**
 * An expression that changes the object that `target` evaluates to, or replaces the value of a variable or of a member
 * (then `target` names it: `count`, `this.count`).
 */
export interface Mutation {
  readonly node: Node;
  readonly target: Expression;
  readonly kind: "object" | "variable";
  /** As the author wrote it: `m.list.push`, `m.x = `, `delete m.x`. */
  readonly what: string;
}

/** Methods of Array, Map, Set and typed arrays that change their receiver. */
const MUTATING_METHODS: ReadonlySet<string> = new Set([
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "sort",
  "reverse",
  "fill",
  "copyWithin",
  "set",
  "add",
  "delete",
  "clear",
]);

/** Methods of the lattices of the library that may change their receiver. */
const GROWING_METHODS: ReadonlySet<string> = new Set(["add", "merge", "at", "do"]);

const MUTATING_OBJECT_FUNCTIONS = new Set([
  "Object.assign",
  "Object.defineProperty",
  "Object.defineProperties",
  "Object.setPrototypeOf",
]);

/** The mutations that a node is, itself: several for a destructuring assignment. */
export function mutationsAt(node: Node): readonly Mutation[] {
  if (Node.isBinaryExpression(node) && isAssignment(node.getOperatorToken().getKind())) {
    return assigned(node.getLeft()).flatMap((target) => assignmentTo(target, node));
  }
  if (Node.isPrefixUnaryExpression(node) || Node.isPostfixUnaryExpression(node)) {
    const operator = node.getOperatorToken();
    const changes = operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken;
    return changes ? assignmentTo(node.getOperand(), node) : [];
  }
  if (Node.isDeleteExpression(node)) return assignmentTo(node.getExpression(), node);
  if (Node.isCallExpression(node)) return mutatingCall(node.getExpression(), node.getArguments(), node);
  if (Node.isForOfStatement(node) || Node.isForInStatement(node)) {
    const initializer = node.getInitializer();
    return Node.isVariableDeclarationList(initializer) ? [] : assignmentTo(initializer, node);
  }
  return [];
}

function isAssignment(operator: SyntaxKind): boolean {
  return operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment;
}

/** The targets of an assignment, those inside of a destructuring pattern too. */
function assigned(left: Expression): readonly Expression[] {
  const bare = withoutAssertions(left);
  if (Node.isArrayLiteralExpression(bare)) return bare.getElements().flatMap(assigned);
  if (Node.isObjectLiteralExpression(bare)) {
    return bare.getProperties().flatMap((property) => {
      if (Node.isShorthandPropertyAssignment(property)) return [property.getNameNode()];
      if (Node.isPropertyAssignment(property)) return assigned(property.getInitializerOrThrow());
      return [];
    });
  }
  if (Node.isSpreadElement(bare)) return assigned(bare.getExpression());
  return [bare];
}

function assignmentTo(left: Node, node: Node): readonly Mutation[] {
  const target = Node.isExpression(left) ? withoutAssertions(left) : undefined;
  if (Node.isIdentifier(target)) return [{ node, target, kind: "variable", what: target.getText() }];
  if (Node.isPropertyAccessExpression(target) && isMember(target)) {
    return [{ node, target, kind: "variable", what: target.getText() }];
  }
  if (Node.isPropertyAccessExpression(target) || Node.isElementAccessExpression(target)) {
    return [{ node, target: target.getExpression(), kind: "object", what: target.getText() }];
  }
  return [];
}

function mutatingCall(callee: Expression, args: readonly Node[], node: Node): readonly Mutation[] {
  if (!Node.isPropertyAccessExpression(callee)) return [];
  const [first] = args;
  if (MUTATING_OBJECT_FUNCTIONS.has(callee.getText()) && Node.isExpression(first)) {
    return [{ node, target: first, kind: "object", what: callee.getText() }];
  }
  const grows = GROWING_METHODS.has(callee.getName()) && latticeOf(callee.getExpression().getType()) !== undefined;
  if (!grows && (!MUTATING_METHODS.has(callee.getName()) || !isBuiltIn(callee))) return [];
  return [{ node, target: callee.getExpression(), kind: "object", what: callee.getText() }];
}

/** Whether a method is declared by TypeScript's library, not by the project. */
function isBuiltIn(callee: Expression): boolean {
  const name = Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : callee;
  const declarations = name.getSymbol()?.getDeclarations() ?? [];
  return (
    declarations.length > 0 && declarations.every((declaration) => declaration.getSourceFile().isDeclarationFile())
  );
}

/** Every mutation in a node, and in the functions inside. */
export function mutationsIn(root: Node): readonly Mutation[] {
  const found: Mutation[] = [...mutationsAt(root)];
  root.forEachDescendant((node, traversal) => {
    if (isInvariant(node)) traversal.skip();
    else found.push(...mutationsAt(node));
  });
  return found;
}

/** The variable or member at the root of an access path: `votes` of `this.votes.get(k)!.list[0]`. */
function rootName(expression: Expression): Node | undefined {
  const bare = withoutAssertions(expression);
  if (Node.isIdentifier(bare)) return bare;
  if (Node.isPropertyAccessExpression(bare)) {
    return isMember(bare) ? bare.getNameNode() : rootName(bare.getExpression());
  }
  if (Node.isElementAccessExpression(bare)) return rootName(bare.getExpression());
  const callee = Node.isCallExpression(bare) ? bare.getExpression() : undefined;
  if (!Node.isPropertyAccessExpression(callee)) return undefined;
  const leadsInside = ELEMENT_METHODS.has(callee.getName()) || SAME_METHODS.has(callee.getName());
  return leadsInside ? rootName(callee.getExpression()) : undefined; // what other calls return is a fresh object
}

/** `this.x`, or `Leader.x` for a class. */
function isMember(access: PropertyAccessExpression): boolean {
  const object = access.getExpression();
  return Node.isThisExpression(object) || (Node.isIdentifier(object) && Node.isClassDeclaration(declarationOf(object)));
}

function isOwnMember(name: Node): boolean {
  const access = name.getParent();
  return Node.isPropertyAccessExpression(access) && Node.isThisExpression(access.getExpression());
}

function declarationOf(node: Node): Node | undefined {
  return Node.isIdentifier(node) ? symbolOf(node)?.getValueDeclaration() : node.getSymbol()?.getValueDeclaration();
}

/**
 * The variables and members that some function in these files assigns, or whose contents it changes, with the first such
 * place. What a module does to its own tables while it is loaded, or a constructor to its own fields, does not count:
 * that happens before anybody uses them.
 */
export function mutatedDeclarations(sources: Iterable<SourceFile>): ReadonlyMap<Node, Mutation> {
  const mutated = new Map<Node, Mutation>();
  for (const source of sources) {
    for (const mutation of mutationsIn(source)) {
      const inside = mutation.node.getAncestors().find((ancestor) => Node.isFunctionLikeDeclaration(ancestor));
      const name = rootName(mutation.target);
      const isInitialisation = Node.isConstructorDeclaration(inside) && name !== undefined && isOwnMember(name);
      if (inside === undefined || isInitialisation) continue;
      const declaration = name === undefined ? undefined : declarationOf(name);
      if (declaration === undefined || declaration.getSourceFile().isDeclarationFile()) continue;
      if (!mutated.has(declaration)) mutated.set(declaration, mutation);
    }
  }
  return mutated;
}
