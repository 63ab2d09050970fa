import { Node, type CallExpression, type Expression } from "ts-morph";
import type { Frame } from "./frames.ts";
import type { Interpreter } from "./interpreter.ts";
import { data, pure, type Value } from "./values.ts";

/** The values of the arguments of a call. */
export function argumentsOf(interpreter: Interpreter, call: CallExpression, frame: Frame): readonly Value[] {
  return call.getArguments().map((arg) => {
    if (Node.isSpreadElement(arg)) {
      return data(pure("...", [interpreter.observe(interpreter.evaluate(arg.getExpression(), frame), arg)]));
    }
    return interpreter.evaluate(arg as Expression, frame);
  });
}
