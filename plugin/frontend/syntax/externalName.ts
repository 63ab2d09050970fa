import { Node, type BindingElement, type Identifier, type Symbol as MorphSymbol } from "ts-morph";
import { RIVEN } from "./rivenName.ts";

/** Something that the project does not define: a global (`Date.now`), or a member of a package (`randomUUID` of `crypto`). */
export interface ExternalName {
  /** As in the import, less `node:`; undefined for a global. */
  readonly module: string | undefined;
  /** The names that lead to it: `["Date", "now"]`. Empty for a whole module. */
  readonly path: readonly string[];
}

const GLOBAL_OBJECTS = new Set(["globalThis", "global", "window", "self"]);

/** What an identifier or a property access denotes outside of the project; undefined when it is the project's own. */
export function externalName(node: Node): ExternalName | undefined {
  if (Node.isIdentifier(node)) return ofIdentifier(node);
  if (Node.isPropertyAccessExpression(node)) return member(externalName(node.getExpression()), node.getName());
  if (Node.isElementAccessExpression(node)) {
    const argument = node.getArgumentExpression();
    return Node.isStringLiteral(argument)
      ? member(externalName(node.getExpression()), argument.getLiteralText())
      : undefined;
  }
  return undefined;
}

function member(of: ExternalName | undefined, name: string): ExternalName | undefined {
  return of === undefined ? undefined : withoutGlobalObject({ module: of.module, path: [...of.path, name] });
}

function ofIdentifier(node: Identifier): ExternalName | undefined {
  const symbol = node.getSymbol();
  if (symbol === undefined) return undefined;
  if (symbol.isAlias()) return importedName(symbol);
  const declarations = symbol.getDeclarations();
  const [only] = declarations;
  if (Node.isBindingElement(only)) return ofBinding(only);
  // `globalThis` and `undefined` are known to the checker without a declaration.
  const isGlobal = declarations.every((declaration) => declaration.getSourceFile().isDeclarationFile());
  return isGlobal ? { module: undefined, path: [node.getText()] } : undefined;
}

/** `random` of `const { random } = Math`. */
function ofBinding(element: BindingElement): ExternalName | undefined {
  const pattern = element.getParent();
  const declaration = pattern.getParent();
  if (!Node.isObjectBindingPattern(pattern) || !Node.isVariableDeclaration(declaration)) return undefined;
  const whole = declaration.getInitializer();
  const name = element.getPropertyNameNode()?.getText() ?? element.getName();
  return whole === undefined ? undefined : member(externalName(whole), name);
}

function importedName(symbol: MorphSymbol): ExternalName | undefined {
  for (const declaration of symbol.getDeclarations()) {
    const statement = declaration.getAncestors().find((ancestor) => Node.isImportDeclaration(ancestor));
    if (!Node.isImportDeclaration(statement)) continue;
    const specifier = statement.getModuleSpecifierValue();
    if (specifier === RIVEN || specifier.startsWith(".")) return undefined;
    const file = statement.getModuleSpecifierSourceFile();
    if (file !== undefined && !file.isDeclarationFile() && !file.isInNodeModules()) return undefined;
    const path = Node.isImportSpecifier(declaration) ? [declaration.getName()] : [];
    return { module: specifier.replace(/^node:/, ""), path };
  }
  return undefined;
}

function withoutGlobalObject(name: ExternalName): ExternalName {
  const [first, ...rest] = name.path;
  const isGlobalObject =
    name.module === undefined && first !== undefined && GLOBAL_OBJECTS.has(first) && rest.length > 0;
  return isGlobalObject ? { module: undefined, path: rest } : name;
}

/** `Date.now`, `crypto.randomUUID` */
export function printExternal(name: ExternalName): string {
  return [...(name.module === undefined ? [] : [name.module]), ...name.path].join(".");
}
