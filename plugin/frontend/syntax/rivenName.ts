import {
  Node,
  type ExportDeclaration,
  type Expression,
  type ImportDeclaration,
  type SourceFile,
  type Symbol as MorphSymbol,
} from "ts-morph";

/** The module that the language is imported from. */
export const RIVEN = "riven";

/**
 * The name under which `riven` exports what this expression denotes: `Role` for `Role`, for an alias
 * (`import { Role as R }`), for a member of a namespace (`riven.Role`) and for what another module re-exports.
 * Undefined when it comes from somewhere else, however it is called.
 */
export function rivenName(expression: Expression): string | undefined {
  if (Node.isIdentifier(expression)) return nameBehind(expression.getSymbol());
  if (!Node.isPropertyAccessExpression(expression)) return undefined;
  const namespace = expression.getExpression();
  if (Node.isIdentifier(namespace) && isRivenNamespace(namespace.getSymbol())) return expression.getName();
  return nameBehind(expression.getNameNode().getSymbol());
}

/** Follows a chain of imports and re-exports until one of them names `riven`. */
function nameBehind(symbol: MorphSymbol | undefined): string | undefined {
  const seen = new Set<MorphSymbol>();
  let current = symbol;
  while (current?.isAlias() === true && !seen.has(current)) {
    seen.add(current);
    const next = current.getImmediatelyAliasedSymbol();
    for (const declaration of current.getDeclarations()) {
      if (!Node.isImportSpecifier(declaration) && !Node.isExportSpecifier(declaration)) continue;
      const statement = statementOf(declaration);
      if (statement?.getModuleSpecifierValue() === RIVEN) return declaration.getName();
      const module = statement?.getModuleSpecifierSourceFile();
      if (module === undefined || next?.getDeclarations().some((target) => target.getSourceFile() === module) === true)
        continue;
      if (exportsAllOfRiven(module, new Set())) return declaration.getName();
    }
    current = next;
  }
  return undefined;
}

/** Whether a module says `export * from "riven"`, itself or through others. */
function exportsAllOfRiven(module: SourceFile, seen: Set<SourceFile>): boolean {
  if (seen.has(module)) return false;
  seen.add(module);
  return module.getExportDeclarations().some((statement) => {
    if (statement.hasNamedExports() || statement.getNamespaceExport() !== undefined) return false;
    if (statement.getModuleSpecifierValue() === RIVEN) return true;
    const next = statement.getModuleSpecifierSourceFile();
    return next !== undefined && exportsAllOfRiven(next, seen);
  });
}

function isRivenNamespace(symbol: MorphSymbol | undefined): boolean {
  const declarations = symbol?.getDeclarations() ?? [];
  return declarations.some(
    (node) => Node.isNamespaceImport(node) && statementOf(node)?.getModuleSpecifierValue() === RIVEN,
  );
}

function statementOf(specifier: Node): ImportDeclaration | ExportDeclaration | undefined {
  for (const ancestor of specifier.getAncestors()) {
    if (Node.isImportDeclaration(ancestor) || Node.isExportDeclaration(ancestor)) return ancestor;
  }
  return undefined;
}
