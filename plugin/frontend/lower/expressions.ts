import { Node, SyntaxKind, ts, type BinaryExpression, type Expression, type PropertyAccessExpression } from "ts-morph";
import { escapeTemplate } from "../../model/pureForm.ts";
import type { Condition } from "../../model/effect.ts";
import type { Term } from "../../model/term.ts";
import { assignTo } from "./assignments.ts";
import { evaluateCall } from "./calls.ts";
import { evaluateNew } from "./construction.ts";
import type { Frame } from "./frames.ts";
import type { Interpreter } from "./interpreter.ts";
import { compareObjects } from "./identity.ts";
import { iterate } from "./iteration.ts";
import { asPropertyName, elementKey, readElement, readPresence, readProperty } from "./properties.ts";
import { noteRiskyReceiver, noteRiskyValue } from "./riskyValues.ts";
import { override, removePart, scramble } from "./localObjects.ts";
import { isLanguageLibrary } from "./libraries.ts";
import { nameInModule, resolveName } from "./names.ts";
import {
  alternatives,
  certain,
  data,
  either,
  fresh,
  iteratedTerm,
  pure,
  termOf,
  UNDEFINED,
  type Value,
} from "./values.ts";
import { numberOf } from "../syntax/numberOf.ts";

/** The value of an expression; its effects, observations and possible exceptions go to the context. */
export function evaluateExpression(interpreter: Interpreter, node: Expression, frame: Frame): Value {
  const mark = interpreter.context.mark();
  const value = isOptional(node) ? evaluateOptional(interpreter, node, frame) : evaluateNode(interpreter, node, frame);
  interpreter.touched.set(node, interpreter.context.since(mark));
  return value;
}

/** Whether an expression is part of an optional chain, so that it may be skipped. */
function isOptional(node: Expression): boolean {
  return (node.compilerNode.flags & ts.NodeFlags.OptionalChain) !== 0;
}

function evaluateOptional(interpreter: Interpreter, node: Expression, frame: Frame): Value {
  const before = frame.save();
  const value = evaluateNode(interpreter, node, frame);
  frame.merge(pure("?.", []), frame.save(), before);
  return value;
}

