import { Node, type CallExpression, type Expression, type Identifier, type MethodDeclaration } from "ts-morph";
import { leavesOf, replaceTerm } from "../../analysis/dependencies/equations.ts";
import { KEY } from "../../analysis/dependencies/key.ts";
import { isPrintable, unexportedIn } from "../../analysis/keys/printableKey.ts";
import { pureForm } from "../../model/pureForm.ts";
import { sameTerm, type Primitive, type Term } from "../../model/term.ts";
import { instanceMethods } from "../syntax/lineage.ts";
import { rivenName } from "../syntax/rivenName.ts";
import type { Condition } from "../../model/effect.ts";
import { callPerElement } from "./callbacks.ts";
import type { Frame } from "./frames.ts";
import type { Interpreter } from "./interpreter.ts";
import { CALLBACK_METHODS, IMPURE_GLOBALS, isLanguageLibrary } from "./libraries.ts";
import { declarationOf, declaredName, isDeclaredByModule, nameInModule, promiseOf } from "./names.ts";
import { looksForObject } from "./identity.ts";
import { callOnFacility } from "./facilities.ts";
import { callOnState } from "./stateMethods.ts";
import { distinct } from "./places.ts";
import { data, either, pure, termOf, UNDEFINED, type Value } from "./values.ts";
import { argumentsOf } from "./callArguments.ts";
import { globalCall, languageFunction } from "./languageCalls.ts";
import { gives } from "./shapes.ts";
import { callOnFresh } from "./freshMethods.ts";
import { callOnData } from "./dataMethods.ts";

/** The value of a call: a send, a method of a container, a helper, a function. */
export function evaluateCall(interpreter: Interpreter, call: CallExpression, frame: Frame): Value {
  const callee = call.getExpression();
  if (looksForObject(call)) interpreter.context.compare(call);
  if (Node.isPropertyAccessExpression(callee) && Node.isSuperExpression(callee.getExpression())) {
    argumentsOf(interpreter, call, frame);
    const name = callee.getText();
    return data(
      interpreter.context.giveUp(`${name}() (components extend nothing: give what it does a name of its own)`, call),
    );
  }
  if (Node.isPropertyAccessExpression(callee)) {
    const name = nameInModule(callee);
    if (name !== undefined) return callByName(interpreter, name, call, frame);
    const builtin = globalCall(interpreter, callee.getExpression(), callee.getName(), call, frame);
    if (builtin !== undefined) return builtin;
    const receiver = interpreter.evaluate(callee.getExpression(), frame);
    const receiverNode = callee.getExpression();
    if (Node.isNonNullExpression(receiverNode)) {
      interpreter.context.mayThrow(
        `${receiverNode.getText()} claims that there is a value; without one this throws`,
        receiverNode,
        termOf(receiver),
      );
    }
    if (callee.hasQuestionDotToken()) interpreter.present.set(callee, termOf(receiver));
    const method = (): Value => callMethod(interpreter, receiver, callee.getName(), call, frame);
    const result = chainConditions(interpreter, callee).reduce<() => Value>(
      (run, condition) => () => interpreter.context.under(condition, run),
      method,
    )();
    return callee.hasQuestionDotToken() ? either(termOf(receiver), [result, UNDEFINED]) : result;
  }
  if (Node.isIdentifier(callee)) return callByName(interpreter, callee, call, frame);
  const value = interpreter.evaluate(callee, frame);
  if (value.kind === "closure") return callClosure(interpreter, value, callee.getText(), call, frame);
  return data(interpreter.context.giveUp("a call of something that is not known", call));
}

/** What has to be there so that this call is made, the last first: `a?.b.add(x)` asks for `a`, `a?.b?.add(x)` for both. */
function chainConditions(interpreter: Interpreter, callee: Expression): readonly Condition[] {
  const isLink =
    Node.isPropertyAccessExpression(callee) || Node.isElementAccessExpression(callee) || Node.isCallExpression(callee);
  if (!isLink) return [];
  const inner = callee.getExpression();
  const term = interpreter.present.get(callee);
  const own = term === undefined ? [] : [{ term, negated: false, span: interpreter.context.span(inner) }];
  return [...own, ...chainConditions(interpreter, inner)];
}

