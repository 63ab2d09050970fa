/**
 * Whether the object that a field starts with is the field's own. The analysis takes fields for separate pieces of state;
 * an object that two fields start with, or that a module keeps as well, would be one piece under two names.
 */
import { Node, SyntaxKind, type ClassDeclaration, type Expression } from "ts-morph";
import type { NotUnderstood } from "../model/effect.ts";
import type { Shape } from "../model/protocol.ts";
import type { Span } from "../model/span.ts";
import type { FieldFacts } from "./lower/fieldFacts.ts";
import { isLanguageLibrary } from "./lower/libraries.ts";
import { declarationOf } from "./lower/names.ts";
import { isScalar, shapeOf } from "./lower/shapes.ts";
import { fieldDeclarations } from "./readFields.ts";
import { latticeOf } from "./syntax/rivenTypes.ts";
import { withoutAssertions } from "./syntax/literalOf.ts";

/** How far functions that make initial values are followed. */
const MAX_DEPTH = 4;

/** Initial values that have another name too, when that matters: when the field, or the one it is taken from, is state. */
export function sharedInitialValues(
  owner: ClassDeclaration,
  facts: ReadonlyMap<string, FieldFacts>,
  spanOf: (node: Node) => Span,
): readonly NotUnderstood[] {
  const isState = (name: string): boolean => facts.get(name)?.kind === "state";
  return fieldDeclarations(owner).flatMap((field) => {
    const initializer = field.getInitializer();
    const kind = facts.get(field.getName())?.kind;
    if (initializer === undefined || (kind !== "state" && kind !== "configuration")) return [];
    const shared = sharedParts(initializer, MAX_DEPTH).find(
      (part) => isState(field.getName()) || fieldsNamed(part).some(isState),
    );
    if (shared === undefined) return [];
    const why = `the field ${field.getName()}, which starts with an object that has another name too, ${shared.getText()}`;
    return [{ why, span: spanOf(initializer) }];
  });
}

/** The expressions inside this one that denote, or may return, an object that exists already and become part of the value. */
function sharedParts(expression: Expression, depth: number): readonly Expression[] {
  const bare = withoutAssertions(expression);
  const type = bare.getType();
  if (type.isUndefined() || type.isNull() || isScalar(type.getNonNullableType())) return [];
  const inside = (parts: readonly Node[]): readonly Expression[] =>
    parts.flatMap((part) => (Node.isExpression(part) ? sharedParts(part, depth) : [bare]));
  if (Node.isArrowFunction(bare) || Node.isFunctionExpression(bare)) return sharedResults(bare, depth);
  if (Node.isRegularExpressionLiteral(bare)) return [];
  if (Node.isArrayLiteralExpression(bare)) return inside(bare.getElements());
  if (Node.isSpreadElement(bare)) return sharedContents(bare.getExpression(), depth);
  if (Node.isObjectLiteralExpression(bare)) {
    return bare.getProperties().flatMap((property) => {
      if (Node.isPropertyAssignment(property)) return sharedParts(property.getInitializerOrThrow(), depth);
      if (Node.isSpreadAssignment(property)) return sharedContents(property.getExpression(), depth);
      if (!Node.isShorthandPropertyAssignment(property)) return [bare];
      return isScalar(property.getNameNode().getType()) ? [] : [property.getNameNode()];
    });
  }
  if (Node.isConditionalExpression(bare)) return inside([bare.getWhenTrue(), bare.getWhenFalse()]);
  if (Node.isBinaryExpression(bare)) return inside([bare.getLeft(), bare.getRight()]);
  if (Node.isNewExpression(bare) && latticeOf(bare.getType()) !== undefined) {
    // Members are scalars, and copied; what makes the lattices of a GrowMap makes new ones.
    if (latticeOf(bare.getType()) !== "GrowMap") return [];
    return bare.getArguments().flatMap((arg) => (Node.isArrowFunction(arg) ? sharedResults(arg, depth) : [bare]));
  }
  if (Node.isNewExpression(bare) && isOfTheLanguage(bare.getExpression())) {
    return bare.getArguments().flatMap((arg) => (Node.isExpression(arg) ? sharedContents(arg, depth) : [bare]));
  }
  if (Node.isCallExpression(bare)) {
    const callee = bare.getExpression();
    const receiver = Node.isPropertyAccessExpression(callee) ? [callee.getExpression()] : [];
    if (isOfTheLanguage(callee)) {
      return [...receiver, ...bare.getArguments()].flatMap((arg) =>
        Node.isExpression(arg) ? sharedContents(arg, depth) : [bare],
      );
    }
    const made = Node.isIdentifier(callee) ? declarationOf(callee) : undefined;
    const body = Node.isVariableDeclaration(made) ? made.getInitializer() : made;
    if (depth > 0 && body !== undefined) return [...sharedResults(body, depth - 1), ...inside(bare.getArguments())];
  }
  return [bare];
}

/** As {@link sharedParts}, of an object whose contents are taken over, while it is not itself. */
function sharedContents(expression: Expression, depth: number): readonly Expression[] {
  return holdsScalars(shapeOf(expression.getType(), expression)) ? [] : sharedParts(expression, depth);
}

function holdsScalars(shape: Shape): boolean {
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

/** The shared parts of what a function returns. */
function sharedResults(made: Node, depth: number): readonly Expression[] {
  if (!Node.isArrowFunction(made) && !Node.isFunctionExpression(made) && !Node.isFunctionDeclaration(made)) {
    return Node.isExpression(made) ? [made] : [];
  }
  const body = made.getBody();
  if (Node.isExpression(body)) return sharedParts(body, depth);
  return made
    .getDescendantsOfKind(SyntaxKind.ReturnStatement)
    .flatMap((statement) => statement.getExpression() ?? [])
    .flatMap((expression) => sharedParts(expression, depth));
}

/** `Array.from`, `Map`, `list.map`: what the language brings along. */
function isOfTheLanguage(callee: Expression): boolean {
  const name = Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : callee;
  const declaration = name.getSymbol()?.getDeclarations()[0];
  return declaration !== undefined && isLanguageLibrary(declaration);
}

/** The fields of `this` that an expression names. */
function fieldsNamed(expression: Expression): readonly string[] {
  return [expression, ...expression.getDescendants()].flatMap((node) => {
    if (Node.isPropertyAccessExpression(node) && Node.isThisExpression(node.getExpression())) return [node.getName()];
    // A parameter of the constructor, by which another parameter's default names it.
    return Node.isIdentifier(node) && Node.isParameterDeclaration(declarationOf(node)) ? [node.getText()] : [];
  });
}
