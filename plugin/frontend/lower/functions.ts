import { Node, type ParameterDeclaration } from "ts-morph";
import type { Region } from "../../model/effect.ts";
import { pure, UNDEFINED, either, data, type Value } from "./values.ts";
import { argumentOr, bindPattern } from "./bindings.ts";
import { Frame } from "./frames.ts";
import type { Callee, Interpreter } from "./interpreter.ts";
import { executeStatements, type Returned } from "./statements.ts";
import { describeRegion, localUses } from "./regions.ts";

/** Executes a function's body in place of its call, and gives what it returns. */
export function executeFunction(interpreter: Interpreter, callee: Callee, args: readonly Value[], node: Node): Value {
  const { context } = interpreter;
  const fn = implementationOf(callee.node);
  if (
    !Node.isMethodDeclaration(fn) &&
    !Node.isFunctionDeclaration(fn) &&
    !Node.isArrowFunction(fn) &&
    !Node.isFunctionExpression(fn) &&
    !Node.isGetAccessorDeclaration(fn)
  ) {
    return data(context.giveUp(`a call of ${callee.name}`, node));
  }
  const body = fn.getBody();
  if (body === undefined) return data(context.giveUp(`${callee.name}, whose body is not part of this project`, node));
  if (!Node.isGetAccessorDeclaration(fn) && (fn.isAsync() || (!Node.isArrowFunction(fn) && fn.isGenerator()))) {
    return data(context.giveUp(`${callee.name}, which is asynchronous or a generator`, node));
  }
  const name = `${callee.name} at ${String(fn.getPos())}`;
  if (!context.enter(name)) return data(context.giveUp(`${callee.name}, which calls itself`, node));
  const outerRegions = interpreter.inner.regions;
  interpreter.inner.regions = [];
  const mark = context.mark();
  try {
    const frame = new Frame(callee.outer);
    bindParameters(interpreter, fn.getParameters(), args, frame);
    const run = context.scoped((): { readonly value: Value; readonly regions: readonly Region[] } => {
      if (Node.isExpression(body))
        return { value: interpreter.evaluate(body, frame), regions: interpreter.inner.regions };
      if (!Node.isBlock(body)) return { value: data(context.giveUp(callee.name, node)), regions: [] };
      const result = executeStatements(interpreter, body.getStatements(), frame);
      return { value: returnedValue(result.returned, result.leaves), regions: result.regions };
    });
    const isRegion = callee.helper !== undefined || callee.repeated;
    const children = [...run.regions];
    interpreter.inner.regions =
      isRegion && Node.isBlock(body)
        ? [
            ...outerRegions,
            describeRegion(
              interpreter,
              callee.helper === undefined ? "loop" : "call",
              callee.helper === undefined ? node : body,
              mark,
              {
                children,
                helper: callee.helper,
                uses: localUses(interpreter, callee.helper === undefined ? node : body, callee.outer),
                exits: false,
                expressions: [],
              },
            ),
          ]
        : [...outerRegions, ...children];
    return run.value;
  } finally {
    context.leave();
  }
}

/** Of a function with several signatures, the one with the body. */
function implementationOf(node: Node): Node {
  return Node.isFunctionDeclaration(node) ? (node.getImplementation() ?? node) : node;
}

function bindParameters(
  interpreter: Interpreter,
  parameters: readonly ParameterDeclaration[],
  args: readonly Value[],
  frame: Frame,
): void {
  parameters.forEach((parameter, i) => {
    if (parameter.isRestParameter()) {
      const rest = args.slice(i).map((arg) => interpreter.observe(arg, parameter));
      bindPattern(interpreter, parameter.getNameNode(), data(pure("array", rest)), frame);
      return;
    }
    const given = argumentOr(args, i);
    const initializer = parameter.getInitializer();
    const value =
      initializer === undefined ? given : either(undefined, [given, interpreter.evaluate(initializer, frame)]);
    bindPattern(interpreter, parameter.getNameNode(), value, frame);
  });
}

/** Several `return`s: each value under the condition of its return, the last one otherwise. */
function returnedValue(returned: readonly Returned[], leaves: boolean): Value {
  const last = leaves ? returned[returned.length - 1]?.value : UNDEFINED;
  const earlier = leaves ? returned.slice(0, -1) : returned;
  return earlier.reduceRight<Value>((rest, one) => either(one.when, [one.value, rest]), last ?? UNDEFINED);
}
