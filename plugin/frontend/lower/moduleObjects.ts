/** Whether an object that a module keeps is only ever looked at, so that it is the same for all nodes, and for good. */
import {
  Node,
  type ArrowFunction,
  type BindingName,
  type CallExpression,
  type FunctionDeclaration,
  type Identifier,
} from "ts-morph";
import type { Shape } from "../../model/protocol.ts";
import { isAssignment } from "../syntax/isAssignment.ts";
import { isLanguageLibrary } from "./libraries.ts";
import { symbolOf } from "../syntax/declarationOf.ts";
import { isScalar, shapeOf } from "./shapes.ts";

/** Methods whose results hold nothing of what they look at. */
const ASKING: ReadonlySet<string> = new Set(["has", "includes", "indexOf", "keys", "join"]);

/** Methods whose results, or what they call, may get at parts of what they look at. */
const GIVING: ReadonlySet<string> = new Set([
  ...["get", "at", "slice", "values", "entries"],
  ...["some", "every", "find", "findIndex", "map", "filter", "reduce", "forEach"],
]);

/** `Object.keys(x)` and its kin. */
const LISTING: ReadonlySet<string> = new Set(["keys", "values", "entries", "hasOwn"]);

/** Whether no use of this name changes the object, keeps it, or hands it to anything that might. */
export function isOnlyRead(name: BindingName): boolean {
  if (!Node.isIdentifier(name)) return false;
  const seen = new Set<Node>();
  return usesOf(name).every((use) => {
    const parent = use.getParent();
    if (Node.isImportSpecifier(parent) || Node.isExportSpecifier(parent) || Node.isTypeQuery(parent)) return true;
    return isLookedAt(use, seen);
  });
}

/** Variables that have been looked at, or are: functions may call themselves. */
type Seen = Set<Node>;

function usesOf(name: Identifier): readonly Node[] {
  return name.findReferencesAsNodes().filter((use) => use !== name);
}

function isLookedAt(use: Node, seen: Seen): boolean {
  const parent = use.getParent();
  if (parent === undefined) return false;
  if (isPassedThrough(use, parent)) return isLookedAt(parent, seen);
  if (Node.isPropertyAccessExpression(parent) || Node.isElementAccessExpression(parent)) {
    if (Node.isPropertyAccessExpression(parent) && parent.getNameNode() === use) return isLookedAt(parent, seen); // of a module
    if (parent.getExpression() !== use) return true; // it is the key
    const above = parent.getParent();
    if (Node.isCallExpression(above) && above.getExpression() === parent) {
      if (!Node.isPropertyAccessExpression(parent)) return false;
      if (ASKING.has(parent.getName())) return true;
      return (
        GIVING.has(parent.getName()) &&
        above.getArguments().every((one) => isReadingCallback(one, seen)) &&
        isResultFine(use, above, seen)
      );
    }
    return !isTarget(parent) && (isScalar(parent.getType().getNonNullableType()) || isLookedAt(parent, seen));
  }
  if (Node.isForOfStatement(parent)) {
    const variables = parent.getInitializer();
    if (parent.getExpression() !== use || !Node.isVariableDeclarationList(variables)) return false;
    return variables.getDeclarations().every((variable) => isBoundToReaders(variable.getNameNode(), seen));
  }
  if (Node.isVariableDeclaration(parent))
    return parent.getInitializer() === use && isBoundToReaders(parent.getNameNode(), seen);
  if (Node.isSpreadAssignment(parent) || Node.isSpreadElement(parent)) return holdsScalars(use);
  if (Node.isCallExpression(parent) && isListed(parent)) return holdsScalars(use) || isLookedAt(parent, seen);
  if (Node.isCallExpression(parent)) return isGivenToReader(use, parent, seen) && isResultFine(use, parent, seen);
  if (Node.isBinaryExpression(parent)) return !isAssignment(parent.getOperatorToken().getText());
  return (
    Node.isExpressionStatement(parent) ||
    Node.isTypeOfExpression(parent) ||
    Node.isPrefixUnaryExpression(parent) ||
    (Node.isConditionalExpression(parent) && parent.getCondition() === use) ||
    (Node.isIfStatement(parent) && parent.getExpression() === use)
  );
}

