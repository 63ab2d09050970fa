/**
 * What the names of pure terms mean. Lowering gives a computation its name; whoever compares, judges or prints pure terms
 * reads it here.
 *
 * | name | arguments | written |
 * |---|---|---|
 * | `` `${}/${}` `` | what stands in the holes | the template; in the texts between, `\`, `` ` ``, `$` and `{` are escaped |
 * | `+`, `%`, `>>>`, `===` … | two | `a + b` |
 * | `!`, `-`, `+`, `~`, `typeof` | one | `-a` |
 * | `?:` | condition, then, else | `a ? b : c` |
 * | `[]` | object, index | `a[b]` |
 * | `array` | elements | `[a, b]` |
 * | `.slice` … (a method of the language) | receiver, arguments | `a.slice(b)` |
 * | `.length`, `.0` … (any other property) | object | `a.length`, `a[0]` |
 * | `String`, `Math.floor` … (a function of the language) | arguments | `Math.floor(a)` |
 * | `folder/file.ts#hash` (a function of that module) | arguments | `hash(a)` |
 * | `folder/file.ts#LIMIT` (a constant of that module) | none | `LIMIT` |
 * | `folder/file.ts#(hash)` (the module keeps it to itself, or in a namespace) | as above | cannot be written elsewhere |
 *
 * What modules declare is named with the module, since two modules may use one name for different things.
 */
export type PureForm =
  /** The texts between the holes: one more than there are arguments. As written in a template, escapes included. */
  | { readonly kind: "template"; readonly texts: readonly string[] }
  | { readonly kind: "binary"; readonly operator: string }
  | { readonly kind: "prefix"; readonly operator: string }
  | { readonly kind: "conditional" }
  | { readonly kind: "element" }
  | { readonly kind: "tuple" }
  | { readonly kind: "method"; readonly name: string }
  | { readonly kind: "property"; readonly name: string }
  | { readonly kind: "language"; readonly name: string }
  | { readonly kind: "module"; readonly file: string; readonly name: string; readonly exported: boolean };

/** The form of a pure term of this name and so many arguments; undefined for what lowering gives a name of its own. */
export function pureForm(name: string, args: number): PureForm | undefined {
  const { file, exported, kept } = MODULE_NAME.exec(name)?.groups ?? {};
  const declared = exported ?? kept;
  if (file !== undefined && declared !== undefined) {
    return { kind: "module", file, name: declared, exported: exported !== undefined };
  }
  if (name.startsWith("`")) {
    const texts = name.slice(1, -1).split("${}");
    return texts.length === args + 1 ? { kind: "template", texts } : undefined;
  }
  if (name === "array") return { kind: "tuple" };
  if (name === "[]") return args === 2 ? { kind: "element" } : undefined;
  if (name === "?:") return args === 3 ? { kind: "conditional" } : undefined;
  if (args === 1 && PREFIXES.has(name)) return { kind: "prefix", operator: name };
  if (args === 2 && BINARY.has(name)) return { kind: "binary", operator: name };
  if (name.startsWith(".")) {
    const own = name.slice(1);
    if (args >= 1 && METHODS.has(own)) return { kind: "method", name: own };
    return args === 1 && /^[\p{ID_Continue}$]+$/u.test(own) ? { kind: "property", name: own } : undefined;
  }
  return args >= 1 && (FUNCTIONS.has(name) || name.startsWith("Math.")) ? { kind: "language", name } : undefined;
}

/** The name of what a module declares. @param exported Under that name. */
export function moduleName(file: string, name: string, exported: boolean): string {
  return `${file}#${exported ? name : `(${name})`}`;
}

/** The name as people know it: less the module. */
export function shortName(name: string): string {
  const { exported, kept } = MODULE_NAME.exec(name)?.groups ?? {};
  return exported ?? kept ?? name;
}

/** The text between the holes of a template, as it is written there: a carriage return as it stands would be a line feed. */
export function escapeTemplate(text: string): string {
  return text.replace(/[\\`${]/g, "\\$&").replace(/\r/g, "\\r");
}

/** The text that {@link escapeTemplate} has written. */
export function unescapeTemplate(text: string): string {
  return text.replace(/\\(.)/g, (_, escaped: string) => (escaped === "r" ? "\r" : escaped));
}

const MODULE_NAME =
  /^(?<file>[^`#]*\.[cm]?[jt]sx?)#(?:(?<exported>[\p{ID_Continue}$]+)|\((?<kept>[\p{ID_Continue}$.]+)\))$/u;

const PREFIXES: ReadonlySet<string> = new Set(["!", "-", "+", "~", "typeof"]);

/** Ordered by how tightly they bind, the loosest first. */
export const PRECEDENCE: readonly (readonly string[])[] = [
  ["??"],
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["===", "!==", "==", "!="],
  ["<", ">", "<=", ">="],
  ["<<", ">>", ">>>"],
  ["+", "-"],
  ["*", "/", "%"],
  ["**"],
];
const BINARY: ReadonlySet<string> = new Set(PRECEDENCE.flat());

/** Methods of strings, numbers, bigints, arrays and the like that compute a value from plain arguments. */
const METHODS: ReadonlySet<string> = new Set([
  "at",
  "charAt",
  "charCodeAt",
  "codePointAt",
  "concat",
  "endsWith",
  "includes",
  "indexOf",
  "join",
  "lastIndexOf",
  "normalize",
  "padEnd",
  "padStart",
  "repeat",
  "replace",
  "replaceAll",
  "slice",
  "split",
  "startsWith",
  "substring",
  "toExponential",
  "toFixed",
  "toLowerCase",
  "toPrecision",
  "toReversed",
  "toString",
  "toUpperCase",
  "trim",
  "trimEnd",
  "trimStart",
]);

/** Functions of the language that compute a value from plain arguments; those of `Math` too. */
const FUNCTIONS: ReadonlySet<string> = new Set([
  "BigInt",
  "BigInt.asIntN",
  "BigInt.asUintN",
  "Boolean",
  "JSON.stringify",
  "Number",
  "Number.isInteger",
  "Number.isSafeInteger",
  "Number.parseFloat",
  "Number.parseInt",
  "String",
  "String.fromCharCode",
  "String.fromCodePoint",
  "decodeURIComponent",
  "encodeURIComponent",
  "parseFloat",
  "parseInt",
]);
