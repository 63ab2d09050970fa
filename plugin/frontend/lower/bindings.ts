import { Node, type BindingName } from "ts-morph";
import { sameTerm } from "../../model/term.ts";
import type { Frame } from "./frames.ts";
import type { Interpreter } from "./interpreter.ts";
import { iterate } from "./iteration.ts";
import { readElement, readProperty } from "./properties.ts";
import { alternatives, data, either, termOf, UNDEFINED, type Value } from "./values.ts";

/** Declares the names of a pattern: `x`, `{ a, b: { c } }`, `[first, ...rest]`, with defaults. */
export function bindPattern(interpreter: Interpreter, pattern: BindingName, value: Value, frame: Frame): void {
  if (Node.isIdentifier(pattern)) {
    const symbol = pattern.getSymbol();
    if (symbol !== undefined) frame.declare(symbol.compilerSymbol, value);
    return;
  }
  if (Node.isObjectBindingPattern(pattern)) {
    for (const element of pattern.getElements()) {
      // What is left of a value after some properties were taken has the others: the rest stands for the whole.
      const part =
        element.getDotDotDotToken() !== undefined
          ? value
          : propertyOf(interpreter, value, element.getPropertyNameNode() ?? element.getNameNode(), frame);
      bindPattern(
        interpreter,
        element.getNameNode(),
        withDefault(interpreter, part, element.getInitializer(), frame),
        frame,
      );
    }
    return;
  }
  pattern.getElements().forEach((element, i) => {
    if (!Node.isBindingElement(element)) return;
    const part =
      element.getDotDotDotToken() !== undefined
        ? data({ kind: "pure", name: "rest", args: [interpreter.observe(value, element)], injective: false })
        : elementOf(interpreter, value, i, element);
    bindPattern(
      interpreter,
      element.getNameNode(),
      withDefault(interpreter, part, element.getInitializer(), frame),
      frame,
    );
  });
}

function propertyOf(interpreter: Interpreter, value: Value, name: Node, frame: Frame): Value {
  if (Node.isIdentifier(name)) return readProperty(interpreter, value, name.getText(), name);
  if (Node.isStringLiteral(name)) return readProperty(interpreter, value, name.getLiteralText(), name);
  if (Node.isComputedPropertyName(name)) {
    const key = interpreter.observe(interpreter.evaluate(name.getExpression(), frame), name);
    return readElement(interpreter, value, key, name);
  }
  return data(interpreter.context.giveUp("this destructuring", name));
}

/** Arrays are taken apart by position; a map or a set only in the order in which it came to be. */
function elementOf(interpreter: Interpreter, value: Value, index: number, node: Node): Value {
  if (!alternatives(value).some(hasNoPositions))
    return readElement(interpreter, value, { kind: "literal", value: index }, node);
  const { item, over } = iterate(interpreter, value, "order", node);
  return either(over, [item, UNDEFINED]);
}

function hasNoPositions(value: Value): boolean {
  switch (value.kind) {
    case "state":
      return value.place.shape.kind === "map" || value.place.shape.kind === "set";
    case "fresh":
      return (
        value.object.is === "map" ||
        value.object.is === "set" ||
        value.object.storedAt.some((place) => place.shape.kind !== "array")
      );
    case "entries":
    case "peers":
      return true;
    case "either":
    case "data":
    case "ref":
    case "self":
    case "facility":
    case "this":
    case "closure":
      return false;
  }
}

function withDefault(
  interpreter: Interpreter,
  value: Value,
  initializer: Parameters<Interpreter["evaluate"]>[0] | undefined,
  frame: Frame,
): Value {
  return initializer === undefined ? value : either(undefined, [value, interpreter.evaluate(initializer, frame)]);
}

/** The names that a pattern declares. */
export function namesOf(pattern: BindingName): readonly string[] {
  if (Node.isIdentifier(pattern)) return [pattern.getText()];
  const elements: readonly Node[] = pattern.getElements();
  return elements.flatMap((element) => (Node.isBindingElement(element) ? namesOf(element.getNameNode()) : []));
}

/** Whether a value is certainly the same data as before. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (alternatives(a).some((one) => one.kind !== "data") || alternatives(b).some((one) => one.kind !== "data"))
    return false;
  return sameTerm(termOf(a), termOf(b));
}

/** The value of a parameter for which the caller gave no argument. */
export function argumentOr(args: readonly Value[], index: number): Value {
  return args[index] ?? UNDEFINED;
}
