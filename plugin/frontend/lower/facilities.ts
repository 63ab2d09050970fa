import { Node, type CallExpression } from "ts-morph";
import type { Interpreter } from "./interpreter.ts";
import { data, UNDEFINED, type Facility, type Value } from "./values.ts";

/** `journal.append(record)`, `timer.set(milliseconds, key?)`, `timer.clear(key?)`: an effect each. */
export function callOnFacility(
  interpreter: Interpreter,
  facility: Facility,
  method: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  const { context } = interpreter;
  const [first, second] = args;
  switch (facility.kind) {
    case "journal": {
      if (method !== "append" || first === undefined) break;
      context.append(facility.field, interpreter.observe(first, call), call);
      return UNDEFINED;
    }
    case "timer": {
      const [milliseconds, key] = method === "set" ? [first, second] : [undefined, first];
      if (method !== "clear" && (method !== "set" || milliseconds === undefined)) break;
      if (isPerhapsMissing(call, method === "set" ? 1 : 0)) {
        context.giveUp(
          `a key of the timer ${facility.timer} that may be missing: it is one timer with a key, and another without`,
          call,
        );
      }
      const observed = [milliseconds, key].map((arg) =>
        arg === undefined ? undefined : interpreter.observe(arg, call),
      );
      context.timer(facility, observed[1], observed[0], call);
      return UNDEFINED;
    }
    case "timers":
      break;
  }
  return data(context.giveUp(`the method ${method} of ${facility.field}`, call));
}

/** Whether an argument is given, but may be undefined. */
function isPerhapsMissing(call: CallExpression, position: number): boolean {
  const argument = call.getArguments()[position];
  return argument !== undefined && (Node.isSpreadElement(argument) || argument.getType().isNullable());
}
