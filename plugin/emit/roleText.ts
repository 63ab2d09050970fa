/**
 * The text that a role is made of. Its class may inherit members from classes in other files; then the text is those
 * files and the role's own behind each other, base classes first, and every offset counts from the beginning of that.
 */
import { posix } from "node:path";
import type { RewrittenRole } from "../model/component.ts";
import type { ModuleDeclaration, ModuleSource, Role } from "../model/protocol.ts";
import type { Span } from "../model/span.ts";
import { EmissionError } from "./emissionError.ts";
import type { Origin } from "./pieceWriter.ts";
import { readSourceText, type SourceText } from "./sourceText.ts";

export interface RoleText {
  readonly role: Role;
  readonly rewritten: RewrittenRole;
  /** What is declared at the top of any of the files. */
  readonly module: ModuleSource;
  readonly source: SourceText;
  /** The files that the text consists of. */
  readonly origins: readonly Origin[];
}

/**
 * @throws EmissionError when a name that inherited code uses means something else in the role's file.
 */
export function gatherRoleText(
  role: Role,
  rewritten: RewrittenRole,
  modules: readonly ModuleSource[],
): RoleText | undefined {
  const named = new Set([role.file, ...role.members.map(({ span }) => span.file)]);
  // Members are listed from the class itself upwards.
  const files = [...named].reverse().flatMap((file) => modules.find((module) => module.file === file) ?? []);
  const own = modules.find(({ file }) => file === role.file);
  if (own === undefined || files.length < named.size) return undefined;
  let start = 0;
  const origins = files.map(({ file, text }) => {
    const origin = { file, start, end: start + text.length };
    start = origin.end + 1;
    return origin;
  });
  const text = files.map((module) => module.text).join("\n");
  const source = readSourceText(text);
  if (files.length === 1) return { role, rewritten, module: own, source, origins };
  const shift = shiftBy(new Map(origins.map((origin) => [origin.file, origin.start])));
  const declarations = joinDeclarations(
    role,
    own,
    files.filter((module) => module !== own),
  );
  return {
    role: shift(role),
    rewritten: shift(rewritten),
    module: { file: own.file, text, declarations: shift(declarations) },
    source,
    origins,
  };
}

/** A copy of plain data in which the spans of each file are so much further behind. */
function shiftBy(offsets: ReadonlyMap<string, number>): <T>(value: T) => T {
  const copies = new Map<object, unknown>();
  const copy = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const known = copies.get(value);
    if (known !== undefined) return known;
    const made = Array.isArray(value)
      ? value.map(copy)
      : Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copy(part)]));
    const moved = isSpan(value) ? { ...value, ...moveSpan(value, offsets.get(value.file) ?? 0) } : made;
    copies.set(value, moved);
    return moved;
  };
  return <T>(value: T) => copy(value) as T; // a copy has the shape of what it copies
}

function isSpan(value: object): value is Span {
  return "file" in value && "start" in value && "endColumn" in value;
}

function moveSpan({ start, end }: Span, by: number): Pick<Span, "start" | "end"> {
  return { start: start + by, end: end + by };
}

/** The declarations of all modules, the role's own first; what several import from one place is declared once. */
function joinDeclarations(role: Role, own: ModuleSource, bases: readonly ModuleSource[]): readonly ModuleDeclaration[] {
  let joined: readonly ModuleDeclaration[] = own.declarations;
  for (const base of bases) {
    const inherited = role.members.filter(({ span }) => span.file === base.file);
    const used = new Set(
      [...inherited, ...base.declarations].flatMap((one) => ("names" in one ? one.names : one.uses)),
    );
    const added: ModuleDeclaration[] = [];
    for (const declaration of base.declarations) {
      const rivals = joined.filter(({ name }) => name === declaration.name);
      const same = rivals.find((rival) => targetOf(rival) === targetOf(declaration));
      if (rivals.length === 0) added.push(declaration);
      else if (same === undefined && used.has(declaration.name)) throw ambiguous(role, declaration, inherited[0]?.name);
      else if (same?.imported?.typeOnly === true && declaration.imported?.typeOnly !== true) {
        joined = joined.map((rival) => (rival === same ? declaration : rival));
      }
    }
    joined = [...joined, ...added];
  }
  return joined;
}

function ambiguous({ name, file }: Role, declaration: ModuleDeclaration, member = ""): EmissionError {
  const { span } = declaration;
  return new EmissionError(
    `${name} inherits ${member} from ${span.file}, where ${declaration.name} is not what it is in ${file}. ` +
      "A component has both in one file: give one of the two another name.",
    span,
  );
}

/** What a name stands for: a declaration of some module. */
function targetOf({ name, span, imported, exported }: ModuleDeclaration): string {
  if (imported === undefined) return exported ? `${withoutEnding(span.file)}#${name}` : `only in ${span.file}#${name}`;
  const isRelative = imported.module.startsWith(".");
  const module = isRelative
    ? withoutEnding(posix.join(posix.dirname(span.file), imported.module))
    : `package ${imported.module}`;
  return `${module}#${imported.name}`;
}

function withoutEnding(file: string): string {
  return file.replace(/\.[cm]?[jt]s$/, "");
}
