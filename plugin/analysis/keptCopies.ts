/**
 * What arrives in a message is frozen, and shares nothing. So an object that the handler made, or read from state, must
 * not be kept where the statement goes to: there it could not be changed any more.
 */
import type { LocalUse, Operand, Region, WriteEffect } from "../model/effect.ts";
import type { Role, Shape } from "../model/protocol.ts";
import { contains, type Span } from "../model/span.ts";
import { writtenKey, type Term } from "../model/term.ts";
import type { CutObstacle, Surroundings } from "./cut.ts";
import { isReceivedWhole, isScalarType } from "./copies.ts";
import { occursIn } from "./occurrences.ts";

/** A write inside `region` that may keep one of these values, if it is an object that is not part of a message. */
export function findKeptCopy(
  around: Surroundings,
  region: Region,
  uses: readonly LocalUse[],
  ahead: readonly Operand[],
): CutObstacle | undefined {
  const names = uses.filter((use) => !isReceivedWhole(around.handler, use)).map(({ name }) => name);
  const spans = ahead.filter(({ type }) => !isScalarType(type)).map(({ span }) => span);
  if (names.length + spans.length === 0) return undefined;
  const reached = [...names];
  const mentions = (span: Span): string | undefined => {
    const text = around.text(span) ?? "";
    const name = reached.find((one) => occursIn(text, one));
    const operand = spans.find((one) => contains(span, one));
    return name ?? (operand === undefined ? undefined : around.text(operand));
  };
  for (const { span, declares } of declarationsIn(region)) if (mentions(span) !== undefined) reached.push(...declares);
  for (const effect of around.body.effects) {
    if (effect.kind !== "write" || !region.effects.includes(effect.id) || !keepsObject(around.role, effect)) continue;
    const name = mentions(effect.span);
    if (name !== undefined) return { kind: "kept-copy", name, effect, region };
  }
  return undefined;
}

function declarationsIn(region: Region): readonly Region[] {
  return [...(region.declares.length > 0 ? [region] : []), ...region.children.flatMap(declarationsIn)];
}

/** Whether what is written may be an object. */
function keepsObject(role: Role, { cell, value }: WriteEffect): boolean {
  const field = role.fields.find(({ name }) => name === cell.field);
  if (value === undefined) return false;
  const shape = field?.is.kind === "state" ? cell.keys.reduce(pieceOf, field.is.shape) : undefined;
  return shape?.kind !== "scalar";
}

function pieceOf(shape: Shape | undefined, key: Term): Shape | undefined {
  switch (shape?.kind) {
    case "map":
    case "array":
      return shape.value;
    case "record":
      return shape.fields[writtenKey(key) ?? ""];
    case "set":
      return { kind: "scalar" };
    case "scalar":
    case "opaque":
    case undefined:
      return undefined;
  }
}
