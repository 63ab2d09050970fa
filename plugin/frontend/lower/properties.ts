import { Node, type ElementAccessExpression, type Expression } from "ts-morph";
import { HALVES } from "../../model/halves.ts";
import { writtenKey, type Term } from "../../model/term.ts";
import { instanceGetter } from "../syntax/lineage.ts";
import type { Frame } from "./frames.ts";
import { elementMayBeHalf } from "./halves.ts";
import type { Interpreter } from "./interpreter.ts";
import { distinct } from "./places.ts";
import { latticeProperty } from "./latticeProperties.ts";
import { projection } from "./projection.ts";
import {
  alternatives,
  data,
  either,
  isDataShape,
  pieceOf,
  pure,
  termOf,
  UNDEFINED,
  type Place,
  type Value,
} from "./values.ts";
import { numberOf } from "../syntax/numberOf.ts";

/** A key that is written out: `e[0]`, `e["name"]`. Properties and written-out keys name the same piece. */
export function literalKey(node: Expression): Term | undefined {
  if (Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node)) {
    return { kind: "literal", value: node.getLiteralText() };
  }
  return Node.isNumericLiteral(node) ? { kind: "literal", value: numberOf(node) } : undefined;
}

/**
 * The key of `receiver[key]`. Properties of objects are named by strings, whatever the key was: a number names the
 * same piece as its digits, which a key that keeps types apart would not.
 */
export function elementKey(interpreter: Interpreter, access: ElementAccessExpression, frame: Frame): Term {
  const argument = access.getArgumentExpressionOrThrow();
  const written = literalKey(argument);
  if (written !== undefined) return written;
  const key = interpreter.observe(interpreter.evaluate(argument, frame), argument);
  const receiver = access.getExpression().getType().getNonNullableType();
  return receiver.isArray() || receiver.isTuple() ? key : asPropertyName(key, argument);
}

/** A key as objects take it: what is not a string is made one. */
export function asPropertyName(key: Term, node: Expression): Term {
  const type = node.getType();
  const isString = type.isUnion()
    ? type.getUnionTypes().every((one) => one.isString() || one.isStringLiteral())
    : type.isString() || type.isStringLiteral() || type.isTemplateLiteral();
  return isString ? key : pure("String", [key]);
}

/** `key in receiver`, and what else asks whether an object has an own property. */
export function readPresence(interpreter: Interpreter, receiver: Value, key: Term, node: Node): Value {
  const places = alternatives(receiver).map((one) =>
    one.kind === "state" && one.place.shape.kind === "map" ? one.place : undefined,
  );
  const known = places.filter((place) => place !== undefined);
  if (known.length < places.length) return data(pure("in", [key, interpreter.observe(receiver, node)]));
  return data(
    pure(
      "in",
      known.map((place) => interpreter.context.read(pieceOf(place, key), "has", node)),
    ),
  );
}

/** `receiver.name`, for everything but calls. */
export function readProperty(interpreter: Interpreter, receiver: Value, name: string, node: Node): Value {
  const { context } = interpreter;
  switch (receiver.kind) {
    case "this":
      return readMember(interpreter, name, node);
    case "peers":
      if (name === "others") return { ...receiver, others: true };
      return data({
        kind: "configuration",
        field: receiver.field,
        path: `this.${receiver.field}${receiver.others ? ".others" : ""}.${name}`,
      });
    case "ref":
      if (name === "id") return data(receiver.id);
      return data(context.giveUp(`a message (\`${name}\`) that is not sent but used as a value`, node));
    case "self":
      return name === "id" ? data({ kind: "self" }) : data(context.giveUp(`self.${name}`, node));
    case "state":
      return (
        latticeProperty(interpreter, receiver.place, name, node) ?? readPiece(interpreter, receiver.place, name, node)
      );
    case "fresh": {
      const part = receiver.object.fields.get(name);
      if (part !== undefined) return part;
      const [stored] = receiver.object.storedAt;
      if (stored !== undefined) return readPiece(interpreter, stored, name, node);
      if (name !== "size" && name !== "length") {
        const shared = receiver.object.sharedWith.map((place) => readPiece(interpreter, place, name, node));
        if (shared.some((value) => value.kind === "state")) return either(undefined, shared);
      }
      return data(projection(termOf(receiver), name));
    }
    case "either":
      return either(
        receiver.on,
        distinct(receiver.of).map((one) => (isAbsent(one) ? UNDEFINED : readProperty(interpreter, one, name, node))),
      );
    case "data":
      if (receiver.term.kind === "unknown") return receiver;
      if (name === "stack") return data(context.giveUp("the trace of an error, which says where the code runs", node));
      return data(projection(receiver.term, name));
    case "entries":
      return data(projection(interpreter.observe(receiver, node), name));
    case "closure":
      return data(context.giveUp(`the property ${name} of a function`, node));
    case "facility": {
      const { is } = receiver;
      if (is.kind === "timers" && is.names.includes(name)) {
        return { kind: "facility", is: { kind: "timer", field: is.field, timer: name } };
      }
      return data(context.giveUp(`the property ${name} of ${is.field}`, node));
    }
  }
}

