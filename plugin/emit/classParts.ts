/** The pieces of a role's class as text: its head, its members in order, its end. */
import type { Member, ModuleSource, Role } from "../model/protocol.ts";
import { EmissionError } from "./emissionError.ts";
import { startWithComments, trimRange } from "./layout.ts";
import type { Range, SourceText } from "./sourceText.ts";
import type { Token } from "./tokens.ts";

export interface ClassMember extends Range {
  readonly member: Member;
}

export interface ClassParts {
  /** From its comments, or else its first word, up to and with the opening brace. */
  readonly head: Range;
  /** What says which class this one extends, up to the next word: components have what they need of it themselves. */
  readonly heritage: readonly Range[];
  /** The decorators of the class. */
  readonly decorators: readonly Range[];
  /** In the order of the source, without white space at their ends, and disjoint. */
  readonly members: readonly ClassMember[];
  /** The closing brace. */
  readonly close: Range;
}

/** @throws EmissionError when the class is not where the role says. */
export function readClassParts(role: Role, module: ModuleSource, source: SourceText): ClassParts {
  const code = source.tokens.filter((token) => token.kind !== "comment");
  const first = code.find(({ start }) => start >= role.span.start);
  const close = code.findLast(({ text, end }) => text === "}" && end <= role.span.end);
  const open = close === undefined ? undefined : openerOf(code, close);
  if (module.file !== role.file || first === undefined || close === undefined || open === undefined) {
    throw new EmissionError(`The class of the role ${role.name} is not complete.`, role.span);
  }
  return {
    head: { start: startWithComments(source, first.start), end: open.end },
    heritage: findHeritage(code, role.nameSpan.end, open),
    decorators: findDecorators(code, first.start, role.nameSpan.start),
    members: orderMembers(role, source.text, close.start),
    close,
  };
}

function openerOf(code: readonly Token[], close: Token): Token | undefined {
  let depth = 0;
  for (let i = code.indexOf(close); i >= 0; i -= 1) {
    const token = code[i] as Token;
    if (token.kind !== "punctuation" && token.kind !== "template") continue;
    if (token.text === "}") depth += 1;
    else if (token.text === "{") depth -= 1;
    if (depth === 0) return token;
  }
  return undefined;
}

function findHeritage(code: readonly Token[], start: number, open: Token): readonly Range[] {
  const between = code.filter((token) => start <= token.start && token.end <= open.end);
  const word = between.findIndex(({ text }) => text === "extends");
  const next = between.slice(word).find((token) => token === open || token.text === "implements");
  const begin = between[word]?.start;
  return begin === undefined || next === undefined ? [] : [{ start: begin, end: next.start }];
}

/** What begins with an at sign between two offsets: a dotted name and, behind it, arguments. */
function findDecorators(code: readonly Token[], start: number, end: number): readonly Range[] {
  const found: Range[] = [];
  for (const [i, at] of code.entries()) {
    if (at.text !== "@" || at.start < start || at.end > end) continue;
    let last = i + 1;
    while (code[last + 1]?.text === ".") last += 2;
    if (code[last + 1]?.text === "(") last = closerOf(code, last + 1);
    found.push({ start: at.start, end: code[last]?.end ?? at.end });
  }
  return found;
}

/** The index of the parenthesis that closes the one at `open`. */
function closerOf(code: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < code.length; i += 1) {
    if (code[i]?.text === "(") depth += 1;
    if (code[i]?.text === ")") depth -= 1;
    if (depth === 0) return i;
  }
  return open;
}

function orderMembers(role: Role, text: string, end: number): readonly ClassMember[] {
  // Fields that are parameters of the constructor are part of its text.
  const constructors = role.members.filter(({ kind }) => kind === "constructor");
  const own = role.members.filter(
    (member) =>
      member.kind === "constructor" ||
      !constructors.some(({ span }) => span.start <= member.span.start && member.span.end <= span.end),
  );
  const sorted = own.sort((a, b) => a.span.start - b.span.start);
  return sorted.map((member, i) => {
    const limit = sorted[i + 1]?.span.start ?? end;
    return { member, ...trimRange(text, { start: member.span.start, end: Math.min(member.span.end, limit) }) };
  });
}
