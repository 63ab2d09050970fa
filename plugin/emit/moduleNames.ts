/**
 * Where the names come from that a component's code refers to: what the author's module exports is imported from
 * there, what it imports is imported again, and what it keeps to itself is copied.
 */
import type { ModuleDeclaration, ModuleSource, Protocol } from "../model/protocol.ts";
import { EmissionError } from "./emissionError.ts";
import { splitAtCommas } from "./brackets.ts";
import type { ImportedName } from "./imports.ts";
import { endWithComment, startWithComments, trimRange } from "./layout.ts";
import { originalRole } from "./outputClasses.ts";
import type { Edit } from "./pieceWriter.ts";
import { freeNames, type Range, type SourceText } from "./sourceText.ts";
import { rebaseSpecifier, specifierOf, type ImportEnding } from "./specifiers.ts";

export interface ResolvedNames {
  readonly imports: readonly ImportedName[];
  /** The statements to copy, in the order of the source, with their comments. */
  readonly copied: readonly CopiedStatement[];
}

export interface CopiedStatement extends Range {
  /** What is cut out: constants that share the statement and are not used. */
  readonly edits: readonly Edit[];
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
  const copied = new Map<ModuleDeclaration, Range>();
  const visit = (name: string, asValue: boolean): void => {
    for (const declaration of context.module.declarations) {
      if (declaration.name !== name) continue;
      const imported = importOf(declaration, asValue, context);
      if (imported !== undefined) {
        imports.push(imported);
      } else if (!copied.has(declaration)) {
        const own = declaratorOf(declaration, context.source) ?? declaration.span;
        copied.set(declaration, own);
        const mentioned = freeNames(context.source, [own]);
        for (const use of declaration.uses) {
          const found = mentioned.get(use);
          if (found !== undefined) visit(use, declaration.kind !== "type" && found.asValue);
        }
      }
    }
  };
  for (const [name, { asValue }] of names) visit(name, asValue);
  return { imports, copied: copiedStatements([...copied.keys()], context.source) };
}

function copiedStatements(declarations: readonly ModuleDeclaration[], source: SourceText): readonly CopiedStatement[] {
  const byStart = new Map(declarations.map((declaration) => [declaration.span.start, declaration]));
  return [...byStart.values()]
    .sort((a, b) => a.span.start - b.span.start)
    .map((declaration) => {
      const wanted = declarations.filter(({ span }) => span.start === declaration.span.start).map(({ name }) => name);
      return { ...rangeToCopy(declaration, source), edits: withoutDeclarators(declaration, wanted, source) };
    });
}

/** The constants of a statement, `const a = 1, b = 2;`, each by its first word; none for other statements. */
function declarators(
  { kind, span }: ModuleDeclaration,
  { tokens }: SourceText,
): readonly (Range & { readonly name: string })[] {
  if (kind !== "constant") return [];
  const code = tokens.filter((token) => token.kind !== "comment" && span.start <= token.start && token.end <= span.end);
  if (code[0]?.text !== "const" || code[1]?.text === "enum") return [];
  const end = code.at(-1)?.text === ";" ? -1 : undefined;
  return splitAtCommas(code.slice(1, end)).flatMap((list) => {
    const [first] = list;
    const last = list.at(-1);
    return first === undefined || last === undefined ? [] : [{ name: first.text, start: first.start, end: last.end }];
  });
}

function declaratorOf(declaration: ModuleDeclaration, source: SourceText): Range | undefined {
  return declarators(declaration, source).find(({ name }) => name === declaration.name);
}

function withoutDeclarators(
  declaration: ModuleDeclaration,
  wanted: readonly string[],
  source: SourceText,
): readonly Edit[] {
  const all = declarators(declaration, source);
  const kept = all.filter(({ name }) => wanted.includes(name));
  if (all.length === kept.length || kept.length < wanted.length) return []; // patterns are copied whole
  const first = all.indexOf(kept[0] as (typeof all)[number]);
  return all.flatMap((each, i) => {
    if (kept.includes(each)) return [];
    const next = all[i + 1]?.start ?? each.end;
    return i < first
      ? [{ start: each.start, end: next, text: "" }]
      : [{ start: all[i - 1]?.end ?? each.start, end: each.end, text: "" }];
  });
}

/** How to import a declaration; undefined when it has to be copied. */
function importOf(declaration: ModuleDeclaration, asValue: boolean, context: NamingContext): ImportedName | undefined {
  const { protocol, source, folder, ending } = context;
  const { name: local, kind, exported, imported } = declaration;
  const { file } = declaration.span; // a base class may be in another one than the role
  if (imported !== undefined) {
    const specifier = rebaseSpecifier(imported.module, file, folder);
    return { specifier, name: imported.name, local, typeOnly: imported.typeOnly || !asValue };
  }
  const role = protocol.roles.find((candidate) => candidate.name === local && candidate.file === file);
  if (role !== undefined) return { ...originalRole(protocol, role, folder, ending), typeOnly: !asValue };
  if (exported) {
    const isDefault = /^(?:@[^]*\s)?export\s+default\s/.test(
      source.text.slice(declaration.span.start, declaration.span.end).trim(),
    );
    const name = isDefault ? "default" : local;
    return { specifier: specifierOf(file, folder, ending), name, local, typeOnly: kind === "type" || !asValue };
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
