import type { CallExpression } from "ts-morph";
import type { Term } from "../../model/term.ts";
import { callPerElement } from "./callbacks.ts";
import type { Interpreter } from "./interpreter.ts";
import {
  ARRAY_MAKING,
  CALLBACK_METHODS,
  CHANGING_METHODS,
  IMPURE_METHODS,
  REARRANGING_METHODS,
  THROWING,
} from "./libraries.ts";
import { callOnState } from "./stateMethods.ts";
import { data, either, freshArray, pieceOf, pure, termOf, UNDEFINED, when, type Fresh, type Value } from "./values.ts";
import { readPlace } from "./properties.ts";
import { scramble, shuffle } from "./localObjects.ts";

/** What a sorted list is sorted by. */
function comparisonOf(sorted: Term): Term {
  const [list] = sorted.kind === "pure" ? sorted.args : [];
  const comparison = list?.kind === "pure" ? list.args[1] : undefined;
  return comparison ?? { kind: "literal", value: undefined };
}

/** A method of a container that this activation made: of the state, too, once it is stored there. */
export function callOnFresh(
  interpreter: Interpreter,
  object: Fresh,
  method: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  const { context } = interpreter;
  if (CHANGING_METHODS.has(method)) context.change(object);
  const conditions = context.conditionsSince(object);
  const isSorting = method === "sort" && object.is === "array" && conditions.length === 0;
  if (isSorting) shuffle(object);
  else if (REARRANGING_METHODS.has(method) && object.is === "array") scramble(interpreter, object, undefined, call);
  const results = object.storedAt.map((place) => callOnState(interpreter, place, method, args, call));
  const self: Value = { kind: "fresh", object };
  const term = (value: Value | undefined): Term => interpreter.observe(value ?? UNDEFINED, call);
  switch (method) {
    case "add":
    case "push":
      for (const value of args) object.parts.push({ key: undefined, value, when: conditions });
      return method === "add" ? self : data(pure(".push", [termOf(self)]));
    case "set":
      object.parts.push({ key: term(args[0]), value: args[1] ?? UNDEFINED, when: conditions });
      return self;
    case "get":
    case "at": {
      const [stored] = object.storedAt;
      if (stored !== undefined) return readPlace(interpreter, pieceOf(stored, term(args[0])), call);
      const parts = object.parts.map((part) => part.value).concat([...object.fields.values()]);
      if (parts.every((part) => part.kind === "data")) return data(pure(`.${method}`, [termOf(self), term(args[0])]));
      return either(pure(`.${method}`, [term(args[0])]), [...parts, UNDEFINED]);
    }
    case "pop":
    case "shift": {
      const parts = object.parts.map((part) => part.value);
      if (results.length > 0 || object.spreads.length > 0 || parts.every(({ kind }) => kind === "data")) break;
      return either(pure(`.${method}`, [termOf(self)]), [...parts, UNDEFINED]); // which may still be there, too
    }
    case "keys":
    case "values":
    case "entries":
      if (object.parts.some((part) => part.value.kind !== "data")) break;
      return results[0] ?? data(pure(`.${method}`, [termOf(self)]));
    default:
      break;
  }
  if (results[0] !== undefined) return results[0];
  if (CALLBACK_METHODS.has(method)) {
    const result = callPerElement(interpreter, self, method, args, call);
    if (isSorting) object.sortedBy = comparisonOf(termOf(result));
    return method === "sort" ? self : result;
  }
  if (
    [...object.fields.values(), ...object.parts.map((p) => p.value)].some(
      (part) => part.kind === "state" || part.kind === "fresh",
    )
  ) {
    return data(context.giveUp(`the method ${method} of a local collection of containers`, call));
  }
  if (THROWING.has(method)) context.mayThrow(`${method} throws for some arguments`, call);
  if (IMPURE_METHODS.has(method)) return data(context.giveUp(`the method ${method}`, call));
  const outcome = pure(`.${method}`, [termOf(self), ...args.map((arg) => interpreter.observe(arg, call))]);
  const result = ARRAY_MAKING.has(method) ? freshArray(outcome, context.currentGuard()) : data(outcome);
  if (CHANGING_METHODS.has(method)) {
    const changedBy = args.length === 0 && conditions.length > 0 ? [UNDEFINED] : args;
    object.spreads.push(...changedBy.map((arg) => when(interpreter.observe(arg, call), conditions)));
    return method === "reverse" || method === "fill" ? self : result;
  }
  return result;
}
