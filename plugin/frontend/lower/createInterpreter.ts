import { evaluateExpression, observeValue } from "./expressions.ts";
import { executeFunction } from "./functions.ts";
import type { Interpreter } from "./interpreter.ts";
import type { LoweringContext } from "./context.ts";

/** The symbolic execution of one piece of code: what it finds is collected in the context. */
export function createInterpreter(context: LoweringContext): Interpreter {
  const interpreter: Interpreter = {
    context,
    touched: new Map(),
    present: new Map(),
    inner: { regions: [] },
    evaluate: (node, frame) => evaluateExpression(interpreter, node, frame),
    observe: (value, node) => observeValue(interpreter, value, node),
    execute: (callee, args, node) => executeFunction(interpreter, callee, args, node),
  };
  return interpreter;
}