function evaluateNode(interpreter: Interpreter, node: Expression, frame: Frame): Value {
  const { context } = interpreter;
  if (
    Node.isParenthesizedExpression(node) ||
    Node.isAsExpression(node) ||
    Node.isSatisfiesExpression(node) ||
    Node.isTypeAssertion(node) ||
    Node.isNonNullExpression(node)
  ) {
    const value = interpreter.evaluate(node.getExpression(), frame);
    noteRiskyValue(interpreter, node, value);
    return value;
  }
  if (Node.isIdentifier(node)) return resolveName(interpreter, node, frame);
  if (Node.isThisExpression(node)) return { kind: "this" };
  if (Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node)) {
    return data({ kind: "literal", value: node.getLiteralText() });
  }
  if (Node.isNumericLiteral(node)) return data({ kind: "literal", value: numberOf(node) });
  if (Node.isBigIntLiteral(node)) {
    return data({ kind: "literal", value: { bigint: BigInt(node.getText().slice(0, -1)).toString() } });
  }
  if (Node.isTrueLiteral(node)) return data({ kind: "literal", value: true });
  if (Node.isFalseLiteral(node)) return data({ kind: "literal", value: false });
  if (Node.isNullLiteral(node)) return data({ kind: "literal", value: null });
  if (Node.isRegularExpressionLiteral(node)) return data(pure(node.getText(), []));
  if (Node.isTemplateExpression(node)) {
    const spans = node.getTemplateSpans();
    const skeleton = [
      "`",
      escapeTemplate(node.getHead().getLiteralText()),
      ...spans.map((s) => `\${}${escapeTemplate(s.getLiteral().getLiteralText())}`),
      "`",
    ];
    return data(
      pure(
        skeleton.join(""),
        spans.map((s) => evaluateData(interpreter, s.getExpression(), frame)),
      ),
    );
  }
  if (Node.isObjectLiteralExpression(node)) return objectLiteral(interpreter, node.getProperties(), frame);
  if (Node.isArrayLiteralExpression(node)) {
    const object = fresh("array", context.currentGuard());
    node.getElements().forEach((element, i) => {
      if (Node.isSpreadElement(element)) {
        const spread = interpreter.evaluate(element.getExpression(), frame);
        if (spread.kind === "peers") {
          const member = iterate(interpreter, spread, "order", element).item;
          object.parts.push({ key: undefined, value: member });
        }
        object.spreads.push(listOf(interpreter.observe(spread, element), element.getExpression()));
      } else {
        const value = interpreter.evaluate(element, frame);
        if (object.spreads.length === 0) object.fields.set(String(i), value);
        else object.parts.push({ key: undefined, value });
      }
    });
    return { kind: "fresh", object };
  }
  if (Node.isPropertyAccessExpression(node)) {
    const name = nameInModule(node);
    if (name !== undefined) return resolveName(interpreter, name, frame);
    const receiver = interpreter.evaluate(node.getExpression(), frame);
    if (node.hasQuestionDotToken()) interpreter.present.set(node, termOf(receiver));
    noteRiskyReceiver(interpreter, node, receiver, node.hasQuestionDotToken());
    const value = readProperty(interpreter, receiver, node.getName(), node);
    return value.kind === "data" && value.term.kind !== "unknown" && isForeignFunction(node)
      ? data(context.giveUp(`${node.getText()}, a function that is kept as a value`, node))
      : value;
  }
  if (Node.isElementAccessExpression(node)) {
    const receiver = interpreter.evaluate(node.getExpression(), frame);
    if (node.hasQuestionDotToken()) interpreter.present.set(node, termOf(receiver));
    noteRiskyReceiver(interpreter, node, receiver, node.hasQuestionDotToken());
    const value = readElement(interpreter, receiver, elementKey(interpreter, node, frame), node);
    noteRiskyValue(interpreter, node, value);
    return value;
  }
  if (Node.isCallExpression(node)) return evaluateCall(interpreter, node, frame);
  if (Node.isNewExpression(node)) return evaluateNew(interpreter, node, frame);
  if (Node.isConditionalExpression(node)) {
    const on = evaluateData(interpreter, node.getCondition(), frame);
    return branches(interpreter, frame, on, node.getCondition(), node.getWhenTrue(), node.getWhenFalse());
  }
  if (Node.isBinaryExpression(node)) return binary(interpreter, node, frame);
  if (Node.isPrefixUnaryExpression(node)) {
    const operator = node.getOperatorToken();
    if (operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken) {
      return increment(interpreter, node, node.getOperand(), operator, frame, "new");
    }
    const symbol = {
      [SyntaxKind.ExclamationToken]: "!",
      [SyntaxKind.MinusToken]: "-",
      [SyntaxKind.PlusToken]: "+",
      [SyntaxKind.TildeToken]: "~",
    };
    const operand =
      operator === SyntaxKind.ExclamationToken
        ? presence(interpreter, interpreter.evaluate(node.getOperand(), frame), node.getOperand())
        : evaluateData(interpreter, node.getOperand(), frame);
    if (operator === SyntaxKind.MinusToken && operand.kind === "literal" && typeof operand.value === "number") {
      return data({ kind: "literal", value: -operand.value });
    }
    return data(pure(symbol[operator], [operand]));
  }
  if (Node.isPostfixUnaryExpression(node)) {
    return increment(interpreter, node, node.getOperand(), node.getOperatorToken(), frame, "old");
  }
  if (Node.isArrowFunction(node) || Node.isFunctionExpression(node)) return { kind: "closure", node, frame };
  if (Node.isTypeOfExpression(node))
    return data(pure("typeof", [evaluateData(interpreter, node.getExpression(), frame)]));
  if (Node.isVoidExpression(node)) {
    interpreter.evaluate(node.getExpression(), frame);
    return UNDEFINED;
  }
  if (Node.isDeleteExpression(node)) return deletion(interpreter, node.getExpression(), frame);
  if (Node.isAwaitExpression(node))
    return data(context.giveUp("`await`: a handler runs to completion on one message", node));
  return data(context.giveUp(`this ${describe(node)}`, node));
}

