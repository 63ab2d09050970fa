import { Node, type ParameterDeclaration } from "ts-morph";
import type { Region } from "../../model/effect.ts";
import { alternatives, data, either, pure, termOf, UNDEFINED, type Fresh, type Value } from "./values.ts";
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
  if (isOfModule(callee) && context.recurs(name)) return calledAgain(interpreter, callee, args, node);
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
    const { effects, reads, changed } = context.since(mark);
    const isAboutMore = effects.length > 0 || reads.length > 0 || args.some((arg) => holdsOneOf(arg, changed));
    if (isAboutMore && context.isRecursive(name)) {
      return data(context.giveUp(`${callee.name}, which calls itself, and does more than compute a value`, node));
    }
    return run.value;
  } finally {
    context.leave();
  }
}

/** A function that sees nothing but its arguments, and what a module keeps for good. */
function isOfModule({ node, outer, helper }: Callee): boolean {
  return (
    outer === undefined &&
    helper === undefined &&
    !Node.isMethodDeclaration(node) &&
    !Node.isGetAccessorDeclaration(node)
  );
}

/**
 * What a function gives to itself: something made of its arguments, as long as it does nothing else; whether it does shows
 * when its first execution ends. Objects that it may have changed, or given back, are not followed.
 */
function calledAgain(interpreter: Interpreter, callee: Callee, args: readonly Value[], node: Node): Value {
  const { context } = interpreter;
  if (args.flatMap(alternatives).some(({ kind }) => kind !== "data")) {
    return data(context.giveUp(`${callee.name}, which calls itself with an object that it has made`, node));
  }
  context.mayThrow(`${callee.name} calls itself, perhaps too often`, node);
  const span = context.span(node);
  return data({ kind: "mixed", inputs: args.map(termOf), why: "computed by a function that calls itself", span });
}

function holdsOneOf(value: Value, objects: readonly Fresh[]): boolean {
  return alternatives(value).some((one) => one.kind === "fresh" && objects.includes(one.object));
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
