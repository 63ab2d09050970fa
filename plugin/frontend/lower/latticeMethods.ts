import type { CallExpression, Node } from "ts-morph";
import type { Lattice, Shape } from "../../model/protocol.ts";
import type { Term } from "../../model/term.ts";
import type { Interpreter } from "./interpreter.ts";
import { iterate } from "./iteration.ts";
import { readPlace } from "./properties.ts";
import { data, pieceOf, pure, UNDEFINED, type Place, type Value } from "./values.ts";

/**
 * A method call on a lattice of the library: the joins that it is, on the container that the lattice consists of. Nothing
 * here observes more than the author asks for; that `at` finds an entry or makes one, say, is not to be told apart.
 */
export function callOnLattice(
  interpreter: Interpreter,
  place: Place,
  lattice: Lattice,
  method: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  switch (lattice) {
    case "GrowSet":
      return callOnGrowSet(interpreter, place, method, args, call);
    case "MaxReg":
      return callOnMaxReg(interpreter, place, method, args, call);
    case "GrowMap":
      return callOnGrowMap(interpreter, place, method, args, call);
    case "Counter":
      return callOnCounter(interpreter, place, method, args, call);
    case "Tally":
      return callOnTally(interpreter, place, method, args, call);
    case "Once":
      return callOnOnce(interpreter, place, method, args, call);
  }
}

function callOnGrowSet(
  interpreter: Interpreter,
  place: Place,
  method: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  const { context } = interpreter;
  switch (method) {
    case "add":
      context.write(entry(interpreter, place, args[0], call), "add", undefined, call);
      return { kind: "state", place };
    case "has":
      return data(context.read(entry(interpreter, place, args[0], call), "has", call));
    case "merge": {
      const turn = iterate(interpreter, args[0] ?? UNDEFINED, "entries", call);
      const add = (): void => {
        context.inTurn(() => {
          context.write(pieceOf(place, interpreter.observe(turn.item, call)), "add", undefined, call);
        });
      };
      if (turn.fixed) add();
      else context.under({ term: turn.over, negated: false, span: context.span(call) }, add);
      return UNDEFINED;
    }
    default:
      return notKnown(interpreter, "GrowSet", method, call);
  }
}

function callOnMaxReg(
  interpreter: Interpreter,
  place: Place,
  method: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  if (method !== "merge") return notKnown(interpreter, "MaxReg", method, call);
  const [other] = args;
  const value =
    other?.kind === "state" && isMaxReg(other.place.shape) ? readPlace(interpreter, valueOf(other.place), call) : other;
  interpreter.context.write(valueOf(place), "max", interpreter.observe(value ?? UNDEFINED, call), call);
  return UNDEFINED;
}

function isMaxReg(shape: Shape): boolean {
  return shape.kind === "record" && shape.lattice === "MaxReg";
}

function valueOf(register: Place): Place {
  return pieceOf(register, { kind: "literal", value: "value" });
}

function callOnGrowMap(
  interpreter: Interpreter,
  place: Place,
  method: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  const { context } = interpreter;
  switch (method) {
    case "at": {
      const piece = entry(interpreter, place, args[0], call);
      context.write(piece, "putIfAbsent", emptyTerm(piece.shape), call);
      return { kind: "state", place: piece };
    }
    case "get":
      return readPlace(interpreter, entry(interpreter, place, args[0], call), call);
    case "has":
      return data(context.read(entry(interpreter, place, args[0], call), "has", call));
    case "keys":
      return { kind: "entries", place, what: "keys" };
    default:
      return notKnown(interpreter, "GrowMap", method, call);
  }
}

/** What a lattice starts as: the same for each key. */
function emptyTerm(shape: Shape): Term {
  return shape.kind === "record"
    ? { kind: "record", spreads: [], fields: { value: pure("the start", []) } }
    : pure(shape.kind, []);
}

function callOnCounter(
  interpreter: Interpreter,
  place: Place,
  method: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  const { context } = interpreter;
  const source = entry(interpreter, place, args[0], call);
  switch (method) {
    case "add": {
      const amount = args[1] ?? data({ kind: "literal", value: 1 });
      context.write(source, "max", interpreter.observe(amount, call), call);
      return UNDEFINED;
    }
    case "of":
      return data(pure("??", [context.read(source, "value", call), { kind: "literal", value: 0 }]));
    default:
      return notKnown(interpreter, "Counter", method, call);
  }
}

function callOnTally(
  interpreter: Interpreter,
  place: Place,
  method: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  const { context } = interpreter;
  const [, second] = args;
  const sources = entry(interpreter, place, args[0], call);
  switch (method) {
    case "add":
      context.write(entry(interpreter, sources, second, call), "add", undefined, call);
      return UNDEFINED;
    case "has":
      return data(
        context.read(second === undefined ? sources : entry(interpreter, sources, second, call), "has", call),
      );
    case "count":
      return data(context.read(sources, "size", call));
    case "reached": {
      const size = context.read(sources, "size", call);
      return data(pure(">=", [size, interpreter.observe(second ?? UNDEFINED, call)]));
    }
    default:
      return notKnown(interpreter, "Tally", method, call);
  }
}

function callOnOnce(
  interpreter: Interpreter,
  place: Place,
  method: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  const { context } = interpreter;
  const done = entry(interpreter, place, args[0], call);
  switch (method) {
    case "has":
      return data(context.read(done, "has", call));
    case "do": {
      const [, act] = args;
      if (act?.kind !== "closure") return data(context.giveUp("do with a function that is not written here", call));
      const isDone = context.read(done, "has", call);
      const before = act.frame.save();
      context.under({ term: isDone, negated: true, span: context.span(call) }, () => {
        context.write(done, "add", undefined, call);
        const callee = {
          name: "what is done once",
          node: act.node,
          outer: act.frame,
          helper: undefined,
          repeated: true,
        };
        interpreter.execute(callee, [], call);
      });
      act.frame.merge(isDone, before, act.frame.save());
      return UNDEFINED;
    }
    default:
      return notKnown(interpreter, "Once", method, call);
  }
}

function entry(interpreter: Interpreter, place: Place, key: Value | undefined, node: Node): Place {
  return pieceOf(place, interpreter.observe(key ?? UNDEFINED, node));
}

/** `merge` of two lattices of a node, that is: there is no way for another node's to get here. */
function notKnown({ context }: Interpreter, lattice: Lattice, method: string, call: CallExpression): Value {
  return data(context.giveUp(`the method ${method} of a ${lattice} inside a handler`, call));
}