/** `receiver[key]` */
export function readElement(interpreter: Interpreter, receiver: Value, key: Term, node: Node): Value {
  if (Node.isElementAccessExpression(node) && elementMayBeHalf(node.getExpression())) {
    interpreter.context.mayThrow(HALVES, node);
  }
  if (key.kind === "literal" && (typeof key.value === "string" || typeof key.value === "number")) {
    if (receiver.kind === "data" || receiver.kind === "fresh")
      return readProperty(interpreter, receiver, String(key.value), node);
  }
  switch (receiver.kind) {
    case "state":
      return readPlace(interpreter, pieceOf(receiver.place, key), node);
    case "either":
      return either(
        receiver.on,
        distinct(receiver.of).map((one) => (isAbsent(one) ? UNDEFINED : readElement(interpreter, one, key, node))),
      );
    case "fresh": {
      const [stored] = receiver.object.storedAt;
      if (stored !== undefined) return readPlace(interpreter, pieceOf(stored, key), node);
      if (holdsAliases(receiver))
        return data(interpreter.context.giveUp("a computed element of a collection of containers", node));
      return data(pure("[]", [termOf(receiver), key]));
    }
    case "data":
      return data(pure("[]", [receiver.term, key]));
    case "this":
      return data(interpreter.context.giveUp("a computed property of `this`: it may be any field", node));
    case "peers":
    case "ref":
    case "self":
    case "entries":
    case "closure":
    case "facility":
      return data(interpreter.context.giveUp("a computed property", node));
  }
}

/** Observes what stands at a place: data is copied out, a container is an alias. */
export function readPlace(interpreter: Interpreter, place: Place, node: Node): Value {
  const term = interpreter.context.read(place, "value", node);
  return isDataShape(place.shape) ? data(term) : { kind: "state", place };
}

function readPiece(interpreter: Interpreter, place: Place, name: string, node: Node): Value {
  const { context } = interpreter;
  switch (place.shape.kind) {
    case "map":
    case "set":
      if (name === "size") return data(context.read(place, "size", node));
      return readPlace(interpreter, pieceOf(place, { kind: "literal", value: name }), node);
    case "array":
      return data(context.read(place, name === "length" ? "size" : "order", node));
    case "record": {
      const piece = pieceOf(place, { kind: "literal", value: name });
      return isFixed(interpreter, piece) ? { kind: "state", place: piece } : readPlace(interpreter, piece, node);
    }
    case "scalar":
    case "opaque":
      return data(projection(context.read(place, "order", node), name));
  }
}

/** Whether the same container stands at a place for the whole run. */
function isFixed({ context }: Interpreter, { field, keys }: Place): boolean {
  const facts = context.fields.get(field);
  if (facts?.kind !== "state" || facts.fixed.size === 0) return false;
  const path = keys.map(writtenKey);
  return path.every((part) => part !== undefined) && facts.fixed.has(path.join("."));
}

function readMember(interpreter: Interpreter, name: string, node: Node): Value {
  const { context } = interpreter;
  const facts = context.fields.get(name);
  if (facts === undefined) {
    const getter = instanceGetter(context.owner, name);
    if (getter !== undefined) {
      return interpreter.execute(
        { name, node: getter, outer: undefined, helper: undefined, repeated: false },
        [],
        node,
      );
    }
    return data(context.giveUp(`the member ${name} of \`this\`, used as a value`, node));
  }
  switch (facts.kind) {
    case "state": {
      const place: Place = { field: name, keys: [], shape: facts.shape };
      if (isDataShape(facts.shape)) return data(context.read(place, "value", node));
      if (facts.shape.kind === "opaque") {
        context.giveUp(`the field ${name}: its type is not one of those that state is made of`, node);
      } else if (facts.reassigned) {
        context.read(place, "value", node);
      }
      return { kind: "state", place };
    }
    case "configuration":
      return data({ kind: "configuration", field: name, path: `this.${name}` });
    case "peers":
      return { kind: "peers", field: name, role: facts.role, others: false };
    case "peer":
      return {
        kind: "ref",
        destination: { kind: "only", field: name },
        roles: [facts.role],
        id: { kind: "configuration", field: name, path: `this.${name}.id` },
      };
    case "self":
      return { kind: "self" };
    case "journal":
      return { kind: "facility", is: { kind: "journal", field: name } };
    case "timers":
      return { kind: "facility", is: { kind: "timers", field: name, names: facts.names } };
  }
}

/** Whether something that is not data is reachable from a value. */
export function holdsAliases(value: Value): boolean {
  switch (value.kind) {
    case "state":
    case "entries":
      return true;
    case "fresh":
      return (
        (value.object.is !== "record" && value.object.spreads.length > 0 && value.object.sharedWith.length > 0) ||
        [...value.object.fields.values(), ...value.object.parts.map((part) => part.value)].some(
          (part) => part.kind === "fresh" || holdsAliases(part),
        )
      );
    case "either":
      return value.of.some(holdsAliases);
    case "data":
    case "peers":
    case "ref":
    case "self":
    case "this":
    case "closure":
    case "facility":
      return false;
  }
}

function isAbsent(value: Value): boolean {
  return (
    value.kind === "data" &&
    value.term.kind === "literal" &&
    (value.term.value === undefined || value.term.value === null)
  );
}
