/** One spelling for terms that authors write in several, and names by which equal terms of different handlers are equal. */
import { cellsRead, sameTerm, subterms, type Cell, type Term } from "../../model/term.ts";

export function readsState(term: Term): boolean {
  return cellsRead(term).length > 0;
}

/** Whether a term is the same in all activations of a node: made of constants and configuration. */
export function isFixed(term: Term): boolean {
  switch (term.kind) {
    case "literal":
    case "self":
    case "configuration":
      return true;
    case "payload":
    case "sender":
    case "timerKey":
    case "read":
    case "mixed":
    case "unknown":
      return false;
    case "element":
    case "pure":
    case "record":
    case "choice":
      return subterms(term).every(isFixed);
  }
}

/** The term with the same value in the spelling that the analysis looks for. What reads state keeps its cell objects. */
export function simplify(term: Term): Term {
  switch (term.kind) {
    case "pure": {
      const args = term.args.map(simplify);
      const changed = args.some((arg, i) => arg !== term.args[i]);
      return simplifyCall(changed ? { ...term, args } : term);
    }
    case "record":
      return {
        ...term,
        spreads: term.spreads.map(simplify),
        fields: Object.fromEntries(Object.entries(term.fields).map(([name, value]) => [name, simplify(value)])),
      };
    case "element":
      return { ...term, of: simplify(term.of) };
    case "choice": {
      const [first, ...others] = term.of.map(simplify);
      return first !== undefined && others.every((other) => sameTerm(first, other)) ? first : term;
    }
    case "literal":
    case "payload":
    case "sender":
    case "timerKey":
    case "self":
    case "configuration":
    case "read":
    case "mixed":
    case "unknown":
      return term;
  }
}

function simplifyCall(term: Extract<Term, { kind: "pure" }>): Term {
  const [first, second, third] = term.args;
  switch (term.name) {
    case "?:":
      if (second !== undefined && third !== undefined) {
        // A list always exists: which of its elements there is, is asked where it is empty only.
        if (first !== undefined && isList(first) && isUndefined(third)) return second;
        if (sameTerm(second, third)) return second;
      }
      return term;
    case "array":
      // `[...peers]`: each of the members, which are the members.
      return term.args.length === 2 && first?.kind === "element" && second?.kind === "configuration" ? second : term;
    case ".length":
      return first === undefined ? term : (sizeOf(first) ?? { ...term, args: [withoutCopies(first)] });
    default:
      return term;
  }
}

function isList(term: Term): boolean {
  return term.kind === "configuration" || (term.kind === "pure" && term.name === "array");
}

export function isUndefined(term: Term | undefined): boolean {
  return term?.kind === "literal" && (term.value === undefined || term.value === null);
}

/** What a list is a copy of. */
function withoutCopies(term: Term): Term {
  const [only, ...others] = term.kind === "pure" ? term.args : [];
  const copies = ["array", "Array.from", ".keys", ".values", "Object.keys", "Object.values", "Object.entries"];
  return term.kind === "pure" && copies.includes(term.name) && only !== undefined && others.length === 0
    ? withoutCopies(only)
    : term;
}

/** `[...set].length`, `Object.keys(entries).length`: how many there are, whatever their order. */
function sizeOf(term: Term): Term | undefined {
  const whole = withoutCopies(term);
  if (whole === term || whole.kind !== "read" || whole.cell.aspect !== "order") return undefined;
  return { kind: "read", cell: { ...whole.cell, aspect: "size" } };
}

/** What stands for a term: the same name wherever it occurs. */
export interface Binding {
  readonly term: Term;
  readonly name: string;
}

/**
 * A term as text that is equal for terms that are equal but for the terms bound: `m.id` in one handler and `m.ballot.id`
 * in another are both the key. Loops are numbered by their first occurrence.
 */
export function nameTerm(term: Term, bindings: readonly Binding[]): string {
  const loops: number[] = [];
  const name = (one: Term): string => {
    const bound = bindings.find((binding) => sameTerm(binding.term, one));
    if (bound !== undefined) return bound.name;
    switch (one.kind) {
      case "literal":
        if (typeof one.value === "object" && one.value !== null) return `${one.value.bigint}n`;
        return one.value === undefined ? "undefined" : Object.is(one.value, -0) ? "-0" : JSON.stringify(one.value);
      case "payload":
        return `payload${JSON.stringify(one.path)}`;
      case "sender":
      case "timerKey":
      case "self":
        return one.kind;
      case "configuration":
        return `this.${one.field}:${one.path}`;
      case "element": {
        const known = loops.indexOf(one.loop);
        const position = known < 0 ? loops.push(one.loop) - 1 : known;
        return `each${String(position)}(${name(one.of)})`;
      }
      case "read":
        return nameCellBy(one.cell, name);
      case "pure":
        return `${one.name}(${one.args.map(name).join(",")})`;
      case "record": {
        const fields = Object.entries(one.fields)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([field, value]) => `${field}:${name(value)}`);
        return `{${[...one.spreads.map((spread) => `...${name(spread)}`), ...fields].join(",")}}`;
      }
      case "choice":
        return `one of(${one.of.map(name).join(",")})`;
      case "mixed":
      case "unknown":
        return `${one.kind} at ${one.span.file}:${String(one.span.start)}-${String(one.span.end)}`;
    }
  };
  return name(term);
}

export function nameCell(cell: Cell): string {
  return nameCellBy(cell, (key) => nameTerm(key, []));
}

function nameCellBy(cell: Cell, name: (key: Term) => string): string {
  return `${cell.aspect} of ${cell.field}${cell.keys.map((key) => `[${name(key)}]`).join("")}`;
}

/** Whether two keys of activations of one handler are certainly the same. */
export function sameKeys(a: readonly Term[], b: readonly Term[]): boolean {
  return a.length === b.length && a.every((key, i) => sameTerm(key, b[i] as Term));
}
