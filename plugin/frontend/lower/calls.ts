import {
  Node,
  type CallExpression,
  type Expression,
  type Identifier,
  type MethodDeclaration,
  type NewExpression,
} from "ts-morph";
import { rivenName } from "../syntax/rivenName.ts";
import type { Condition } from "../../model/effect.ts";
import type { Term } from "../../model/term.ts";
import { callPerElement } from "./callbacks.ts";
import type { Frame } from "./frames.ts";
import type { Interpreter } from "./interpreter.ts";
import { iterate } from "./iteration.ts";
import {
  ARRAY_MAKING,
  CALLBACK_METHODS,
  CHANGING_METHODS,
  IMPURE_GLOBALS,
  IMPURE_METHODS,
  INDIRECT_METHODS,
  isLanguageLibrary,
  REARRANGING_METHODS,
  THROWING,
} from "./libraries.ts";
import { declarationOf, promiseOf } from "./names.ts";
import { looksForObject } from "./identity.ts";
import { callOnFacility } from "./facilities.ts";
import { callOnState } from "./stateMethods.ts";
import { distinct } from "./places.ts";
import {
  alternatives,
  data,
  either,
  fresh,
  freshArray,
  pieceOf,
  pure,
  termOf,
  UNDEFINED,
  type Fresh,
  type Value,
} from "./values.ts";
import { asPropertyName, readPlace, readPresence } from "./properties.ts";
import { scramble } from "./localObjects.ts";

/** The value of a call: a send, a method of a container, a helper, a function. */
export function evaluateCall(interpreter: Interpreter, call: CallExpression, frame: Frame): Value {
  const callee = call.getExpression();
  if (looksForObject(call)) interpreter.context.compare(call);
  if (Node.isPropertyAccessExpression(callee)) {
    const builtin = globalCall(interpreter, callee.getExpression(), callee.getName(), call, frame);
    if (builtin !== undefined) return builtin;
    const receiver = interpreter.evaluate(callee.getExpression(), frame);
    const receiverNode = callee.getExpression();
    if (Node.isNonNullExpression(receiverNode)) {
      interpreter.context.mayThrow(
        `${receiverNode.getText()} claims that there is a value; without one this throws`,
        receiverNode,
      );
    }
    if (!callee.hasQuestionDotToken()) return callMethod(interpreter, receiver, callee.getName(), call, frame);
    const present: Condition = {
      term: termOf(receiver),
      negated: false,
      span: interpreter.context.span(callee.getExpression()),
    };
    const result = interpreter.context.under(present, () =>
      callMethod(interpreter, receiver, callee.getName(), call, frame),
    );
    return either(termOf(receiver), [result, UNDEFINED]);
  }
  if (Node.isIdentifier(callee)) return callByName(interpreter, callee, call, frame);
  const value = interpreter.evaluate(callee, frame);
  if (value.kind === "closure") return callClosure(interpreter, value, callee.getText(), call, frame);
  return data(interpreter.context.giveUp("a call of something that is not known", call));
}

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
      const object = fresh(name === "Map" ? "map" : name === "Set" ? "set" : "array");
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

function argumentsOf(interpreter: Interpreter, call: CallExpression, frame: Frame): readonly Value[] {
  return call.getArguments().map((arg) => {
    if (Node.isSpreadElement(arg)) {
      return data(pure("...", [interpreter.observe(interpreter.evaluate(arg.getExpression(), frame), arg)]));
    }
    return interpreter.evaluate(arg as Expression, frame);
  });
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
  const method = context.owner.getInstanceMethod(name);
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
    .filter((use) => !method.getNameNode().getText().startsWith("[") && use !== method.getNameNode()).length;
}

function callClosure(
  interpreter: Interpreter,
  value: Value & { kind: "closure" },
  name: string,
  call: CallExpression,
  frame: Frame,
): Value {
  const args = argumentsOf(interpreter, call, frame);
  const isModuleFunction = Node.isFunctionDeclaration(value.node) || isModuleConstant(value.node);
  return callFunction(interpreter, value.node, isModuleFunction ? undefined : value.frame, name, args, call);
}

function isModuleConstant(node: Node): boolean {
  const statement = node.getFirstAncestor((ancestor) => Node.isVariableStatement(ancestor));
  return statement !== undefined && Node.isSourceFile(statement.getParent());
}

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
  return data(pure(name, args.map(termOf)));
}

