/** Pieces of state by their path, whatever the key: `votes[*][*]`, `entries[*].done`; and what is ever written there. */
import { findStateField, type Role, type Shape } from "../../model/protocol.ts";
import { sameTerm, writtenKey, type Cell, type Term } from "../../model/term.ts";
import type { CellMeaning } from "./formula.ts";
import { isUndefined, simplify } from "./normaliseTerms.ts";

/** The shape of what stands at a cell; undefined for what the type does not say. */
export function shapeAt(role: Role, cell: Pick<Cell, "field" | "keys">): Shape | undefined {
  const field = findStateField(role, cell.field);
  let shape: Shape | undefined = field?.is.kind === "state" ? field.is.shape : undefined;
  for (const key of cell.keys) {
    switch (shape?.kind) {
      case "map":
      case "array":
        shape = shape.value;
        break;
      case "set":
        shape = { kind: "scalar" };
        break;
      case "record":
        shape = shape.fields[writtenKey(key) ?? ""];
        break;
      default:
        return undefined;
    }
  }
  return shape;
}

/** The path of a cell: names where its objects have named parts, `*` where they have entries. */
export function locationOf(role: Role, { field, keys }: Pick<Cell, "field" | "keys">): readonly string[] {
  return [
    field,
    ...keys.map((key, i) => {
      const around = shapeAt(role, { field, keys: keys.slice(0, i) });
      const name = around?.kind === "record" ? writtenKey(key) : undefined;
      return name === undefined ? "*" : `.${name}`;
    }),
  ];
}

export function sameLocation(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && isInside(a, b);
}

/** Whether `inner` is `outer`, or a part of it. */
export function isInside(inner: readonly string[], outer: readonly string[]): boolean {
  return outer.length <= inner.length && outer.every((part, i) => part === inner[i]);
}

interface Written {
  readonly at: readonly string[];
  readonly value: Term;
  /** As a part of an entry that is made. */
  readonly initially: boolean;
}

/**
 * A value that is only ever set to one constant is a mark: a cell without it, and with it. Reading it true, or equal to
 * something, says which.
 */
export function meaningOf(role: Role): CellMeaning {
  const written = role.handlers.flatMap(({ body }) =>
    (body?.effects ?? []).flatMap((effect): readonly Written[] => {
      if (effect.kind !== "write") return [];
      const at = locationOf(role, effect.cell);
      const value = effect.value === undefined ? undefined : simplify(effect.value);
      const unknown: Term = { kind: "unknown", why: "not a constant", span: effect.span };
      if (value === undefined || !["set", "putIfAbsent"].includes(effect.operation))
        return effect.operation === "add" ? [] : [{ at, value: unknown, initially: false }];
      return [{ at, value, initially: false }, ...partsOf(at, value)];
    }),
  );
  const at = (cell: Cell): { readonly last: Term | undefined; readonly first: readonly Term[] } => {
    const here = written.filter((one) => sameLocation(one.at, locationOf(role, cell)));
    const [mark, ...others] = here.filter(({ initially }) => !initially).map(({ value }) => value);
    const isMark = mark?.kind === "literal" && !isUndefined(mark) && others.every((other) => sameTerm(mark, other));
    return { last: isMark ? mark : undefined, first: here.filter((one) => one.initially).map(({ value }) => value) };
  };
  const isEntry = (cell: Cell): boolean => locationOf(role, cell).at(-1) === "*";
  return {
    truth(cell) {
      const shape = shapeAt(role, cell);
      if (shape === undefined || shape.kind === "opaque") return undefined;
      if (shape.kind !== "scalar") return cell.keys.length > 0 ? "present" : undefined;
      const { last, first } = at(cell);
      if (last?.kind !== "literal") return undefined;
      const isTrue = Boolean(last.value);
      if (!first.every((one) => one.kind === "literal" && Boolean(one.value) !== isTrue)) return undefined;
      if (isEntry(cell) && !isTrue) return undefined;
      return isTrue ? "present" : "absent";
    },
    equality(cell, value) {
      if (value.kind !== "literal" || shapeAt(role, cell)?.kind !== "scalar") return undefined;
      const { last, first } = at(cell);
      if (last?.kind !== "literal" || first.some((one) => one.kind !== "literal" || sameTerm(one, last)))
        return undefined;
      if (sameTerm(last, value)) return "present";
      const isOther = typeof last.value === "boolean" && typeof value.value === "boolean" && !isEntry(cell);
      const isFirst = first.length > 0 && first.every((one) => sameTerm(one, value));
      return isFirst || (isOther && first.length === 0) ? "absent" : undefined;
    },
  };
}

/** The values of the named parts of an object that is put somewhere. */
function partsOf(at: readonly string[], value: Term): readonly Written[] {
  if (value.kind !== "record") {
    const [own, made] =
      value.kind === "pure" && (value.name === "??" || value.name === "?:") ? value.args.slice(-2) : [];
    return [own, made].flatMap((one) => (one?.kind === "record" ? partsOf(at, one) : []));
  }
  return Object.entries(value.fields).flatMap(([name, part]) => {
    const inside = [...at, `.${name}`];
    return [{ at: inside, value: part, initially: true }, ...partsOf(inside, part)];
  });
}
