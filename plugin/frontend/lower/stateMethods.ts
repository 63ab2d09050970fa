import { Node, type CallExpression } from "ts-morph";
import type { Term } from "../../model/term.ts";
import { callPerElement, callPerKey } from "./callbacks.ts";
import type { Interpreter } from "./interpreter.ts";
import { callOnLattice } from "./latticeMethods.ts";
import { readPlace } from "./properties.ts";
import { store } from "./storing.ts";
import { ARRAY_MAKING, REARRANGING_METHODS } from "./libraries.ts";
import { data, fresh, freshArray, pieceOf, pure, UNDEFINED, type Place, type Value } from "./values.ts";

/** A method call on a container of the state: what it observes and changes, by the container's shape. */
export function callOnState(
  interpreter: Interpreter,
  place: Place,
  method: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  if ("lattice" in place.shape) return callOnLattice(interpreter, place, place.shape.lattice, method, args, call);
  switch (place.shape.kind) {
    case "map":
      return callOnMap(interpreter, place, method, args, call);
    case "set":
      return callOnSet(interpreter, place, method, args, call);
    case "array":
      return callOnArray(interpreter, place, method, args, call);
    case "opaque":
      if (isOpaqueField(interpreter, place))
        return data({ kind: "unknown", why: `inside ${place.field}`, span: interpreter.context.span(call) });
      return data(
        interpreter.context.giveUp(
          `the method ${method} of an object in ${place.field}, which is not a Map, a Set or an array`,
          call,
        ),
      );
    case "record":
    case "scalar":
      return data(
        interpreter.context.giveUp(
          `the method ${method} of ${place.field}, which is not a Map, a Set or an array`,
          call,
        ),
      );
  }
}

/** Such a field as a whole is not understood, which reading it has said. */
function isOpaqueField({ context }: Interpreter, { field }: Place): boolean {
  const facts = context.fields.get(field);
  return facts?.kind === "state" && facts.shape.kind === "opaque";
}

function callOnMap(
  interpreter: Interpreter,
  place: Place,
  method: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  const { context } = interpreter;
  const key = (): Term => keyOf(interpreter, args[0], call);
  switch (method) {
    case "get":
      return readPlace(interpreter, pieceOf(place, key()), call);
    case "has":
      return data(context.read(pieceOf(place, key()), "has", call));
    case "set":
      store(interpreter, pieceOf(place, key()), args[1] ?? UNDEFINED, "set", call);
      return { kind: "state", place };
    case "delete": {
      const piece = pieceOf(place, key());
      const existed = isUsed(call) ? data(context.read(piece, "has", call)) : UNDEFINED;
      context.write(piece, "delete", undefined, call);
      return existed;
    }
    case "clear":
      context.write(place, "clear", undefined, call);
      return UNDEFINED;
    case "keys":
    case "values":
    case "entries":
      return { kind: "entries", place, what: method };
    case "forEach":
      return callPerKey(interpreter, place, args, call);
    default:
      return data(context.giveUp(`the method ${method} of a Map in the state`, call));
  }
}

function callOnSet(
  interpreter: Interpreter,
  place: Place,
  method: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  const { context } = interpreter;
  const piece = (): Place => pieceOf(place, keyOf(interpreter, args[0], call));
  switch (method) {
    case "add":
      context.write(piece(), "add", undefined, call);
      return { kind: "state", place };
    case "has":
      return data(context.read(piece(), "has", call));
    case "delete": {
      const element = piece();
      const existed = isUsed(call) ? data(context.read(element, "has", call)) : UNDEFINED;
      context.write(element, "delete", undefined, call);
      return existed;
    }
    case "clear":
      context.write(place, "clear", undefined, call);
      return UNDEFINED;
    case "keys":
    case "values":
    case "entries":
      return { kind: "entries", place, what: "keys" };
    case "forEach":
      return callPerKey(interpreter, place, args, call);
    default:
      return data(context.giveUp(`the method ${method} of a Set in the state`, call));
  }
}

const READING_ARRAY_METHODS = new Set([
  "at",
  "concat",
  "entries",
  "includes",
  "indexOf",
  "join",
  "keys",
  "lastIndexOf",
  "slice",
  "toReversed",
  "toSpliced",
  "values",
  "flat",
]);

function callOnArray(
  interpreter: Interpreter,
  place: Place,
  method: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  const { context } = interpreter;
  if (method === "push") {
    const size = context.read(place, "size", call);
    const end = pieceOf(place, pure("end", [size]));
    for (const arg of args) store(interpreter, end, arg, "append", call);
    return data(pure("+", [size, { kind: "literal", value: args.length }]));
  }
  if (REARRANGING_METHODS.has(method)) {
    const observed = context.read(place, "order", call);
    for (const arg of args)
      if (arg.kind !== "closure")
        store(interpreter, pieceOf(place, pure("somewhere", [observed])), arg, "append", call);
    context.write(place, "clear", observed, call);
    if (method === "sort" || method === "reverse" || method === "fill" || method === "copyWithin")
      return { kind: "state", place };
    if (method === "splice") return takenOut(interpreter, place, observed);
    return elementOf(interpreter, place, observed);
  }
  if (method === "at") {
    context.read(place, "size", call);
    return readPlace(interpreter, pieceOf(place, keyOf(interpreter, args[0], call)), call);
  }
  if (READING_ARRAY_METHODS.has(method)) {
    const terms = args.map((arg) => interpreter.observe(arg, call));
    const result = pure(`.${method}`, [context.read(place, "order", call), ...terms]);
    return ARRAY_MAKING.has(method) ? freshArray(result, interpreter.context.currentGuard()) : data(result);
  }
  return callPerElement(interpreter, { kind: "entries", place, what: "values" }, method, args, call);
}

/** What was taken out of an array: data is data, a container is still a container of the state, whichever it was. */
function elementOf(interpreter: Interpreter, place: Place, observed: Term): Value {
  const piece = pieceOf(place, { kind: "element", loop: interpreter.context.nextLoop(), of: observed });
  return piece.shape.kind === "scalar" ? data(pure("element", [observed])) : { kind: "state", place: piece };
}

/** A list of what `splice` took out. */
function takenOut(interpreter: Interpreter, place: Place, observed: Term): Value {
  const element = elementOf(interpreter, place, observed);
  if (element.kind === "data") return freshArray(pure(".splice", [observed]), interpreter.context.currentGuard());
  const object = fresh("array");
  object.parts.push({ key: undefined, value: element });
  return { kind: "fresh", object };
}

function keyOf(interpreter: Interpreter, key: Value | undefined, call: CallExpression): Term {
  return interpreter.observe(key ?? UNDEFINED, call);
}

function isUsed(call: CallExpression): boolean {
  return !Node.isExpressionStatement(call.getParent());
}