function callMethod(
  interpreter: Interpreter,
  receiver: Value,
  method: string,
  call: CallExpression,
  frame: Frame,
): Value {
  const { context } = interpreter;
  switch (receiver.kind) {
    case "this":
      return callHelper(interpreter, method, call, frame);
    case "peers": {
      const args = argumentsOf(interpreter, call, frame);
      if (method !== "at" || args[0] === undefined) return data(context.giveUp(`the method ${method} of peers`, call));
      const id = interpreter.observe(args[0], call);
      return { kind: "ref", destination: { kind: "one", field: receiver.field, id }, roles: [receiver.role], id };
    }
    case "ref": {
      const args = argumentsOf(interpreter, call, frame);
      const [message] = call.getArguments();
      const payload = args[0] === undefined ? undefined : interpreter.observe(args[0], message ?? call);
      context.send(receiver.destination, receiver.roles, method, payload, call);
      return UNDEFINED;
    }
    case "state":
      return callOnState(interpreter, receiver.place, method, argumentsOf(interpreter, call, frame), call);
    case "fresh":
      return callOnFresh(interpreter, receiver.object, method, argumentsOf(interpreter, call, frame), call);
    case "either": {
      const before = frame.save();
      const results = distinct(receiver.of).map((one) => {
        if (
          one.kind === "data" &&
          one.term.kind === "literal" &&
          (one.term.value === undefined || one.term.value === null)
        )
          return UNDEFINED;
        frame.restore(before);
        return callMethod(interpreter, one, method, call, frame);
      });
      return either(receiver.on, results);
    }
    case "data":
      return callOnData(interpreter, receiver.term, method, call, frame);
    case "entries": {
      const args = argumentsOf(interpreter, call, frame);
      if (CALLBACK_METHODS.has(method)) return callPerElement(interpreter, receiver, method, args, call);
      const observed = interpreter.observe(receiver, call);
      return method === "next"
        ? data(pure(".next", [observed]))
        : data(context.giveUp(`the method ${method} of an iterator`, call));
    }
    case "facility":
      return callOnFacility(interpreter, receiver.is, method, argumentsOf(interpreter, call, frame), call);
    case "self":
    case "closure":
      return data(context.giveUp(`the method ${method}`, call));
  }
}

/** A private method of the class, executed in place. */
function callHelper(interpreter: Interpreter, name: string, call: CallExpression, frame: Frame): Value {
  const { context } = interpreter;
  const method = instanceMethods(context.owner).get(name);
  const args = argumentsOf(interpreter, call, frame);
  if (method?.getBody() === undefined) {
    return data(context.giveUp(`a call of this.${name}, whose body is not in this class`, call));
  }
  const helper = { name, callSites: countCalls(method) };
  return interpreter.execute({ name, node: method, outer: undefined, helper, repeated: false }, args, call);
}

function countCalls(method: MethodDeclaration): number {
  return method
    .findReferencesAsNodes()
    .filter((use) => !method.getNameNode().getText().startsWith("[") && !Node.isMethodDeclaration(use.getParent()))
    .length;
}

function callClosure(
  interpreter: Interpreter,
  value: Value & { kind: "closure" },
  name: string,
  call: CallExpression,
  frame: Frame,
): Value {
  const args = argumentsOf(interpreter, call, frame);
  const isOfModule = isDeclaredByModule(holderOf(value.node));
  return callFunction(interpreter, value.node, isOfModule ? undefined : value.frame, name, args, call);
}

/** What gives a function its name: of an arrow, the constant which holds it. */
function holderOf(node: Node): Node {
  return Node.isFunctionDeclaration(node) ? node : (node.getParent() ?? node);
}

/**
 * Whether a result says more than the name of its function would: it is something known itself, or put together from such
 * things; or the function was given a whole message, of which its result needs a part.
 */
