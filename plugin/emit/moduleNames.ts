/**
 * Where the names come from that a component's code refers to: what the author's module exports is imported from
 * there, what it imports is imported again, and what it keeps to itself is copied.
 */
import type { ModuleDeclaration, ModuleSource, Protocol } from "../model/protocol.ts";
import { EmissionError } from "./emissionError.ts";
import type { ImportedName } from "./imports.ts";
import { endWithComment, startWithComments, trimRange } from "./layout.ts";
import { originalRole } from "./outputClasses.ts";
import { freeNames, type Range, type SourceText } from "./sourceText.ts";
import { rebaseSpecifier, specifierOf, type ImportEnding } from "./specifiers.ts";

export interface ResolvedNames {
  readonly imports: readonly ImportedName[];
  /** The statements to copy, in the order of the source, with their comments. */
  readonly copied: readonly Range[];
}

export interface NamingContext {
  readonly protocol: Protocol;
  readonly module: ModuleSource;
  readonly source: SourceText;
  readonly folder: string;
  readonly ending: ImportEnding;
}

/**
 * @param names The names of the module's top level that the component uses, and whether as values.
 * @throws EmissionError for a role that is not exported, and for a variable that cannot be shared.
 */
export function resolveNames(
  names: Iterable<readonly [string, { readonly asValue: boolean }]>,
  context: NamingContext,
): ResolvedNames {
  const imports: ImportedName[] = [];
  const copied = new Map<number, Range>();
  const visit = (name: string, asValue: boolean): void => {
    for (const declaration of context.module.declarations) {
      if (declaration.name !== name) continue;
      const imported = importOf(declaration, asValue, context);
      if (imported !== undefined) {
        imports.push(imported);
      } else if (!copied.has(declaration.span.start)) {
        copied.set(declaration.span.start, rangeToCopy(declaration, context.source));
        const mentioned = freeNames(context.source, [declaration.span]);
        for (const use of declaration.uses) {
          const found = mentioned.get(use);
          if (found !== undefined) visit(use, declaration.kind !== "type" && found.asValue);
        }
      }
    }
  };
  for (const [name, { asValue }] of names) visit(name, asValue);
  return { imports, copied: [...copied.values()].sort((a, b) => a.start - b.start) };
}

/** How to import a declaration; undefined when it has to be copied. */
function importOf(declaration: ModuleDeclaration, asValue: boolean, context: NamingContext): ImportedName | undefined {
  const { protocol, module, source, folder, ending } = context;
  const { name: local, kind, exported, imported } = declaration;
  if (imported !== undefined) {
    const specifier = rebaseSpecifier(imported.module, module.file, folder);
    return { specifier, name: imported.name, local, typeOnly: imported.typeOnly || !asValue };
  }
  const role = protocol.roles.find((candidate) => candidate.name === local && candidate.file === module.file);
  if (role !== undefined) return { ...originalRole(protocol, role, folder, ending), typeOnly: !asValue };
  if (exported) {
    const isDefault = /^(?:@[^]*\s)?export\s+default\s/.test(
      source.text.slice(declaration.span.start, declaration.span.end).trim(),
    );
    const name = isDefault ? "default" : local;
    return { specifier: specifierOf(module.file, folder, ending), name, local, typeOnly: kind === "type" || !asValue };
  }
  if (kind === "variable") {
    throw new EmissionError(
      `The components of a role cannot share the variable ${local}: make it a const, or a field of the role.`,
      declaration.span,
    );
  }
  return undefined;
}

function rangeToCopy({ span }: ModuleDeclaration, source: SourceText): Range {
  const code = source.tokens.find(({ kind, start }) => kind !== "comment" && start >= span.start);
  const { start, end } = trimRange(source.text, { start: code?.start ?? span.start, end: span.end });
  return { start: startWithComments(source, start), end: endWithComment(source, end) };
}