/** The value of an expression as data. */
export function evaluateData(interpreter: Interpreter, node: Expression, frame: Frame): Term {
  return interpreter.observe(interpreter.evaluate(node, frame), node);
}

/** See {@link Interpreter.observe}. What is observed of an expression's value is observed while it is evaluated. */
export function observeValue(interpreter: Interpreter, value: Value, node: Node): Term {
  const mark = interpreter.context.mark();
  const term = observeNow(interpreter, value, node);
  const { reads } = interpreter.context.since(mark);
  const touched = interpreter.touched.get(node);
  if (touched !== undefined && reads.length > 0) {
    interpreter.touched.set(node, { ...touched, reads: [...touched.reads, ...reads] });
  }
  return term;
}

function observeNow(interpreter: Interpreter, value: Value, node: Node): Term {
  const { context } = interpreter;
  switch (value.kind) {
    case "state":
      return context.read(value.place, value.place.shape.kind === "record" ? "value" : "order", node);
    case "entries":
      return iteratedTerm(value.place, value.what, context.read(value.place, "order", node));
    case "fresh": {
      const [stored] = value.object.storedAt;
      if (stored !== undefined) context.read(stored, "order", node);
      for (const [name, part] of value.object.fields) interpreter.observe(part, partNode(node, name));
      for (const part of value.object.parts) interpreter.observe(part.value, node);
      return termOf(value);
    }
    case "either": {
      const terms = value.of.map((one) => interpreter.observe(one, node));
      return value.on === undefined ? pure("??", terms) : pure("?:", [value.on, ...terms]);
    }
    case "this":
      return context.giveUp("`this` as a value: the whole node would escape", node);
    case "closure":
      return context.giveUp("a function as a value", node);
    case "facility":
      return context.giveUp(`${value.is.field} as a value: journals and timers are used by their methods alone`, node);
    case "data":
    case "peers":
    case "ref":
    case "self":
      return termOf(value);
  }
}

/** Where a part of an object literal is written, or the whole when that is not known. */
function partNode(node: Node, name: string): Node {
  const property = Node.isObjectLiteralExpression(node) ? node.getProperty(name) : undefined;
  return (Node.isPropertyAssignment(property) ? property.getInitializer() : undefined) ?? node;
}

/** Evaluates two alternatives, each under its side of the condition. */
function branches(
  interpreter: Interpreter,
  frame: Frame,
  on: Term,
  condition: Expression,
  whenTrue: Expression,
  whenFalse: Expression | undefined,
): Value {
  const span = interpreter.context.span(condition);
  const before = frame.save();
  const yes = interpreter.context.under({ term: on, negated: false, span }, () =>
    interpreter.evaluate(whenTrue, frame),
  );
  const afterYes = frame.save();
  frame.restore(before);
  const no =
    whenFalse === undefined
      ? UNDEFINED
      : interpreter.context.under({ term: on, negated: true, span }, () => interpreter.evaluate(whenFalse, frame));
  frame.merge(on, afterYes, frame.save());
  const value = either(on, [yes, no]);
  return value.kind === "data" && value !== yes ? certain(value.term) : value;
}

