/** Why a value cannot travel, with the path to the offending part. Runs only after the encoder has refused. */
import { isBound } from "../../decorators/binding.ts";
import { isLattice } from "../../decorators/lattice.ts";
import { isWellFormed, kindOf, MAX_NESTING } from "./plainData.ts";

/** A payload that is not plain data, or bytes that are not a payload. */
export class PayloadError extends Error {
  override readonly name = "PayloadError";
}

/** The error for a payload that the encoder refused. */
export function explainRefusal(payload: unknown): PayloadError {
  const fault = findFault(payload, "payload", []);
  return new PayloadError(fault ?? "payload changed while it was being encoded: one of its parts computes its value.");
}

/** The error for a message that holds NaN, which no handler takes. */
export function notANumber(payload: unknown): PayloadError {
  const path = findNaN(payload, "payload") ?? "payload";
  return new PayloadError(`${path} is NaN, which has no order among numbers. Send null, or leave it out.`);
}

function findNaN(value: unknown, path: string): string | undefined {
  if (typeof value === "number") return Number.isNaN(value) ? path : undefined;
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return undefined;
  if (value instanceof Map || value instanceof Set) return firstFault([...value].flat(), (part) => findNaN(part, path));
  const within = (name: string): string => (Array.isArray(value) ? `${path}[${name}]` : joinPath(path, name));
  return firstFault(Object.entries(value), ([name, part]) => findNaN(part, within(name)));
}

/** The first part of `value` that cannot travel, as a sentence; undefined when all of it can. */
function findFault(value: unknown, path: string, ancestors: readonly object[]): string | undefined {
  switch (typeof value) {
    case "undefined":
    case "boolean":
    case "number":
    case "bigint":
      return undefined;
    case "string":
      return isWellFormed(value) ? undefined : `${path} is not well-formed Unicode text. Send bytes as a Uint8Array.`;
    case "function":
      return `${path} is a function, and messages carry plain data only.`;
    case "symbol":
      return `${path} is a symbol, and messages carry plain data only.`;
    case "object":
      return value === null ? undefined : findFaultInObject(value, path, ancestors);
  }
}

function findFaultInObject(value: object, path: string, ancestors: readonly object[]): string | undefined {
  if (ancestors.includes(value)) return `${path} leads back to the object that contains it; messages cannot be cyclic.`;
  if (ancestors.length >= MAX_NESTING) return `${path} is nested more than ${String(MAX_NESTING)} deep.`;
  const within = [...ancestors, value];
  switch (kindOf(value)) {
    case "bytes":
      return undefined;
    case "array":
      return firstFault((value as readonly unknown[]).entries(), ([index, element]) =>
        findFault(element, `${path}[${String(index)}]`, within),
      );
    case "map":
      return firstFault(
        value as ReadonlyMap<unknown, unknown>,
        ([key, element]) =>
          findFaultInKey(key, `a key of ${path}`) ?? findFault(element, `${path}.get(${printKey(key)})`, within),
      );
    case "set":
      return firstFault(value as ReadonlySet<unknown>, (member) => findFaultInKey(member, `a member of ${path}`));
    case "record":
      return firstFault(Reflect.ownKeys(value), (key) => findFaultInProperty(value, key, path, within));
    case "other":
      return describeInstance(value, path);
  }
}

function findFaultInProperty(
  value: object,
  key: string | symbol,
  path: string,
  ancestors: readonly object[],
): string | undefined {
  if (typeof key === "symbol") return `${path} has a property named by a symbol (${String(key)}), which cannot travel.`;
  const property = Object.getOwnPropertyDescriptor(value, key);
  if (property?.get !== undefined || property?.set !== undefined) {
    return `${joinPath(path, key)} is an accessor; messages carry values. Write the value into the message instead.`;
  }
  if (!isWellFormed(key)) return `a property name of ${path} is not well-formed Unicode text.`;
  return findFault((value as { readonly [name: string]: unknown })[key], joinPath(path, key), ancestors);
}

function findFaultInKey(key: unknown, path: string): string | undefined {
  if (typeof key === "object" && key !== null) {
    return `${path} is an object. Keys and members are strings, numbers, bigints or booleans, so that equal ones meet.`;
  }
  return findFault(key, path, []);
}

function firstFault<T>(parts: Iterable<T>, fault: (part: T) => string | undefined): string | undefined {
  for (const part of parts) {
    const found = fault(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

function describeInstance(value: object, path: string): string {
  if (isBound(value)) {
    return `${path} is a reference to a node or a membership. Send its id: ${path}: ref.id.`;
  }
  if (isLattice(value)) return describeLattice(value, path);
  if (value instanceof Date) return `${path} is a Date. Send the number: date.getTime().`;
  if (value instanceof Error) return `${path} is an Error. Send its message: error.message.`;
  const constructor: unknown = (value as { readonly constructor?: unknown }).constructor;
  const name = typeof constructor === "function" && constructor.name !== "" ? constructor.name : "a class";
  return `${path} is an instance of ${name}, and messages carry plain data only. Send its fields: { ...${lastName(path)} }.`;
}

function describeLattice(lattice: object, path: string): string {
  const name = lattice.constructor.name;
  const what: { readonly [name: string]: string } = {
    GrowSet: "its members: [...set]",
    MaxReg: "its value: register.value",
    GrowMap: "what the receiver needs of its entries: map.at(key)",
    Counter: "its value: counter.value",
    Tally: "how many there are for a key: tally.count(key)",
    Once: "whether it has happened for a key: once.has(key)",
  };
  return `${path} is a ${name}, which is state of its node. Send ${what[name] ?? "what it holds"}.`;
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

function joinPath(path: string, property: string): string {
  return IDENTIFIER.test(property) ? `${path}.${property}` : `${path}[${JSON.stringify(property)}]`;
}

function lastName(path: string): string {
  return /[\p{ID_Continue}$]+$/u.exec(path)?.[0] ?? "value";
}

function printKey(key: unknown): string {
  return typeof key === "string" ? JSON.stringify(key) : String(key);
}
