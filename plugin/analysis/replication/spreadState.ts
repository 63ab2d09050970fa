/** The part of a component's state that is spread by key, as terms speak of it. */
import type { WriteEffect } from "../../model/effect.ts";
import { findStateField, type Role, type Shape } from "../../model/protocol.ts";
import { cellsRead, sameTerm, writtenKey, type Cell, type Term } from "../../model/term.ts";

export interface SpreadState {
  readonly role: Role;
  /** Fields whose entries are on different partitions; pending timers with a key are such a field, too. */
  readonly fields: ReadonlySet<string>;
}

/** Whether a value depends on any entry that is spread, or on how many there are. */
export function dependsOnSpread(term: Term, { fields }: SpreadState): boolean {
  return cellsRead(term).some(({ field }) => fields.has(field));
}

/** All entries of a field. */
export function isWhole({ keys }: Cell): boolean {
  return keys.length === 0;
}

/** The shape of what a field has under a key. */
export function entryShape(role: Role, field: string): Shape | undefined {
  const shape = shapeOf(role, field);
  return shape?.kind === "map" ? shape.value : undefined;
}

export function shapeOf(role: Role, field: string): Shape | undefined {
  const declared = findStateField(role, field);
  return declared?.is.kind === "state" ? declared.is.shape : undefined;
}

/**
 * The columns of a field's entries that always equal the key of the entry: every handler that puts one there writes them
 * so, and none changes an entry in place.
 */
export function identifyingColumns(role: Role, field: string): readonly string[] {
  const shape = entryShape(role, field);
  if (shape?.kind !== "record") return [];
  const writes = role.handlers
    .flatMap(({ body }) => body?.effects ?? [])
    .filter((effect): effect is WriteEffect => effect.kind === "write" && effect.cell.field === field);
  const made = writes.filter(
    ({ operation, cell }) => operation !== "delete" && operation !== "clear" && cell.keys.length < 2,
  );
  const isMade = ({ operation, cell, value }: WriteEffect, column: string): boolean => {
    const [key] = cell.keys;
    const written = value === undefined ? undefined : columnOf(value, column);
    const isPut = operation === "set" || operation === "putIfAbsent";
    return isPut && key !== undefined && written !== undefined && sameTerm(key, written);
  };
  const isChanged = (column: string): boolean =>
    writes.some(({ cell }) => {
      const [, name] = cell.keys;
      if (name === undefined) return false;
      const written = writtenKey(name);
      return written === undefined || written === column;
    });
  return Object.keys(shape.fields).filter(
    (column) => made.every((write) => isMade(write, column)) && !isChanged(column),
  );
}

/** A column of a value that is written as a whole. */
export function columnOf(value: Term, column: string): Term | undefined {
  switch (value.kind) {
    case "payload":
      return { kind: "payload", path: [...value.path, column] };
    case "record": {
      const named = value.fields[column];
      if (named !== undefined) return named;
      const [only, ...others] = value.spreads;
      return only === undefined || others.length > 0 ? undefined : columnOf(only, column);
    }
    default:
      return { kind: "pure", name: `.${column}`, args: [value], injective: false };
  }
}
