/**
 * Forwards that do nothing at the receiver: all of a fragment stands under `x > this.max`, which it then sets to `x` on no
 * other condition, and nothing else in the role lowers that. Once `x` has been applied, the maximum is `x` or more whatever
 * else was so at the time, and the test fails for everything that is not above it.
 */
import { isNeverNaN } from "../analysis/orderSensitivity/notANumber.ts";
import { placesOf } from "../analysis/regionReads.ts";
import type { Forward } from "../model/component.ts";
import type { Condition, Effect, Region, WriteEffect } from "../model/effect.ts";
import { findHandler, type Role } from "../model/protocol.ts";
import { contains } from "../model/span.ts";
import { sameTerm, type Cell, type Term } from "../model/term.ts";
import type { Split, SplitCut } from "./split.ts";

/** What has to exceed all that was applied before, as it travels; undefined when every forward may matter. */
export function boundOf(role: Role, { receiver }: Split, { name, cut }: SplitCut): Forward["above"] {
  const effects = findHandler(receiver.role, name)?.body?.effects ?? [];
  const [first] = effects;
  const tests = first?.guard.flatMap((condition) => maxTestOf(condition) ?? []) ?? [];
  const test = tests.find(
    (one) =>
      effects.every(({ guard }) => guard.some((condition) => isSameTest(maxTestOf(condition), one))) &&
      effects.some(
        (effect) => effect.kind === "write" && raisesTo(effect, one) && isUnconditional(effect, one, cut.region),
      ) &&
      onlyGrows(role, one.cell),
  );
  return test === undefined ? undefined : travelling(cut.live, test.value);
}

/** Whether nothing inside the fragment but the test decides on the write. What stays outside held when it was forwarded. */
function isUnconditional({ guard }: WriteEffect, test: MaxTest, region: Region): boolean {
  const places = placesOf(region);
  const isInside = ({ span }: Condition): boolean => places.some((place) => contains(place, span));
  return guard.every((condition) => !isInside(condition) || isSameTest(maxTestOf(condition), test));
}

interface MaxTest {
  readonly value: Term;
  readonly cell: Cell;
}

function maxTestOf({ term, negated }: Condition): MaxTest | undefined {
  if (term.kind !== "pure" || term.args.length !== 2) return undefined;
  const [left, right] = term.args;
  if (left === undefined || right === undefined) return undefined;
  const name = negated ? (NEGATED[term.name] ?? "") : term.name;
  const [value, read] = name === ">" ? [left, right] : name === "<" ? [right, left] : [undefined, undefined];
  if (value === undefined || read.kind !== "read") return undefined;
  // `if (x <= this.max) return; this.max = x;` takes NaN, and after that anything: then the maximum has not only grown.
  if (negated && !isNeverNaN(value)) return undefined;
  const { cell } = read;
  return cell.keys.length === 0 && cell.aspect === "value" ? { value, cell } : undefined;
}

const NEGATED: { readonly [name: string]: string } = { "<=": ">", ">=": "<" };

function isSameTest(one: MaxTest | undefined, other: MaxTest): boolean {
  return one !== undefined && one.cell.field === other.cell.field && sameTerm(one.value, other.value);
}

function raisesTo({ cell, value, operation }: WriteEffect, test: MaxTest): boolean {
  return (
    cell.field === test.cell.field &&
    cell.keys.length === 0 &&
    (operation === "max" || operation === "set") &&
    value !== undefined &&
    sameTerm(value, test.value)
  );
}

function onlyGrows(role: Role, { field }: Cell): boolean {
  const writes = role.handlers.flatMap(({ body }) => body?.effects ?? []).filter(isWriteOf(field));
  return writes.every(
    (write) =>
      write.operation === "max" ||
      write.guard.some((condition) => {
        const test = maxTestOf(condition);
        return test !== undefined && raisesTo(write, test);
      }),
  );
}

function isWriteOf(field: string): (effect: Effect) => effect is WriteEffect {
  return (effect): effect is WriteEffect => effect.kind === "write" && effect.cell.field === field;
}

function travelling(live: SplitCut["cut"]["live"], value: Term): Forward["above"] {
  for (const { name, binding, term, columns } of live) {
    if (term !== undefined && sameTerm(term, value)) return { name, path: [] };
    const prefix = term?.kind === "payload" ? term.path : binding === "payload" ? [] : undefined;
    if (prefix === undefined || value.kind !== "payload") continue;
    const rest = value.path.slice(prefix.length);
    const isPart = prefix.every((part, i) => part === value.path[i]);
    if (isPart && (columns === undefined || columns.includes(rest[0] ?? ""))) return { name, path: rest };
  }
  return undefined;
}
