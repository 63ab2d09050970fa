/**
 * A statement that leaves works on copies of what it uses. That makes no difference unless it changes an object that the
 * rest of the handler sees too, or asks whether two objects are the same one.
 */
import type { LocalUse, Operand } from "../model/effect.ts";
import type { Handler } from "../model/protocol.ts";
import { findColumn } from "./keyTerms.ts";
import { comparesIn, escapesIn, isChangedIn } from "./occurrences.ts";

/** A local name whose object the statement changes, or hands to somebody who may change it; undefined when there is none. */
export function changedLocal(text: string, uses: readonly LocalUse[], messages: readonly string[]): string | undefined {
  const locals = uses.filter((use) => use.binding === "variable" && !isScalar(use.type));
  return locals.find((use) => isChangedIn(text, use.name) || (isOwn(use) && escapesIn(text, use.name, messages)))?.name;
}

/** Whether it may matter to the statement that objects which were one, or shared a part, arrive as several. */
export function dependsOnIdentity(
  handler: Handler,
  text: string,
  uses: readonly LocalUse[],
  operands: readonly Operand[],
): boolean {
  const objects = [
    ...uses.flatMap((use) => objectsOf(handler, use)),
    ...operands.filter(({ type }) => !isScalar(type)).map(() => ({ isReceived: true })),
  ];
  // Within one object that was received nothing is shared: it was decoded from bytes before.
  return (objects.length > 1 || objects.some(({ isReceived }) => !isReceived)) && comparesIn(text);
}

function objectsOf(handler: Handler, use: LocalUse): readonly { readonly isReceived: boolean }[] {
  const path = use.binding === "payload" ? [] : use.term?.kind === "payload" ? use.term.path : undefined;
  if (use.columns === undefined) return isScalar(use.type) ? [] : [{ isReceived: path !== undefined }];
  const isObject = (column: string): boolean =>
    path === undefined || findColumn(handler, [...path, column])?.keyable !== true;
  return use.columns.filter(isObject).map(() => ({ isReceived: path !== undefined }));
}

/** Whether the handler may have made the object itself. Changes to pieces of the state are effects, payloads are frozen. */
function isOwn({ term }: LocalUse): boolean {
  return term?.kind !== "payload" && term?.kind !== "read" && term?.kind !== "element";
}

function isScalar(type: string): boolean {
  return /^(?:\s|\||string\b|number\b|bigint\b|boolean\b|true\b|false\b|null\b|undefined\b|"[^"]*"|-?\d+n?)*$/.test(
    type,
  );
}
