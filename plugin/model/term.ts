/**
 * Terms say where a value comes from. They are the counterpart of the attributes and functions in the paper's rules:
 * equal terms in one activation denote equal values, which is all that the rules may rely on.
 */
import { shortName } from "./pureForm.ts";
import type { Span } from "./span.ts";

/** The types of which every value is one value, whatever its name in the program. */
export type Primitive = "string" | "number" | "bigint" | "boolean";

/** A value, by its provenance within one activation. */
export type Term =
  /** A constant of the program. */
  | {
      readonly kind: "literal";
      readonly value: string | number | boolean | null | undefined | { readonly bigint: string };
    }
  /** A column of the message that started the activation; the empty path is the whole payload. */
  | { readonly kind: "payload"; readonly path: readonly string[] }
  /** `from.id`, the logical id of the sender. */
  | { readonly kind: "sender" }
  /** The key with which the one-shot timer was armed that started the activation. */
  | { readonly kind: "timerKey" }
  /** `self.id`. The same in every component and partition of a node, different between nodes. */
  | { readonly kind: "self" }
  /** Something that is fixed for a run: membership, or a field that no handler writes. `path` is for people. */
  | { readonly kind: "configuration"; readonly field: string; readonly path: string }
  /** The variable of a loop, or the parameter of a callback that runs per element. One `loop` number per loop. */
  | { readonly kind: "element"; readonly loop: number; readonly of: Term }
  /** A value observed in the node's mutable state. `gives`: what it is if it is there. */
  | { readonly kind: "read"; readonly cell: Cell; readonly gives?: Primitive }
  /** A deterministic function of its arguments and of nothing else. */
  | {
      readonly kind: "pure";
      readonly name: string;
      readonly args: readonly Term[];
      /** Distinct arguments have distinct results. */
      readonly injective: boolean;
      /** Of `?:` and `??`: it is the one that the language would choose. Left out: one of them, and it is not said which. */
      readonly certain?: true;
      /**
       * Of a function of a module with one argument: what it computes, if that can be said in a term; the whole payload stands
       * for the argument there. Left out: it cannot.
       */
      readonly means?: Term;
      /** What the results of a function of a module are. Left out: not known. */
      readonly gives?: Primitive;
    }
  /** An object literal; `spreads` come first and are overridden by `fields`. */
  | { readonly kind: "record"; readonly spreads: readonly Term[]; readonly fields: { readonly [name: string]: Term } }
  /** One of several, depending on the path taken. */
  | { readonly kind: "choice"; readonly of: readonly Term[] }
  /** Computed from these inputs in a way that the analysis does not follow, but without effects and from nothing else. */
  | { readonly kind: "mixed"; readonly inputs: readonly Term[]; readonly why: string; readonly span: Span }
  /** Not understood: it may depend on anything. */
  | { readonly kind: "unknown"; readonly why: string; readonly span: Span };

/** What of a location an access concerns. */
export type Aspect =
  /** The value there. */
  | "value"
  /** Whether there is one: `map.has(k)`, `set.has(x)`. */
  | "has"
  /** How many entries the collection at this location has. */
  | "size"
  /** All entries, in a way that does not depend on their order. */
  | "entries"
  /** All entries, in a way that may depend on their order. */
  | "order";

/**
 * A piece of the mutable state of a node: a field, and the keys that lead from the field to the piece. `votes`
 * keyed by the payload column `id` is one cell per ballot; without keys it is the whole field.
 */
export interface Cell {
  readonly field: string;
  readonly keys: readonly Term[];
  readonly aspect: Aspect;
}

