/** Handlers at random: steps on state of every kind, for the tests of what stands between a handler and the state. */
import fc from "fast-check";

/** State of every kind, nested. */
export class Sample {
  count: unknown = 0;
  map = new Map<unknown, unknown>([["a", 1]]);
  set = new Set<unknown>(["a"]);
  list: unknown[] = [];
  record: Record<string, unknown> = { a: 1 };
  bytes = new Uint8Array([1, 2, 3]);
}

type Kind = "primitive" | "newMap" | "newSet" | "newList" | "newRecord" | "newBytes" | "existing";
export interface Step {
  readonly path: readonly number[];
  readonly op: number;
  readonly key: unknown;
  readonly other: unknown;
  readonly value: { readonly kind: Kind; readonly path: readonly number[]; readonly primitive: unknown };
}
export interface Activation {
  readonly steps: readonly Step[];
  readonly fails: boolean;
}

const key = fc.constantFrom<unknown>("a", "b", "c", 0, -0, 1, 2n, NaN, true, null, undefined);
const path = fc.array(fc.nat({ max: 6 }), { maxLength: 3 });
const step: fc.Arbitrary<Step> = fc.record({
  path,
  op: fc.nat({ max: 11 }),
  key,
  other: key,
  value: fc.record({
    kind: fc.constantFrom<Kind>("primitive", "newMap", "newSet", "newList", "newRecord", "newBytes", "existing"),
    path,
    primitive: key,
  }),
});
export const activations: fc.Arbitrary<readonly Activation[]> = fc.array(
  fc.record({ steps: fc.array(step, { maxLength: 12 }), fails: fc.boolean() }),
  { maxLength: 6 },
);

/** The container that is reached by following the i-th content, for as long as contents are containers. */
function follow(root: object, steps: readonly number[]): object {
  let current: object = root;
  for (const i of steps) {
    const next = contents(current).filter((value): value is object => typeof value === "object" && value !== null);
    const chosen = next[i % Math.max(1, next.length)];
    if (chosen === undefined) break;
    current = chosen;
  }
  return current;
}

function contents(container: object): unknown[] {
  if (container instanceof Uint8Array || container instanceof Set) return [];
  return container instanceof Map ? [...container.values()] : Object.values(container);
}

function valueOf(root: object, { value }: Step): unknown {
  switch (value.kind) {
    case "primitive":
      return value.primitive;
    case "newMap":
      return new Map<unknown, unknown>([["x", value.primitive]]);
    case "newSet":
      return new Set<unknown>([value.primitive]);
    case "newList":
      return [follow(root, value.path)].filter((part) => part !== root && !reaches(part, part));
    case "newRecord":
      return { x: value.primitive, y: [value.primitive] };
    case "newBytes":
      return new Uint8Array([7, 8]);
    case "existing": {
      const found = follow(root, value.path);
      return found === root ? 0 : found;
    }
  }
}

/** Whether storing `value` in `target` would make a cycle; the language has trees only. */
function reaches(from: unknown, target: object, depth = 0): boolean {
  if (typeof from !== "object" || from === null) return false;
  if (depth > 0 && from === target) return true;
  return contents(from).some((part) => part === target || reaches(part, target, depth + 1));
}

/** Performs one step, and returns everything that a handler could observe of it. */
export function perform(root: object, s: Step): unknown {
  const target = follow(root, s.path);
  const value = valueOf(root, s);
  const storable = value === target || reaches(value, target) ? 0 : value;
  if (target instanceof Uint8Array) return (target[s.op % 3] = s.op);
  if (target instanceof Map) return performOnMap(target, s, storable);
  if (target instanceof Set) return performOnSet(target, s);
  if (Array.isArray(target)) return performOnList(target, s, storable);
  return performOnRecord(target as Record<string, unknown>, s, storable, target === root);
}

function performOnMap(map: Map<unknown, unknown>, s: Step, value: unknown): unknown {
  switch (s.op) {
    case 0:
    case 1:
    case 2:
      return map.set(s.key, value) === map;
    case 3:
      return map.delete(s.key);
    case 4:
      map.delete(s.key);
      return map.set(s.key, value).size;
    case 5:
      map.clear();
      return map.size;
    case 6: {
      const seen: unknown[] = [];
      for (const [k] of map) {
        seen.push(k);
        if (seen.length > 20) break;
        if (k === s.key) map.delete(s.other);
        else if (seen.length < 3) map.set(s.other, 1);
      }
      return seen;
    }
    case 7: {
      const seen: unknown[] = [];
      map.forEach((_v, k, same) => seen.push(k, same === map));
      return seen;
    }
    case 8: {
      const iterator = map.keys();
      for (const _first of iterator) break;
      map.delete(s.key);
      map.set(s.key, 2);
      return [...iterator, iterator.next().done];
    }
    case 9:
      return [map.get(s.key) === map.get(s.key), dump(map.get(s.key)), map.has(s.other)];
    case 10:
      return dump(new Map(map));
    default:
      return [map instanceof Map, Object.prototype.toString.call(map), map.size];
  }
}

