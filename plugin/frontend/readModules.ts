import { Node, VariableDeclarationKind, type SourceFile, type Statement } from "ts-morph";
import type { ModuleDeclaration, ModuleSource } from "../model/protocol.ts";
import { moduleNamesUsed, wholeSpan } from "./readMembers.ts";
import { namesOf } from "./lower/bindings.ts";
import { relativePath } from "./syntax/relativePath.ts";

/** A source file as text with its top-level declarations. */
export function readModule(source: SourceFile, root: string): ModuleSource {
  return {
    file: relativePath(root, source.getFilePath()),
    text: source.getFullText(),
    declarations: source.getStatements().flatMap((statement) => readStatement(statement, root)),
  };
}

function readStatement(statement: Statement, root: string): readonly ModuleDeclaration[] {
  const span = wholeSpan(statement, root);
  if (Node.isImportDeclaration(statement)) {
    const module = statement.getModuleSpecifierValue();
    const typeOnly = statement.isTypeOnly();
    const one = (name: string, imported: string, only: boolean): ModuleDeclaration => ({
      name,
      kind: "import",
      exported: false,
      span,
      uses: [],
      imported: { module, name: imported, typeOnly: only },
    });
    const main = statement.getDefaultImport();
    const namespace = statement.getNamespaceImport();
    return [
      ...(main === undefined ? [] : [one(main.getText(), "default", typeOnly)]),
      ...(namespace === undefined ? [] : [one(namespace.getText(), "*", typeOnly)]),
      ...statement
        .getNamedImports()
        .map((i) => one(i.getAliasNode()?.getText() ?? i.getName(), i.getName(), typeOnly || i.isTypeOnly())),
    ];
  }
  const uses = moduleNamesUsed(statement);
  const declare = (name: string, kind: ModuleDeclaration["kind"], exported: boolean): ModuleDeclaration => ({
    name,
    kind,
    exported,
    span,
    uses: uses.filter((use) => use !== name),
    imported: undefined,
  });
  if (Node.isVariableStatement(statement)) {
    const kind = statement.getDeclarationKind() === VariableDeclarationKind.Const ? "constant" : "variable";
    return statement
      .getDeclarations()
      .flatMap((d) => namesOf(d.getNameNode()).map((name) => declare(name, kind, statement.isExported())));
  }
  if (Node.isFunctionDeclaration(statement))
    return [declare(statement.getName() ?? "default", "function", statement.isExported())];
  if (Node.isClassDeclaration(statement))
    return [declare(statement.getName() ?? "default", "class", statement.isExported())];
  if (Node.isInterfaceDeclaration(statement) || Node.isTypeAliasDeclaration(statement))
    return [declare(statement.getName(), "type", statement.isExported())];
  if (Node.isEnumDeclaration(statement)) return [declare(statement.getName(), "constant", statement.isExported())];
  return [];
}
