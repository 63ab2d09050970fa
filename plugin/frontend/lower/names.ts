import {
  Node,
  VariableDeclarationKind,
  type Identifier,
  type PropertyAccessExpression,
  type ts,
  type VariableDeclaration,
} from "ts-morph";
import { moduleName } from "../../model/pureForm.ts";
import { rivenName } from "../syntax/rivenName.ts";
import { isLanguageLibrary } from "./libraries.ts";
import { isStatelessPattern } from "./patterns.ts";
import type { Frame } from "./frames.ts";
import type { Interpreter } from "./interpreter.ts";
import { isOnlyRead } from "./moduleObjects.ts";
import { isScalar } from "./shapes.ts";
import { data, pure, type Value } from "./values.ts";
import { numberOf } from "../syntax/numberOf.ts";

/** The symbol of the variable that an identifier names; for `{ id }` the variable, not the property. */
export function variableSymbol(node: Identifier): ts.Symbol | undefined {
  const parent = node.getParent();
  const symbol = Node.isShorthandPropertyAssignment(parent) ? parent.getValueSymbol() : node.getSymbol();
  return symbol?.compilerSymbol;
}

/** The value that an identifier stands for. */
export function resolveName(interpreter: Interpreter, node: Identifier, frame: Frame): Value {
  const text = node.getText();
  if (text === "undefined") return data({ kind: "literal", value: undefined });
  const symbol = variableSymbol(node);
  const local = symbol === undefined ? undefined : frame.lookup(symbol);
  if (local !== undefined) return local;
  const declaration = declarationOf(node);
  if (declaration === undefined)
    return data(interpreter.context.giveUp(`the name ${text}, which is not declared`, node));
  if (Node.isEnumMember(declaration) || Node.isEnumDeclaration(declaration)) {
    return data(pure(declaredName(interpreter, declaration), []));
  }
  if (Node.isFunctionDeclaration(declaration)) return { kind: "closure", node: declaration, frame };
  if (Node.isClassDeclaration(declaration)) return data(pure(`class ${text}`, []));
  if (Node.isVariableDeclaration(declaration)) {
    if (isLanguageLibrary(declaration)) return data(pure(text, []));
    return moduleVariable(interpreter, node, declaration, frame);
  }
  return data(interpreter.context.giveUp(`the name ${text}`, node));
}

/** The declaration behind a name, through imports. */
export function declarationOf(node: Identifier): Node | undefined {
  const parent = node.getParent();
  const symbol = Node.isShorthandPropertyAssignment(parent) ? parent.getValueSymbol() : node.getSymbol();
  const target = symbol?.isAlias() === true ? (symbol.getAliasedSymbol() ?? symbol) : symbol;
  return target?.getValueDeclaration() ?? target?.getDeclarations()[0];
}

/** The name behind the dot when a module as a whole stands before it: `import * as quorum`, or `export * as quorum` somewhere. */
export function nameInModule(access: PropertyAccessExpression): Identifier | undefined {
  const [module, name] = [access.getExpression(), access.getNameNode()];
  const isModule = Node.isIdentifier(module) && Node.isSourceFile(declarationOf(module));
  return isModule && Node.isIdentifier(name) && rivenName(access) === undefined ? name : undefined;
}

/** Whether a name is declared as `const name = pure(...)`. */
export function promiseOf(declaration: Node): "pure" | "injective" | undefined {
  const initializer = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : undefined;
  const wrapper = Node.isCallExpression(initializer) ? initializer.getExpression() : undefined;
  const name = Node.isIdentifier(wrapper) ? rivenName(wrapper) : undefined;
  return name === "pure" || name === "injective" ? name : undefined;
}

function moduleVariable(
  interpreter: Interpreter,
  node: Identifier,
  declaration: VariableDeclaration,
  frame: Frame,
): Value {
  const { context } = interpreter;
  const text = node.getText();
  const statement = declaration.getVariableStatement();
  if (statement === undefined || !isDeclaredByModule(declaration))
    return data(context.giveUp(`the variable ${text}, before it has a value`, node));
  if (statement.getDeclarationKind() !== VariableDeclarationKind.Const) {
    return data(context.giveUp(`the module variable ${text}: every node in the process shares it`, node));
  }
  const initializer = declaration.getInitializer();
  if (initializer !== undefined && (Node.isArrowFunction(initializer) || Node.isFunctionExpression(initializer))) {
    return { kind: "closure", node: initializer, frame };
  }
  if (initializer !== undefined && isScalar(declaration.getType())) {
    if (Node.isNumericLiteral(initializer)) return data({ kind: "literal", value: numberOf(initializer) });
    if (Node.isStringLiteral(initializer)) return data({ kind: "literal", value: initializer.getLiteralText() });
    return data(pure(declaredName(interpreter, declaration), []));
  }
  if (declaration.getType().getCallSignatures().length > 0) {
    if (promiseOf(declaration) !== undefined) return data(pure(declaredName(interpreter, declaration), []));
    return data(context.giveUp(`${text}, a function that another one has made: it may remember its calls`, node));
  }
  if (!isStatelessPattern(initializer) && !isOnlyRead(declaration.getNameNode())) {
    return data(context.giveUp(`${text}, an object of the module that is changed, or handed on, somewhere`, node));
  }
  return data(pure(declaredName(interpreter, declaration), []));
}

/** Whether a function or constant is there once for all: outside of functions and classes. */
export function isDeclaredByModule(declaration: Node): boolean {
  return (
    (Node.isFunctionDeclaration(declaration) || Node.isVariableDeclaration(declaration)) &&
    outerNames(declaration) !== undefined
  );
}

/** The namespaces around a declaration, outermost first; undefined: it is inside of something else than namespaces. */
function outerNames(declaration: Node): readonly string[] | undefined {
  const names: string[] = [];
  for (let node = declaration.getParent(); node !== undefined && !Node.isSourceFile(node); node = node.getParent()) {
    if (Node.isModuleDeclaration(node) || Node.isEnumDeclaration(node)) names.unshift(node.getName());
    else if (!isWrapping(node)) return undefined;
  }
  return names;
}

/** What may stand between a declaration and the module, or namespace, that it belongs to. */
function isWrapping(node: Node): boolean {
  return Node.isModuleBlock(node) || Node.isVariableDeclarationList(node) || Node.isVariableStatement(node);
}

/**
 * The name of something that a module declares, as pure terms have it; see `pureForm`. Namespaces and enumerations may have
 * members of one name, which are different things.
 */
export function declaredName({ context }: Interpreter, declaration: Node): string {
  const symbol = declaration.getSymbol();
  const own = (Node.hasName(declaration) ? declaration.getName() : symbol?.getName()) ?? "";
  const name = [...(outerNames(declaration) ?? []), own].join(".");
  const outside = declaration.getSourceFile().getSymbol()?.getExport(name);
  const meant = outside?.isAlias() === true ? outside.getAliasedSymbol() : outside;
  return moduleName(context.span(declaration).file, name, meant !== undefined && meant === symbol);
}
