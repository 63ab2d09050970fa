/**
 * `@Forget`: what the runtime does when a handler has returned, as effects of the handler. They belong to no statement:
 * wherever an entry is written, it is also forgotten.
 */
import type { ArrowFunction } from "ts-morph";
import type { Condition, Effect, WriteEffect } from "../../model/effect.ts";
import { sameTerm, type Term } from "../../model/term.ts";
import type { Interpreter } from "./interpreter.ts";
import { readPlace } from "./properties.ts";
import { pieceOf, type Place } from "./values.ts";

/** The conditions under which entries of fields are forgotten, by field. */
export type ForgetConditions = ReadonlyMap<string, ArrowFunction>;

/** Adds, for each entry that the handler writes, its deletion under the condition of its field. */
export function forgetWritten(interpreter: Interpreter, conditions: ForgetConditions): void {
  if (conditions.size === 0) return;
  const { context } = interpreter;
  const { effects } = context.collected();
  for (const [field, condition] of conditions) {
    const facts = context.fields.get(field);
    if (facts?.kind !== "state") continue;
    const writes = effects.filter((effect): effect is WriteEffect => isWriteTo(effect, field));
    if (writes.some(({ cell, operation }) => cell.keys.length === 0 && operation !== "clear")) {
      context.giveUp(`the assignment of ${field}, any entry of which may then be forgotten`, condition);
    }
    for (const { key, guards } of writtenEntries(writes)) {
      const place: Place = pieceOf({ field, keys: [], shape: facts.shape }, key);
      for (const guard of guards) forgetUnder(interpreter, guard, place, condition);
    }
  }
}

function isWriteTo(effect: Effect, field: string): boolean {
  return effect.kind === "write" && effect.cell.field === field;
}

interface WrittenEntry {
  readonly key: Term;
  /** When it is written: under each of these. */
  readonly guards: (readonly Condition[])[];
}

function writtenEntries(writes: readonly WriteEffect[]): readonly WrittenEntry[] {
  const entries: WrittenEntry[] = [];
  for (const { cell, operation, guard } of writes) {
    const [key] = cell.keys;
    if (key === undefined || (cell.keys.length === 1 && operation === "delete")) continue;
    const known = entries.find((entry) => entry.key === key || sameTerm(entry.key, key));
    if (known === undefined) entries.push({ key, guards: [guard] });
    else if (guard.length === 0) known.guards.splice(0, known.guards.length, guard);
    else if (!known.guards.some((other) => other.length === 0 || isSameGuard(other, guard))) known.guards.push(guard);
  }
  return entries;
}

function isSameGuard(a: readonly Condition[], b: readonly Condition[]): boolean {
  return a.length === b.length && a.every((condition, i) => condition === b[i]);
}

function forgetUnder(
  interpreter: Interpreter,
  guard: readonly Condition[],
  place: Place,
  condition: ArrowFunction,
): void {
  const { context } = interpreter;
  const [first, ...others] = guard;
  if (first !== undefined) {
    context.under(first, () => {
      forgetUnder(interpreter, others, place, condition);
    });
    return;
  }
  const callee = {
    name: "the condition of @Forget",
    node: condition,
    outer: undefined,
    helper: undefined,
    repeated: false,
  };
  const holds = interpreter.observe(
    interpreter.execute(callee, [readPlace(interpreter, place, condition)], condition),
    condition,
  );
  context.under({ term: holds, negated: false, span: context.span(condition.getBody()) }, () => {
    context.forget(place, condition);
  });
}
