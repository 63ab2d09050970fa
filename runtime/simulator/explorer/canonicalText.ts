/**
 * State as text: equal exactly when nobody who runs on it can tell a difference. So iteration orders count, a property that
 * is undefined is not the same as none, and a container that hangs in two places is not the same as two that are equal: what
 * is done to the one is done to the other.
 */
import { contentOf, isLattice } from "../../../decorators/lattice.ts";
import { kindOf } from "../../codec/plainData.ts";

/** @throws TypeError when a value is not plain data, so that nobody knows what it will do. */
export function canonicalText(value: unknown): string {
  return print(value, new Map());
}

/** @param seen the containers so far, numbered */
function print(value: unknown, seen: Map<object, number>): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${String(value)}n`;
    case "boolean":
      return value ? "t" : "f";
    case "undefined":
      return "u";
    case "object":
      return value === null ? "0n0" : printContainer(value, seen);
    case "function":
    case "symbol":
      throw new TypeError(`A ${typeof value} is no plain data.`);
  }
}

function printContainer(container: object, seen: Map<object, number>): string {
  const number = seen.get(container);
  if (number !== undefined) return `#${String(number)}`;
  seen.set(container, seen.size);
  if (isLattice(container)) return `${container.constructor.name}${print(contentOf(container), seen)}`;
  switch (kindOf(container)) {
    case "map": {
      let text = "M(";
      for (const [key, entry] of container as ReadonlyMap<unknown, unknown>)
        text += `${print(key, seen)}:${print(entry, seen)},`;
      return `${text})`;
    }
    case "set": {
      let text = "S(";
      for (const member of container as ReadonlySet<unknown>) text += `${print(member, seen)},`;
      return `${text})`;
    }
    case "array": {
      let text = "[";
      for (let i = 0; i < (container as unknown[]).length; i++)
        text += i in container ? `${print((container as unknown[])[i], seen)},` : "-,";
      return `${text}]`;
    }
    case "record": {
      let text = "{";
      for (const [name, property] of Object.entries(container))
        text += `${JSON.stringify(name)}:${print(property, seen)},`;
      return `${text}}`;
    }
    case "bytes":
      return `B${Buffer.from(container as Uint8Array).toString("base64")}`;
    case "other":
      // Those of components never change: the membrane takes no others. Those of drivers may remember where they were.
      if (container instanceof RegExp) return `${String(container)}${String(container.lastIndex)}`;
      throw new TypeError(`An instance of ${container.constructor.name} is no plain data.`);
  }
}