/** Structural equality: equal terms of one activation denote equal values (except `unknown`, equal to nothing). */
export function sameTerm(a: Term, b: Term): boolean {
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case "literal":
      return sameLiteral(a.value, (b as typeof a).value);
    case "payload":
      return samePath(a.path, (b as typeof a).path);
    case "sender":
    case "timerKey":
    case "self":
      return true;
    case "configuration":
      return a.field === (b as typeof a).field && a.path === (b as typeof a).path;
    case "element":
      return a.loop === (b as typeof a).loop;
    case "read":
      return false; // the state may have been written between the two reads
    case "pure": {
      const other = b as typeof a;
      return a.name === other.name && a.certain === other.certain && sameTerms(a.args, other.args);
    }
    case "record": {
      const other = b as typeof a;
      const names = Object.keys(a.fields);
      return (
        names.length === Object.keys(other.fields).length &&
        sameTerms(a.spreads, other.spreads) &&
        names.every((name) => {
          const mine = a.fields[name];
          const theirs = other.fields[name];
          return mine !== undefined && theirs !== undefined && sameTerm(mine, theirs);
        })
      );
    }
    case "choice":
    case "mixed":
    case "unknown":
      return false;
  }
}

function sameTerms(a: readonly Term[], b: readonly Term[]): boolean {
  return a.length === b.length && a.every((term, i) => sameTerm(term, b[i] as Term));
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

type LiteralValue = Extract<Term, { kind: "literal" }>["value"];

function sameLiteral(a: LiteralValue, b: LiteralValue): boolean {
  if (typeof a === "object" && a !== null && typeof b === "object" && b !== null) return a.bigint === b.bigint;
  return Object.is(a, b);
}

/** The name of the property that a key written out in the program denotes; undefined for any other key. */
export function writtenKey(key: Term): string | undefined {
  if (key.kind !== "literal") return undefined;
  return typeof key.value === "object" && key.value !== null ? key.value.bigint : String(key.value);
}

/** The terms directly inside a term. */
export function subterms(term: Term): readonly Term[] {
  switch (term.kind) {
    case "literal":
    case "payload":
    case "sender":
    case "timerKey":
    case "self":
    case "configuration":
    case "unknown":
      return [];
    case "element":
      return [term.of];
    case "read":
      return term.cell.keys;
    case "pure":
      return term.args;
    case "record":
      return [...term.spreads, ...Object.values(term.fields)];
    case "choice":
      return term.of;
    case "mixed":
      return term.inputs;
  }
}

/** Every cell that a term reads, at any depth. */
export function cellsRead(term: Term): readonly Cell[] {
  const inside = subterms(term).flatMap(cellsRead);
  return term.kind === "read" ? [term.cell, ...inside] : inside;
}

/** A term as an author would write it: `m.id`, `from.id`, `hash(m.key)`, `each participants`. */
export function printTerm(term: Term): string {
  switch (term.kind) {
    case "literal":
      if (typeof term.value === "object" && term.value !== null) return `${term.value.bigint}n`;
      return typeof term.value === "string" ? JSON.stringify(term.value) : String(term.value);
    case "payload":
      return ["m", ...term.path].join(".");
    case "sender":
      return "from.id";
    case "timerKey":
      return "the timer's key";
    case "self":
      return "self.id";
    case "configuration":
      return term.path;
    case "element":
      return `each ${printTerm(term.of)}`;
    case "read":
      return printCell(term.cell);
    case "pure":
      return `${shortName(term.name)}(${term.args.map(printTerm).join(", ")})`;
    case "record": {
      const spreads = term.spreads.map((spread) => `...${printTerm(spread)}`);
      const fields = Object.entries(term.fields).map(([name, value]) => `${name}: ${printTerm(value)}`);
      return `{ ${[...spreads, ...fields].join(", ")} }`;
    }
    case "choice":
      return term.of.map(printTerm).join(" | ");
    case "mixed":
      return `mix(${term.inputs.map(printTerm).join(", ")})`;
    case "unknown":
      return `unknown (${term.why})`;
  }
}

/** `votes[m.id].size` */
export function printCell(cell: Cell): string {
  const location = `${cell.field}${cell.keys.map((key) => `[${printTerm(key)}]`).join("")}`;
  switch (cell.aspect) {
    case "value":
      return location;
    case "has":
      return `has ${location}`;
    case "size":
      return `${location}.size`;
    case "entries":
      return `all of ${location}`;
    case "order":
      return `all of ${location}, in order`;
  }
}