/** Whether what stands around an expression has its value, perhaps. */
function isPassedThrough(use: Node, parent: Node): boolean {
  if (Node.isBinaryExpression(parent)) return ["??", "||", "&&"].includes(parent.getOperatorToken().getText());
  return (
    Node.isParenthesizedExpression(parent) ||
    Node.isAsExpression(parent) ||
    Node.isSatisfiesExpression(parent) ||
    Node.isNonNullExpression(parent) ||
    (Node.isConditionalExpression(parent) && parent.getCondition() !== use)
  );
}

/** Whether something is assigned to, by a pattern perhaps, counted up, or deleted. */
function isTarget(access: Node): boolean {
  const parent = access.getParent();
  if (Node.isBinaryExpression(parent)) {
    return parent.getLeft() === access && isAssignment(parent.getOperatorToken().getText());
  }
  if (Node.isForOfStatement(parent) || Node.isForInStatement(parent)) return parent.getInitializer() === access;
  if (Node.isPrefixUnaryExpression(parent)) return /^(?:\+\+|--)/.test(parent.getText());
  const isPart =
    Node.isParenthesizedExpression(parent) ||
    Node.isNonNullExpression(parent) ||
    Node.isAsExpression(parent) ||
    Node.isSpreadElement(parent) ||
    Node.isArrayLiteralExpression(parent) ||
    Node.isObjectLiteralExpression(parent) ||
    Node.isPropertyAssignment(parent);
  return isPart ? isTarget(parent) : Node.isDeleteExpression(parent) || Node.isPostfixUnaryExpression(parent);
}

/** Whether what is called for parts of an object only looks at them. */
function isReadingCallback(argument: Node, seen: Seen): boolean {
  if (isScalarNode(argument)) return true;
  const fn = functionOf(argument);
  return fn?.getParameters().every((parameter) => isBoundToReaders(parameter.getNameNode(), seen)) === true;
}

/** Whether the function that an object is given to only looks at it. */
function isGivenToReader(use: Node, call: CallExpression, seen: Seen): boolean {
  const fn = functionOf(call.getExpression());
  const parameter = fn?.getParameters()[call.getArguments().findIndex((argument) => argument === use)];
  if (parameter === undefined || parameter.isRestParameter()) return false;
  return isBoundToReaders(parameter.getNameNode(), seen);
}

/** A function that is written there, or the one of a module that is named there. */
function functionOf(node: Node): FunctionDeclaration | ArrowFunction | undefined {
  if (Node.isArrowFunction(node)) return node;
  const declaration = Node.isIdentifier(node) ? symbolOf(node)?.getValueDeclaration() : undefined;
  if (Node.isFunctionDeclaration(declaration)) return declaration.getImplementation();
  const initializer = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : undefined;
  return Node.isArrowFunction(initializer) ? initializer : undefined;
}

/** Of what holds nothing but scalars, every part and every copy does. */
function isResultFine(use: Node, call: Node, seen: Seen): boolean {
  return holdsScalars(use) || isScalarNode(call) || isLookedAt(call, seen);
}

/** Whether all variables of a pattern are only looked at. */
function isBoundToReaders(pattern: BindingName, seen: Seen): boolean {
  if (Node.isIdentifier(pattern)) {
    if (isScalarNode(pattern) || seen.has(pattern)) return true;
    seen.add(pattern);
    return usesOf(pattern).every((use) => isLookedAt(use, seen));
  }
  const elements: readonly Node[] = pattern.getElements();
  return elements.every((element) => !Node.isBindingElement(element) || isBoundToReaders(element.getNameNode(), seen));
}

function isListed(call: Node): boolean {
  const callee = Node.isCallExpression(call) ? call.getExpression() : undefined;
  if (!Node.isPropertyAccessExpression(callee) || !LISTING.has(callee.getName())) return false;
  const declaration = callee.getNameNode().getSymbol()?.getDeclarations()[0];
  return callee.getExpression().getText() === "Object" && declaration !== undefined && isLanguageLibrary(declaration);
}

function isScalarNode(node: Node): boolean {
  return isScalar(node.getType().getNonNullableType());
}

function holdsScalars(node: Node): boolean {
  return isFlat(shapeOf(node.getType(), node));
}

function isFlat(shape: Shape): boolean {
  switch (shape.kind) {
    case "scalar":
    case "set":
      return true;
    case "map":
    case "array":
      return shape.value.kind === "scalar";
    case "record":
      return Object.values(shape.fields).every(({ kind }) => kind === "scalar");
    case "opaque":
      return false;
  }
}
