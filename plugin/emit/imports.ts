/** The import block of a generated file. */
import { LINE_WIDTH } from "./emittedFile.ts";

/** One name that a file imports. */
export interface ImportedName {
  readonly specifier: string;
  /** The name over there; `default` and `*` (the whole namespace) are special. */
  readonly name: string;
  readonly local: string;
  readonly typeOnly: boolean;
}

/** The import statements for these names: one per module, packages first, sorted throughout. */
export function printImports(names: readonly ImportedName[]): string {
  const bySpecifier = groupBy(mergeSame(names), (name) => name.specifier);
  return [...bySpecifier.entries()]
    .sort(([a], [b]) => compareBy([distance(a), a], [distance(b), b]))
    .flatMap(([specifier, group]) => printModule(specifier, group))
    .join("");
}

/** A name that is asked for twice is imported once: as a value, if either use needs one. */
function mergeSame(names: readonly ImportedName[]): readonly ImportedName[] {
  const groups = groupBy(names, ({ specifier, name, local }) => JSON.stringify([specifier, name, local]));
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map((name) => ({ ...name, typeOnly: group.every(({ typeOnly }) => typeOnly) })),
  );
}

function printModule(specifier: string, names: readonly ImportedName[]): readonly string[] {
  const from = `from ${JSON.stringify(specifier)};\n`;
  const namespaces = names.filter(({ name }) => name === "*");
  const others = names.filter(({ name }) => name !== "*");
  return [
    ...namespaces.map(({ local, typeOnly }) => `import ${typeOnly ? "type " : ""}* as ${local} ${from}`),
    ...(others.length === 0 ? [] : [printNamed(others, from)]),
  ];
}

function printNamed(names: readonly ImportedName[], from: string): string {
  const allTypes = names.every(({ typeOnly }) => typeOnly);
  // `import type A, { B }` is not allowed, and `import A, { type B }` would import a type A as a value.
  const main = names.find(({ name, typeOnly }) => name === "default" && (!typeOnly || names.length === 1));
  const parts = names
    .filter((name) => name !== main)
    .sort((a, b) => compareBy([a.local.toLowerCase(), a.local], [b.local.toLowerCase(), b.local]))
    .map(({ name, local, typeOnly }) => {
      const renamed = name === local ? name : `${name} as ${local}`;
      return typeOnly && !allTypes ? `type ${renamed}` : renamed;
    });
  const start = `import ${allTypes ? "type " : ""}${main?.local ?? ""}`;
  if (parts.length === 0) return `${start} ${from}`;
  const before = main === undefined ? start : `${start}, `;
  const line = `${before}{ ${parts.join(", ")} } ${from}`;
  return line.length <= LINE_WIDTH + 1 ? line : `${before}{\n${parts.map((part) => `  ${part},\n`).join("")}} ${from}`;
}

/** Packages, then what is above, then what is beside. */
function distance(specifier: string): string {
  if (specifier.startsWith("./")) return "2";
  return specifier.startsWith("../") ? "1" : "0";
}

/** Orders by the first parts that differ, by code units: the same on every machine. */
function compareBy(a: readonly string[], b: readonly string[]): number {
  for (const [i, part] of a.entries()) {
    const other = b[i] ?? "";
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
