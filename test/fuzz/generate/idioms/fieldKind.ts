/** How engineers keep state: a kind of field, and what is written about it in handlers. */
import type { Statement, Term } from "../../protocolTree.ts";
import type { Body, Mood, StateField } from "../body.ts";

export type Use = (body: Body, key: Term, field: StateField) => readonly Statement[];

export interface FieldKind {
  readonly kind: string;
  readonly names: readonly string[];
  /** With `KEY` for the type of the keys. */
  readonly code: string;
  readonly readonly: boolean;
  /** How often a role of each mood has such a field. */
  readonly weight: { readonly [M in Mood]: number };
  /** Keys that its entries may have; none: it exists once. */
  readonly keyed: boolean;
  readonly uses: readonly { readonly weight: number; readonly growing?: boolean; readonly use: Use }[];
}

export const say = (code: string, ...args: Term[]): Statement => ({ code, args });

/** Statements around a local name. */
export function local(body: Body, hint: string, make: (name: string) => readonly Statement[]): readonly Statement[] {
  return make(body.fresh(hint));
}

export function when(code: string, args: readonly Term[], ...blocks: (readonly Statement[])[]): readonly Statement[] {
  return blocks.every((block) => block.length === 0) ? [] : [{ code, args, blocks }];
}

/** An early end, where one is possible. */
export function unless(body: Body, code: string, ...args: Term[]): readonly Statement[] {
  return body.options.mayEnd ? [{ code: `if (${code}) {{0}}`, args, blocks: [body.ending()] }] : [];
}

/** A scalar is there once, however many keys there are. */
export const WHOLE = { keyed: 0, loose: 4, growing: 1, epochs: 0 } as const;
