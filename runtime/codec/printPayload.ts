/**
 * Plain data as text: equal exactly when the language takes two values for the same (the order of properties and
 * properties that are undefined make no difference, the order of a Map or Set does), and readable.
 */
export function printPayload(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${String(value)}n`;
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value);
  if (value instanceof Uint8Array) return `bytes(${Buffer.from(value).toString("hex")})`;
  if (value instanceof Map)
    return `Map { ${printList([...value], ([key, entry]) => `${printPayload(key)} => ${printPayload(entry)}`)} }`;
  if (value instanceof Set) return `Set { ${printList([...value], printPayload)} }`;
  if (Array.isArray(value)) return `[${printList(value, printPayload)}]`;
  const properties = Object.entries(value).filter(([, property]) => property !== undefined);
  properties.sort(([a], [b]) => (a < b ? -1 : 1));
  return properties.length === 0
    ? "{}"
    : `{ ${printList(properties, ([name, property]) => `${printName(name)}: ${printPayload(property)}`)} }`;
}

function printList<T>(values: readonly T[], print: (value: T) => string): string {
  return values.map(print).join(", ");
}

function printName(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
}