function callByName(interpreter: Interpreter, callee: Identifier, call: CallExpression, frame: Frame): Value {
  const { context } = interpreter;
  const name = callee.getText();
  const riven = rivenName(callee);
  if (riven !== undefined)
    return data(context.giveUp(`${riven}() inside a handler: it belongs in a field initialiser`, call));
  const declaration = declarationOf(callee);
  const promised = declaration === undefined ? undefined : promiseOf(declaration);
  if (promised !== undefined) {
    const args = argumentsOf(interpreter, call, frame).map((arg) => interpreter.observe(arg, call));
    return data(pure(name, args, promised === "injective"));
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

/** `Math.max(a, b)`, `Object.keys(x)`, `JSON.stringify(x)`: calls on a global of the language. */
function globalCall(
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
    if (args[1]?.kind === "closure") return callPerElement(interpreter, args[0], "map", [args[1]], call);
    const others = args.slice(1).map((arg) => interpreter.observe(arg, call));
    return freshArray(pure("Array.from", [iterate(interpreter, args[0], "order", call).over, ...others]));
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

function languageFunction(interpreter: Interpreter, name: string, args: readonly Value[], call: CallExpression): Value {
  const short = name.slice(name.indexOf(".") + 1);
  if (THROWING.has(short)) interpreter.context.mayThrow(`${name} throws for some arguments`, call);
  const term = pure(
    name,
    args.map((arg) => interpreter.observe(arg, call)),
  );
  return ARRAY_MAKING.has(name) ? freshArray(term) : data(term);
}

/** A method of a container that this activation made: of the state, too, once it is stored there. */
function callOnFresh(
  interpreter: Interpreter,
  object: Fresh,
  method: string,
  args: readonly Value[],
  call: CallExpression,
): Value {
  const { context } = interpreter;
  if (CHANGING_METHODS.has(method)) context.change(object);
  if (REARRANGING_METHODS.has(method) && object.is === "array") scramble(interpreter, object, undefined, call);
  const results = object.storedAt.map((place) => callOnState(interpreter, place, method, args, call));
  const self: Value = { kind: "fresh", object };
  const term = (value: Value | undefined): Term => interpreter.observe(value ?? UNDEFINED, call);
  switch (method) {
    case "add":
    case "push":
      for (const value of args) object.parts.push({ key: undefined, value });
      return method === "add" ? self : data(pure(".push", [termOf(self)]));
    case "set":
      object.parts.push({ key: term(args[0]), value: args[1] ?? UNDEFINED });
      return self;
    case "get":
    case "at": {
      const [stored] = object.storedAt;
      if (stored !== undefined) return readPlace(interpreter, pieceOf(stored, term(args[0])), call);
      const parts = object.parts.map((part) => part.value).concat([...object.fields.values()]);
      if (parts.every((part) => part.kind === "data")) return data(pure(`.${method}`, [termOf(self), term(args[0])]));
      return either(pure(`.${method}`, [term(args[0])]), [...parts, UNDEFINED]);
    }
    case "keys":
    case "values":
    case "entries":
      if (object.parts.some((part) => part.value.kind !== "data")) break;
      return results[0] ?? data(pure(`.${method}`, [termOf(self)]));
    default:
      break;
  }
  if (results[0] !== undefined) return results[0];
  if (CALLBACK_METHODS.has(method)) {
    const result = callPerElement(interpreter, self, method, args, call);
    return method === "sort" ? self : result;
  }
  if (
    [...object.fields.values(), ...object.parts.map((p) => p.value)].some(
      (part) => part.kind === "state" || part.kind === "fresh",
    )
  ) {
    return data(context.giveUp(`the method ${method} of a local collection of containers`, call));
  }
  if (THROWING.has(method)) context.mayThrow(`${method} throws for some arguments`, call);
  if (IMPURE_METHODS.has(method)) return data(context.giveUp(`the method ${method}`, call));
  const outcome = pure(`.${method}`, [termOf(self), ...args.map((arg) => interpreter.observe(arg, call))]);
  const result = ARRAY_MAKING.has(method) ? freshArray(outcome) : data(outcome);
  if (CHANGING_METHODS.has(method)) {
    object.spreads.push(...args.map((arg) => interpreter.observe(arg, call)));
    return method === "reverse" || method === "fill" ? self : result;
  }
  return result;
}

/** A method of a value that is data: one of the language's own, or a callback over its elements. */
function callOnData(interpreter: Interpreter, term: Term, method: string, call: CallExpression, frame: Frame): Value {
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
  const result = pure(`.${method}`, [term, ...args.map((arg) => interpreter.observe(arg, call))]);
  return ARRAY_MAKING.has(method) && call.getType().isArray() ? freshArray(result) : data(result);
}
