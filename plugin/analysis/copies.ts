/** A statement that leaves works on copies of what it uses: what was one object, or a part of another, may be two there. */
import type { LocalUse, Operand } from "../model/effect.ts";
import type { Handler } from "../model/protocol.ts";
import { findColumn } from "./keys/keyTerms.ts";

/** Whether objects which were one, or shared a part, may arrive as several. */
export function severalObjects(handler: Handler, uses: readonly LocalUse[], operands: readonly Operand[]): boolean {
  const objects = [
    ...uses.flatMap((use) => objectsOf(handler, use)),
    ...operands.filter(({ type }) => !isScalarType(type)).map(() => ({ isReceived: true })),
  ];
  // Within one object that was received nothing is shared: it was decoded from bytes before.
  return objects.length > 1 || objects.some(({ isReceived }) => !isReceived);
}

function objectsOf(handler: Handler, use: LocalUse): readonly { readonly isReceived: boolean }[] {
  const path = use.binding === "payload" ? [] : use.term?.kind === "payload" ? use.term.path : undefined;
  if (use.columns === undefined) return isScalarType(use.type) ? [] : [{ isReceived: path !== undefined }];
  const isObject = (column: string): boolean =>
    path === undefined || findColumn(handler, [...path, column])?.keyable !== true;
  return use.columns.filter(isObject).map(() => ({ isReceived: path !== undefined }));
}

/** Whether a value holds no object but such as arrived in the handler's message, and was frozen before already. */
export function isReceivedWhole(handler: Handler, use: LocalUse): boolean {
  return objectsOf(handler, use).every(({ isReceived }) => isReceived);
}

export function isScalarType(type: string): boolean {
  return /^(?:\s|\||string\b|number\b|bigint\b|boolean\b|true\b|false\b|null\b|undefined\b|"[^"]*"|-?\d+n?)*$/.test(
    type,
  );
}
