import { Node, type Expression } from "ts-morph";
import type { WriteOperation } from "../../model/effect.ts";
import type { Frame } from "./frames.ts";
import type { Interpreter } from "./interpreter.ts";
import { distinct } from "./places.ts";
import { elementKey } from "./properties.ts";
import { replacePart, scramble } from "./localObjects.ts";
import { store } from "./storing.ts";
import { variableSymbol } from "./names.ts";
import { alternatives, data, pieceOf, type Value } from "./values.ts";
import type { Term } from "../../model/term.ts";

/** `target = value`; gives the value. */
export function assignTo(
  interpreter: Interpreter,
  target: Expression,
  value: Value,
  operation: WriteOperation,
  frame: Frame,
  node: Node,
): Value {
  const { context } = interpreter;
  if (Node.isParenthesizedExpression(target) || Node.isNonNullExpression(target) || Node.isAsExpression(target)) {
    return assignTo(interpreter, target.getExpression(), value, operation, frame, node);
  }
  if (Node.isIdentifier(target)) {
    const symbol = variableSymbol(target);
    if (symbol === undefined || frame.lookup(symbol) === undefined) {
      return data(context.giveUp(`an assignment to ${target.getText()}, which is not a local variable`, node));
    }
    if (!frame.declares(symbol)) {
      // Assigned from inside a closure, which may run any number of times: the variable may also keep its value.
      const old = frame.lookup(symbol);
      if (old?.kind !== "data" || value.kind !== "data") {
        return data(context.giveUp(`an assignment to ${target.getText()} from inside a callback`, node));
      }
      const mixed: Term = {
        kind: "mixed",
        inputs: [old.term, value.term],
        why: "assigned in a callback",
        span: context.span(node),
      };
      frame.assign(symbol, data(mixed));
      return value;
    }
    frame.assign(symbol, value);
    return value;
  }
  if (Node.isPropertyAccessExpression(target)) {
    const receiver = interpreter.evaluate(target.getExpression(), frame);
    return assignProperty(interpreter, receiver, { kind: "literal", value: target.getName() }, value, operation, node);
  }
  if (Node.isElementAccessExpression(target)) {
    const receiver = interpreter.evaluate(target.getExpression(), frame);
    return assignProperty(interpreter, receiver, elementKey(interpreter, target, frame), value, operation, node);
  }
  return data(context.giveUp("a destructuring assignment", node));
}

function assignProperty(
  interpreter: Interpreter,
  receiver: Value,
  key: Term,
  value: Value,
  operation: WriteOperation,
  node: Node,
): Value {
  const { context } = interpreter;
  for (const one of distinct(alternatives(receiver))) {
    switch (one.kind) {
      case "this":
        assignField(interpreter, key, value, operation, node);
        break;
      case "state":
        if (one.place.shape.kind === "opaque" || one.place.shape.kind === "set") {
          return data(
            context.giveUp(`a change inside ${one.place.field}, whose type the analysis does not take apart`, node),
          );
        }
        store(interpreter, pieceOf(one.place, key), value, operation, node);
        break;
      case "fresh": {
        for (const place of one.object.storedAt) store(interpreter, pieceOf(place, key), value, operation, node);
        const name = key.kind === "literal" && typeof key.value !== "object" ? String(key.value) : undefined;
        if (name === undefined || (name === "length" && one.object.is === "array"))
          scramble(interpreter, one.object, value, node);
        else
          replacePart(
            interpreter,
            one.object,
            name,
            value,
            alternatives(receiver).length === 1 && context.isOnStraightLine(),
            node,
          );
        break;
      }
      case "data":
        if (one.term.kind === "literal" && (one.term.value === undefined || one.term.value === null)) break;
        return data(context.giveUp("an assignment into a value that is not known to be the node's own state", node));
      case "peers":
      case "ref":
      case "self":
      case "entries":
      case "either":
      case "closure":
      case "facility":
        return data(context.giveUp("an assignment into something that is not state", node));
    }
  }
  return value;
}

function assignField(interpreter: Interpreter, key: Term, value: Value, operation: WriteOperation, node: Node): void {
  const { context } = interpreter;
  const name = key.kind === "literal" && typeof key.value === "string" ? key.value : undefined;
  const facts = name === undefined ? undefined : context.fields.get(name);
  if (name === undefined || facts?.kind !== "state") {
    context.giveUp(
      name === undefined
        ? "an assignment to a computed field of `this`"
        : `an assignment to this.${name}, which is not a field of plain data`,
      node,
    );
    return;
  }
  if (facts.shape.kind === "opaque")
    context.giveUp(`the field ${name}: its type is not one of those that state is made of`, node);
  store(interpreter, { field: name, keys: [], shape: facts.shape }, value, operation, node);
}