function isTransparent(result: Term, args: readonly Value[]): boolean {
  if (COMPARABLE.has(result.kind)) return true;
  if (result.kind !== "pure" || !(isPrintable(result) || unexportedIn(result).length > 0)) return false;
  const form = pureForm(result.name, result.args.length)?.kind;
  const isPutTogether = form === "template" || form === "tuple" || result.name === "JSON.stringify";
  return isPutTogether || args.some((arg) => arg.kind !== "data" || isWhole(arg.term));
}

function isWhole(term: Term): boolean {
  return term.kind === "record" || (term.kind === "payload" && term.path.length === 0);
}

/** Terms that say all there is to say about a value: `idOf(m)` that gives `m.id` is that column. */
const COMPARABLE: ReadonlySet<string> = new Set(["literal", "payload", "sender", "timerKey", "self", "configuration"]);

/**
 * A function of a module, or a local one. When executing it shows that it neither touches the state nor has effects,
 * its result is a function of its arguments and keeps its name, so that equal calls are seen to be equal.
 */
function callFunction(
  interpreter: Interpreter,
  node: Node,
  outer: Frame | undefined,
  name: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  const { context } = interpreter;
  const mark = context.mark();
  const value = interpreter.execute({ name, node, outer, helper: undefined, repeated: false }, args, call);
  const after = context.mark();
  const quiet =
    after.effects === mark.effects && after.reads === mark.reads && after.notUnderstood === mark.notUnderstood;
  if (
    !quiet ||
    outer !== undefined ||
    value.kind !== "data" ||
    !args.every((arg) => arg.kind === "data" || arg.kind === "fresh")
  )
    return value;
  return isTransparent(value.term, args)
    ? value
    : data({
        ...pure(declaredName(interpreter, holderOf(node)), args.map(termOf)),
        ...givesAlways(call),
        ...meaning(value.term, args.map(termOf)),
      });
}

/** What a function of one argument makes of it. */
function meaning(result: Term, [argument, ...others]: readonly Term[]): { readonly means?: Term } {
  if (argument === undefined || argument.kind === "literal" || others.length > 0) return {};
  const means = replaceTerm(result, argument, KEY);
  return leavesOf(means).every((leaf) => sameTerm(leaf, KEY)) ? { means } : {};
}

/** What the results of a call are, which have to be there. */
function givesAlways(call: CallExpression): { readonly gives?: Primitive } {
  const type = call.getReturnType();
  return type.isNullable() ? {} : gives(type);
}

function callByName(interpreter: Interpreter, callee: Identifier, call: CallExpression, frame: Frame): Value {
  const { context } = interpreter;
  const name = callee.getText();
  const riven = rivenName(callee);
  if (riven !== undefined)
    return data(context.giveUp(`${riven}() inside a handler: it belongs in a field initialiser`, call));
  const declaration = declarationOf(callee);
  const promised = declaration === undefined ? undefined : promiseOf(declaration);
  if (declaration !== undefined && promised !== undefined) {
    const args = argumentsOf(interpreter, call, frame).map((arg) => interpreter.observe(arg, call));
    const result = pure(declaredName(interpreter, declaration), args, promised === "injective");
    return data({ ...result, ...givesAlways(call) });
  }
  if (declaration !== undefined && isLanguageLibrary(declaration)) {
    if (IMPURE_GLOBALS.has(name)) return data(context.giveUp(`${name}()`, call));
    return languageFunction(interpreter, name, argumentsOf(interpreter, call, frame), call);
  }
  const value = interpreter.evaluate(callee, frame);
  if (value.kind === "closure") return callClosure(interpreter, value, name, call, frame);
  const from = declaration?.getSourceFile();
  if (from?.isDeclarationFile() === true || declaration === undefined) {
    return data(
      context.giveUp(
        `${name}(): its code is not part of this project. If it is deterministic, without effects and total, wrap it: const f = pure(${name})`,
        call,
      ),
    );
  }
  return data(context.giveUp(`a call of ${name}`, call));
}
