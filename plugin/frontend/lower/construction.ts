import { Node, type Expression, type NewExpression } from "ts-morph";
import type { Frame } from "./frames.ts";
import type { Interpreter } from "./interpreter.ts";
import { IMPURE_GLOBALS, isLanguageLibrary } from "./libraries.ts";
import { declarationOf } from "./names.ts";
import { alternatives, data, fresh, pieceOf, pure, type Value } from "./values.ts";

/** `new Map()`, `new Set(values)`, `new Uint8Array(n)`, `new Error(text)`. */
export function evaluateNew(interpreter: Interpreter, node: NewExpression, frame: Frame): Value {
  const { context } = interpreter;
  const callee = node.getExpression();
  const name = callee.getText();
  const args = node.getArguments().map((arg) => interpreter.evaluate(arg as Expression, frame));
  const declaration = Node.isIdentifier(callee) ? declarationOf(callee) : undefined;
  if (declaration === undefined || !isLanguageLibrary(declaration)) {
    return data(context.giveUp(`\`new ${name}\`: state and payloads are plain data`, node));
  }
  switch (name) {
    case "Map":
    case "Set":
    case "Array": {
      const object = fresh(name === "Map" ? "map" : name === "Set" ? "set" : "array", context.currentGuard());
      if (args[0] !== undefined && holdsContainers(args[0])) {
        return data(context.giveUp(`a new ${name} of containers that exist already`, node));
      }
      for (const arg of args) object.spreads.push(interpreter.observe(arg, node));
      if (name === "Array") context.mayThrow("`new Array(n)` throws for some n", node);
      return { kind: "fresh", object };
    }
    default: {
      if (IMPURE_GLOBALS.has(name)) return data(context.giveUp(`\`new ${name}\``, node));
      if (name.endsWith("Array") || name === "ArrayBuffer" || name === "DataView") {
        context.mayThrow(`\`new ${name}\` throws for some lengths`, node);
      }
      return data(
        pure(
          `new ${name}`,
          args.map((arg) => interpreter.observe(arg, node)),
        ),
      );
    }
  }
}

function holdsContainers(value: Value): boolean {
  return alternatives(value).some(
    (one) =>
      (one.kind === "entries" &&
        pieceOf(one.place, { kind: "literal", value: 0 }).shape.kind !== "scalar" &&
        one.what !== "keys") ||
      (one.kind === "state" &&
        one.place.shape.kind !== "set" &&
        pieceOf(one.place, { kind: "literal", value: 0 }).shape.kind !== "scalar") ||
      (one.kind === "fresh" &&
        [...one.object.fields.values(), ...one.object.parts.map((p) => p.value)].some((p) => p.kind !== "data")),
  );
}