function performOnSet(set: Set<unknown>, s: Step): unknown {
  switch (s.op) {
    case 0:
    case 1:
    case 2:
      return set.add(s.key) === set;
    case 3:
    case 4:
      return set.delete(s.key);
    case 5:
      set.clear();
      return set.size;
    case 6: {
      const seen: unknown[] = [];
      for (const member of set) {
        seen.push(member);
        if (seen.length > 20) break;
        set.delete(s.key);
        if (seen.length < 4) set.add(s.key).add(s.other);
      }
      return seen;
    }
    case 7:
      return [...set.entries()];
    case 8:
      return [set.has(s.key), set.size, set instanceof Set];
    default:
      return [...new Set(set)];
  }
}

function performOnList(list: unknown[], s: Step, value: unknown): unknown {
  switch (s.op) {
    case 0:
    case 1:
      return list.push(value, 1);
    case 2:
      return dump(list.pop());
    case 3:
      return dump(list.shift());
    case 4:
      return list.unshift(value);
    case 5:
      return dump(list.splice(s.value.path[0] ?? 0, 1, value));
    case 6:
      list.length = Math.min(list.length, s.path.length);
      return list.length;
    case 7:
      list[s.path.length + 1] = value;
      return [list.length, 0 in list];
    case 8:
      return dump(list.filter((element) => element !== 1));
    case 9:
      return [list.includes(value), list.indexOf(list.at(-1)), Array.isArray(list), dump([...list.keys()])];
    case 10:
      return Reflect.deleteProperty(list, s.path.length);
    default:
      return dump([...list, ...list.slice().reverse()]);
  }
}

function performOnRecord(record: Record<string, unknown>, s: Step, value: unknown, isRoot: boolean): unknown {
  const fields = Object.keys(record);
  const name = isRoot ? (fields[s.op % fields.length] ?? "count") : String(s.key);
  switch (s.op) {
    case 0:
    case 1:
    case 2:
    case 3:
      // A field keeps its kind, so that other steps find something to work on.
      if (isRoot && typeof record[name] !== typeof value) return undefined;
      record[name] = value;
      return dump(record[name]);
    case 4:
    case 5:
      return isRoot ? undefined : Reflect.deleteProperty(record, name);
    case 6:
      return fields;
    case 7:
      return dump({ ...record });
    case 8:
      return [name in record, Object.hasOwn(record, name)];
    default:
      return dump(record[name]);
  }
}

/** Plain text of a value, in which order, holes, and kinds show. */
export function dump(value: unknown): unknown {
  if (typeof value !== "object" || value === null)
    return Object.is(value, -0) ? "-0" : typeof value === "bigint" ? `${String(value)}n` : value;
  if (value instanceof Uint8Array) return ["bytes", ...value];
  if (value instanceof Map) return ["map", ...[...value].map(([k, v]) => [dump(k), dump(v)])];
  if (value instanceof Set) return ["set", ...[...value].map(dump)];
  if (Array.isArray(value)) return ["list", value.length, ...Object.entries(value).map(([k, v]) => [k, dump(v)])];
  return ["record", ...Object.entries(value).map(([k, v]) => [k, dump(v)])];
}

/** A copy in which what is shared stays shared. Not structuredClone: in Jest its containers are of another realm. */
export function copyOf(sample: Sample): Sample {
  const copies = new Map<object, unknown>();
  const copy = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (copies.has(value)) return copies.get(value);
    const fresh = emptyLike(value);
    copies.set(value, fresh);
    if (value instanceof Map && fresh instanceof Map) for (const [k, v] of value) fresh.set(k, copy(v));
    else if (value instanceof Set && fresh instanceof Set) for (const v of value) fresh.add(v);
    else if (Array.isArray(value) && Array.isArray(fresh)) fresh.length = value.length;
    if (!(value instanceof Uint8Array)) for (const [k, v] of Object.entries(value)) Reflect.set(fresh, k, copy(v));
    return fresh;
  };
  return copy(sample) as Sample;
}

function emptyLike(value: object): object {
  if (value instanceof Uint8Array) return value.slice();
  if (value instanceof Map) return new Map();
  if (value instanceof Set) return new Set();
  if (Array.isArray(value)) return [];
  return value instanceof Sample ? new Sample() : {};
}