function binary(interpreter: Interpreter, node: BinaryExpression, frame: Frame): Value {
  const { context } = interpreter;
  const operator = node.getOperatorToken().getText();
  const left = node.getLeft();
  const right = node.getRight();
  switch (operator) {
    case "=":
      return assignTo(interpreter, left, interpreter.evaluate(right, frame), "set", frame, node);
    case "&&":
    case "||":
    case "??":
      return shortCircuit(interpreter, node, operator, frame);
    case "&&=":
    case "||=":
    case "??=": {
      const before = frame.save();
      const old = interpreter.evaluate(left, frame);
      const condition: Condition = { term: termOf(old), negated: operator !== "&&=", span: context.span(left) };
      return context.under(condition, () => {
        const value = interpreter.evaluate(right, frame);
        const combined = either(operator === "??=" ? undefined : termOf(old), [old, value]);
        // The variable may have kept its value: what it may hold is both.
        const stored = Node.isIdentifier(left) ? combined : value;
        if (Node.isIdentifier(left)) frame.restore(before);
        assignTo(interpreter, left, stored, operator === "??=" ? "putIfAbsent" : "set", frame, node);
        return combined;
      });
    }
    case ",":
      interpreter.evaluate(left, frame);
      return interpreter.evaluate(right, frame);
    default:
      break;
  }
  if (operator.endsWith("=") && !["==", "===", "!=", "!==", "<=", ">="].includes(operator)) {
    const used = !Node.isExpressionStatement(node.getParent());
    const added = evaluateData(interpreter, right, frame);
    if ((operator === "+=" || operator === "-=") && !used && left.getType().isNumber() && !Node.isIdentifier(left)) {
      const amount = operator === "+=" ? added : pure("-", [added]);
      return assignTo(interpreter, left, data(amount), "increment", frame, node);
    }
    const old = evaluateData(interpreter, left, frame);
    return assignTo(interpreter, left, data(pure(operator.slice(0, -1), [old, added])), "set", frame, node);
  }
  const a = interpreter.evaluate(left, frame);
  const b = interpreter.evaluate(right, frame);
  if (operator === "in") {
    const key = asPropertyName(interpreter.observe(a, left), left);
    return readPresence(interpreter, b, key, right);
  }
  if ((operator === "/" || operator === "%" || operator === "**") && left.getType().isBigInt()) {
    context.mayThrow(`\`${operator}\` on bigints throws for some operands`, node);
  }
  const identity = ["===", "!==", "==", "!="].includes(operator);
  if (identity && compareObjects(left.getType(), right.getType())) context.compare(node);
  const terms = identity
    ? [presence(interpreter, a, left), presence(interpreter, b, right)]
    : [interpreter.observe(a, left), interpreter.observe(b, right)];
  return data(pure(operator, terms));
}

/** Compared by identity, or negated, a container is only asked for whether it is there, which reading its place has recorded. */
function presence(interpreter: Interpreter, value: Value, node: Node): Term {
  return alternatives(value).every((one) => one.kind === "state" || one.kind === "fresh" || one.kind === "data")
    ? termOf(value)
    : interpreter.observe(value, node);
}

function shortCircuit(
  interpreter: Interpreter,
  node: BinaryExpression,
  operator: "&&" | "||" | "??",
  frame: Frame,
): Value {
  const { context } = interpreter;
  const left = interpreter.evaluate(node.getLeft(), frame);
  const on = alternatives(left).some((one) => one.kind === "peers" || one.kind === "this")
    ? interpreter.observe(left, node.getLeft())
    : termOf(left);
  const before = frame.save();
  const condition: Condition = { term: on, negated: operator !== "&&", span: context.span(node.getLeft()) };
  const right = context.under(condition, () => interpreter.evaluate(node.getRight(), frame));
  frame.merge(on, frame.save(), before);
  if (left.kind === "data" && right.kind === "data") return certain(pure(operator, [left.term, right.term]));
  if (operator === "&&") return either(on, [right, left]);
  return either(operator === "??" ? undefined : on, [left, right]);
}

function increment(
  interpreter: Interpreter,
  node: Expression,
  operand: Expression,
  operator: SyntaxKind.PlusPlusToken | SyntaxKind.MinusMinusToken,
  frame: Frame,
  result: "old" | "new",
): Value {
  const one: Term = { kind: "literal", value: operator === SyntaxKind.PlusPlusToken ? 1 : -1 };
  const used = !Node.isExpressionStatement(node.getParent());
  if (!used && !Node.isIdentifier(operand)) return assignTo(interpreter, operand, data(one), "increment", frame, node);
  const old = evaluateData(interpreter, operand, frame);
  const next = pure("+", [old, one]);
  assignTo(interpreter, operand, data(next), "set", frame, node);
  return data(result === "old" ? old : next);
}

