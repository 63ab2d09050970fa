import { Node, type CallExpression, type Expression } from "ts-morph";
import { callPerElement } from "./callbacks.ts";
import type { Frame } from "./frames.ts";
import type { Interpreter } from "./interpreter.ts";
import { iterate } from "./iteration.ts";
import { ARRAY_MAKING, IMPURE_GLOBALS, IMPURE_METHODS, isLanguageLibrary, THROWING } from "./libraries.ts";
import { declarationOf } from "./names.ts";
import { data, freshArray, pure, UNDEFINED, type Value } from "./values.ts";
import { asPropertyName, readPresence } from "./properties.ts";
import { argumentsOf } from "./callArguments.ts";

/** `Math.max(a, b)`, `Object.keys(x)`, `JSON.stringify(x)`: calls on a global of the language. */
export function globalCall(
  interpreter: Interpreter,
  receiver: Expression,
  method: string,
  call: CallExpression,
  frame: Frame,
): Value | undefined {
  if (!Node.isIdentifier(receiver)) return undefined;
  const { context } = interpreter;
  const name = receiver.getText();
  const declaration = declarationOf(receiver);
  if (
    declaration === undefined ||
    !(
      Node.isVariableDeclaration(declaration) ||
      Node.isInterfaceDeclaration(declaration) ||
      Node.isModuleDeclaration(declaration)
    )
  ) {
    return undefined;
  }
  if (name === "console") {
    for (const arg of argumentsOf(interpreter, call, frame)) interpreter.observe(arg, call);
    return UNDEFINED;
  }
  if (!isLanguageLibrary(declaration)) {
    return declaration.getSourceFile().isDeclarationFile()
      ? data(context.giveUp(`${name}.${method}: it is not a function of the message and the state`, call))
      : undefined;
  }
  if (IMPURE_GLOBALS.has(name) || IMPURE_METHODS.has(method)) {
    return data(context.giveUp(`${name}.${method}: it is not a function of the message and the state`, call));
  }
  const args = argumentsOf(interpreter, call, frame);
  if (name === "Array" && method === "from" && args[0] !== undefined) {
    const isLengthOnly = args[0].kind === "fresh" && args[0].object.is === "record";
    const elements = isLengthOnly ? data(interpreter.observe(args[0], call)) : args[0];
    if (args[1]?.kind === "closure") return callPerElement(interpreter, elements, "map", [args[1]], call);
    const others = args.slice(1).map((arg) => interpreter.observe(arg, call));
    return freshArray(
      pure("Array.from", [iterate(interpreter, elements, "order", call).over, ...others]),
      interpreter.context.currentGuard(),
    );
  }
  if (
    name === "Object" &&
    (method === "assign" || method === "defineProperty" || method === "setPrototypeOf" || method === "defineProperties")
  ) {
    return data(context.giveUp(`Object.${method}`, call));
  }
  const [object, property] = call.getArguments();
  if (
    name === "Object" &&
    method === "hasOwn" &&
    args[0] !== undefined &&
    args[1] !== undefined &&
    Node.isExpression(property)
  ) {
    return readPresence(
      interpreter,
      args[0],
      asPropertyName(interpreter.observe(args[1], property), property),
      object ?? call,
    );
  }
  return languageFunction(interpreter, `${name}.${method}`, args, call);
}

/** A function of the language that computes its result from its arguments. */
export function languageFunction(
  interpreter: Interpreter,
  name: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  const short = name.slice(name.indexOf(".") + 1);
  if (THROWING.has(short)) interpreter.context.mayThrow(`${name} throws for some arguments`, call);
  const term = pure(
    name,
    args.map((arg) => interpreter.observe(arg, call)),
  );
  return ARRAY_MAKING.has(name) ? freshArray(term, interpreter.context.currentGuard()) : data(term);
}
