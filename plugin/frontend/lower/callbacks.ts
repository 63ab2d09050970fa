import type { CallExpression } from "ts-morph";
import type { Term } from "../../model/term.ts";
import type { Interpreter } from "./interpreter.ts";
import { iterate, type Iteration } from "./iteration.ts";
import { isScalar } from "./shapes.ts";
import { ARRAY_MAKING, CALLBACK_METHODS } from "./libraries.ts";
import { data, either, fresh, freshArray, pure, UNDEFINED, type Fresh, type Place, type Value } from "./values.ts";

/** Predicates whose result does not depend on the order in which elements are asked. */
const ORDER_FREE = new Set(["some", "every"]);

/** `forEach` of a `Map` or a `Set`, whose callback gets a value and its key, not an entry and its index. */
export function callPerKey(
  interpreter: Interpreter,
  place: Place,
  args: readonly Value[],
  call: CallExpression,
): Value {
  const { context } = interpreter;
  const [callback] = args;
  if (callback?.kind !== "closure")
    return data(context.giveUp("forEach with a function that is not written here", call));
  const turn = iterate(
    interpreter,
    { kind: "entries", place, what: place.shape.kind === "map" ? "entries" : "keys" },
    "order",
    call,
  );
  const [value, key] =
    turn.item.kind === "fresh"
      ? [turn.item.object.fields.get("1"), turn.item.object.fields.get("0")]
      : [turn.item, turn.item];
  const parameters = [value ?? UNDEFINED, key ?? UNDEFINED, { kind: "state", place } as const];
  const callee = {
    name: "the callback of forEach",
    node: callback.node,
    outer: callback.frame,
    helper: undefined,
    repeated: true,
  };
  const run = (): Value =>
    context.under({ term: turn.over, negated: false, span: context.span(call) }, () =>
      context.inTurn(() => interpreter.execute(callee, parameters, call)),
    );
  rehearse(interpreter, run);
  run();
  return UNDEFINED;
}

/** A method that calls a function for the elements of a collection: `forEach`, `map`, `every`, `reduce` and so on. */
export function callPerElement(
  interpreter: Interpreter,
  collection: Value,
  method: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  const { context } = interpreter;
  const [callback, ...others] = args;
  if (!CALLBACK_METHODS.has(method)) return data(context.giveUp(`the method ${method}`, call));
  if (callback?.kind !== "closure") {
    if (method !== "sort" && method !== "toSorted" && method !== "from") {
      return data(context.giveUp(`${method} with a function that is not written here`, call));
    }
    return freshArray(
      pure(`.${method}`, [iterate(interpreter, collection, "order", call).over]),
      context.currentGuard(),
    );
  }
  const turn = iterate(interpreter, collection, ORDER_FREE.has(method) ? "entries" : "order", call);
  const run = (parameters: readonly Value[]): Value =>
    context.inTurn(() =>
      interpreter.execute(
        {
          name: `the callback of ${method}`,
          node: callback.node,
          outer: callback.frame,
          helper: undefined,
          repeated: true,
        },
        parameters,
        call,
      ),
    );
  const perElement = (parameters: readonly Value[]): Value =>
    turn.fixed
      ? run(parameters)
      : context.under({ term: turn.over, negated: false, span: context.span(call) }, () => run(parameters));

  const index = data(pure("index", [turn.over]));
  const isFold = method === "reduce" || method === "reduceRight";
  rehearse(interpreter, () =>
    perElement([turn.item, isFold ? turn.item : index, ...(isFold ? [index] : []), collection]),
  );

  if (isFold) {
    if (!isScalar(call.getType())) context.mayThrow("what is accumulated may nest deeper than messages may", call);
    if (others[0] === undefined) context.mayThrow(`${method} of nothing throws without a value to begin with`, call);
    const initial = others[0] === undefined ? data(turn.over) : others[0];
    const start = interpreter.observe(initial, call);
    const mark = context.mark();
    const once = interpreter.observe(perElement([data(pure("so far", [start])), turn.item, index, collection]), call);
    context.rewind(mark);
    const sofar = data({
      kind: "mixed",
      inputs: [start, once, turn.over],
      why: "accumulated",
      span: context.span(call),
    } satisfies Term);
    const result = interpreter.observe(perElement([sofar, turn.item, index, collection]), call);
    return data(pure(`.${method}`, [turn.over, start, result]));
  }
  if (method === "sort" || method === "toSorted") {
    const result = interpreter.observe(perElement(compared(interpreter, collection, turn)), call);
    return freshArray(pure(`.${method}`, [turn.over, result]), context.currentGuard());
  }
  const result = perElement([turn.item, index, collection]);
  if (method === "forEach") return UNDEFINED;
  if (method === "find" || method === "findLast") {
    interpreter.observe(result, call);
    return turn.item.kind === "data"
      ? data(pure(`.${method}`, [turn.over, interpreter.observe(result, call)]))
      : turn.item;
  }
  const term = pure(`.${method}`, [turn.over, interpreter.observe(result, call)]);
  if (method === "filter" && turn.item.kind !== "data") {
    // What is kept are the elements themselves, not copies: nodes stay nodes, containers of the state stay that.
    const kept = fresh("array", context.currentGuard());
    kept.parts.push({ key: undefined, value: either(term, [turn.item, UNDEFINED]) });
    return { kind: "fresh", object: kept };
  }
  return ARRAY_MAKING.has(method) ? freshArray(term, context.currentGuard()) : data(term);
}

/** Two elements, told apart, where what a comparison sees of them are copies. */
function compared({ context }: Interpreter, collection: Value, { item, over }: Iteration): readonly [Value, Value] {
  const one = (): Value => data({ kind: "element", loop: context.nextLoop(), of: over });
  const areCopies =
    item.kind === "data"
      ? item.term.kind === "element" && item.term.of === over
      : collection.kind === "fresh" && isPlain(collection.object);
  return areCopies ? [one(), one()] : [item, item];
}

/** Whether nothing that is reachable from an object is part of the state. */
function isPlain({ fields, parts, sharedWith, storedAt }: Fresh): boolean {
  const members = [...fields.values(), ...parts.map((part) => part.value)];
  return (
    sharedWith.length === 0 &&
    storedAt.length === 0 &&
    members.every((member) => member.kind === "data" || (member.kind === "fresh" && isPlain(member.object)))
  );
}

/**
 * Variables and local objects outside that a callback changes carry values from turn to turn: one turn for nothing, so
 * that they are mixed in the turn that counts.
 */
function rehearse({ context }: Interpreter, turn: () => Value): void {
  const mark = context.mark();
  turn();
  context.rewind(mark);
}
