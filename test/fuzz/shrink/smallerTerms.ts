/** Statements and terms with one thing less in them. */
import type { Statement, Term, Type } from "../protocolTree.ts";

const SIMPLEST: { readonly [T in Type]: string } = { string: `"a"`, number: "1", boolean: "true", strings: "[]" };

/** Lists with one statement left out, replaced by what is in its blocks, or simplified; what leaves most out comes first. */
export function* smallerStatements(statements: readonly Statement[]): Generator<readonly Statement[]> {
  for (let i = statements.length - 1; i >= 0; i--) yield statements.toSpliced(i, 1);
  for (const [i, statement] of statements.entries()) {
    for (const block of statement.blocks ?? []) yield statements.toSpliced(i, 1, ...block);
    for (const smaller of smallerStatement(statement)) yield statements.toSpliced(i, 1, smaller);
  }
}

function* smallerStatement(statement: Statement): Generator<Statement> {
  const { args = [], blocks = [] } = statement;
  for (const [i, block] of blocks.entries()) {
    for (const smaller of smallerStatements(block)) yield { ...statement, blocks: blocks.with(i, smaller) };
  }
  for (const [i, arg] of args.entries()) {
    for (const smaller of smallerTerms(arg)) yield { ...statement, args: args.with(i, smaller) };
  }
}

function* smallerTerms(term: Term): Generator<Term> {
  const { type, code, args = [] } = term;
  const isPayload = code.startsWith("{") || code === "m";
  if (!isPayload) {
    if (code !== SIMPLEST[type]) yield { type, code: SIMPLEST[type] };
    for (const arg of args) if (arg.type === type) yield arg;
  }
  for (const [i, arg] of args.entries()) {
    for (const smaller of smallerTerms(arg)) yield { ...term, args: args.with(i, smaller) };
  }
}

/** Without the statements whose text says something, at any depth. */
export function withoutStatements(statements: readonly Statement[], says: RegExp): readonly Statement[] {
  return statements.flatMap((statement) => {
    const { code, args = [], blocks = [] } = statement;
    if (says.test(code) || args.some((arg) => mentions(arg, says))) return [];
    return [{ ...statement, blocks: blocks.map((block) => withoutStatements(block, says)) }];
  });
}

function mentions({ code, args = [] }: Term, says: RegExp): boolean {
  return says.test(code) || args.some((arg) => mentions(arg, says));
}

/** Payloads without one of their columns. */
export function withoutColumn(statements: readonly Statement[], message: RegExp, column: string): readonly Statement[] {
  return statements.map((statement): Statement => {
    const { code, args = [], blocks = [] } = statement;
    const inner = blocks.map((block) => withoutColumn(block, message, column));
    if (!message.test(code)) return { ...statement, blocks: inner };
    return { ...statement, blocks: inner, args: args.map((arg) => withoutPart(arg, column)) };
  });
}

function withoutPart(term: Term, column: string): Term {
  if (!term.code.startsWith("{ ")) return term;
  const parts = term.code.slice(2, -2).split(", ");
  const left = parts.filter((part) => part !== column && !part.startsWith(`${column}: `));
  return { ...term, code: left.length === 0 ? "{}" : `{ ${left.join(", ")} }` };
}