function deletion(interpreter: Interpreter, target: Expression, frame: Frame): Value {
  const { context } = interpreter;
  if (!Node.isElementAccessExpression(target) && !Node.isPropertyAccessExpression(target)) {
    return data(context.giveUp("this `delete`", target));
  }
  const key: Term = Node.isPropertyAccessExpression(target)
    ? { kind: "literal", value: target.getName() }
    : elementKey(interpreter, target, frame);
  for (const receiver of alternatives(interpreter.evaluate(target.getExpression(), frame))) {
    if (receiver.kind === "fresh") {
      if (key.kind === "literal" && typeof key.value !== "object")
        removePart(interpreter, receiver.object, String(key.value), target);
      else scramble(interpreter, receiver.object, undefined, target);
    }
    const places =
      receiver.kind === "state" ? [receiver.place] : receiver.kind === "fresh" ? receiver.object.storedAt : undefined;
    if (places === undefined)
      return data(context.giveUp("`delete` on something that is not the node's own state", target));
    for (const place of places) {
      context.write({ ...place, keys: [...place.keys, key] }, "delete", undefined, target);
    }
  }
  return data({ kind: "literal", value: true });
}

/** What a spread puts into a list: of a text its characters, which are not the text. */
function listOf(term: Term, node: Expression): Term {
  return node.getType().getNonNullableType().isString() ? pure("Array.from", [term]) : term;
}

function objectLiteral(interpreter: Interpreter, properties: readonly Node[], frame: Frame): Value {
  const object = fresh("record", interpreter.context.currentGuard());
  for (const property of properties) {
    if (Node.isPropertyAssignment(property)) {
      const nameNode = property.getNameNode();
      const value = interpreter.evaluate(property.getInitializerOrThrow(), frame);
      if (Node.isComputedPropertyName(nameNode)) {
        const key = evaluateData(interpreter, nameNode.getExpression(), frame);
        override(object, [key, termOf(value)]);
        object.parts.push({ key, value });
      } else {
        object.fields.set(Node.isStringLiteral(nameNode) ? nameNode.getLiteralText() : nameNode.getText(), value);
      }
    } else if (Node.isShorthandPropertyAssignment(property)) {
      object.fields.set(property.getName(), resolveName(interpreter, property.getNameNode(), frame));
    } else if (Node.isSpreadAssignment(property)) {
      const value = interpreter.evaluate(property.getExpression(), frame);
      if (value.kind === "fresh" && value.object.is === "record") {
        const unnamed = [...value.object.spreads, ...value.object.parts.map((part) => termOf(part.value))];
        override(object, unnamed, new Set(value.object.fields.keys()));
        object.spreads.push(...value.object.spreads);
        for (const [name, part] of value.object.fields) object.fields.set(name, part);
        object.parts.push(...value.object.parts);
        object.sharedWith.push(...value.object.sharedWith);
      } else {
        for (const one of alternatives(value)) if (one.kind === "state") object.sharedWith.push(one.place);
        const spread = interpreter.observe(value, property);
        override(object, [spread]);
        object.spreads.push(spread);
      }
    } else {
      return data(interpreter.context.giveUp("a method or accessor in an object literal", property));
    }
  }
  return { kind: "fresh", object };
}

/** A function of the project's as a value: it may remember its calls. Those of the language do not. */
function isForeignFunction(node: PropertyAccessExpression): boolean {
  if (node.getType().getCallSignatures().length === 0) return false;
  const declaration = node.getNameNode().getSymbol()?.getDeclarations()[0];
  return declaration === undefined || !isLanguageLibrary(declaration);
}

function describe(node: Node): string {
  const words = node
    .getKindName()
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase();
  return `${words} \`${node.getText().slice(0, 40)}\``;
}
