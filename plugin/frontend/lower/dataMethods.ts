import { Node, type CallExpression } from "ts-morph";
import { HALVES } from "../../model/halves.ts";
import type { Term } from "../../model/term.ts";
import { callPerElement } from "./callbacks.ts";
import type { Frame } from "./frames.ts";
import { callMayCut } from "./halves.ts";
import type { Interpreter } from "./interpreter.ts";
import {
  ARRAY_MAKING,
  CALLBACK_METHODS,
  CHANGING_METHODS,
  IMPURE_METHODS,
  INDIRECT_METHODS,
  isLanguageLibrary,
  THROWING,
} from "./libraries.ts";
import { data, freshArray, pure, type Value } from "./values.ts";
import { argumentsOf } from "./callArguments.ts";

/** A method of a value that is data: one of the language's own, or a callback over its elements. */
export function callOnData(
  interpreter: Interpreter,
  term: Term,
  method: string,
  call: CallExpression,
  frame: Frame,
): Value {
  const { context } = interpreter;
  const args = argumentsOf(interpreter, call, frame);
  if (term.kind === "unknown") {
    for (const arg of args) interpreter.observe(arg, call);
    return data(term);
  }
  const callee = call.getExpression();
  const symbol = Node.isPropertyAccessExpression(callee) ? callee.getNameNode().getSymbol() : undefined;
  const declaration = symbol?.getDeclarations()[0];
  if (declaration === undefined || !isLanguageLibrary(declaration)) {
    return data(context.giveUp(`a call of ${method} on a value whose methods are not known`, call));
  }
  if (IMPURE_METHODS.has(method)) return data(context.giveUp(`${method}: its result depends on where it runs`, call));
  if (CHANGING_METHODS.has(method) || INDIRECT_METHODS.has(method) || /^set[A-Z]/.test(method)) {
    return data(
      context.giveUp(
        `a call of ${method}, which may change a value that is not known to be the node's own state`,
        call,
      ),
    );
  }
  if (CALLBACK_METHODS.has(method) && (args[0]?.kind === "closure" || method === "toSorted")) {
    return callPerElement(interpreter, data(term), method, args, call);
  }
  if (THROWING.has(method)) context.mayThrow(`${method} throws for some arguments`, call);
  if (callMayCut(call)) context.mayThrow(HALVES, call);
  const result = pure(`.${method}`, [term, ...args.map((arg) => interpreter.observe(arg, call))]);
  return ARRAY_MAKING.has(method) && call.getType().isArray()
    ? freshArray(result, context.currentGuard())
    : data(result);
}
