import type { Node } from "ts-morph";

/**
 * Whether a declaration is part of the language's own library (`lib.es2022.d.ts` and its kin), not of a host or a
 * package. What the language offers is deterministic, but for the names below.
 */
export function isLanguageLibrary(declaration: Node): boolean {
  return /^lib\..*d\.ts$/.test(declaration.getSourceFile().getBaseName());
}

/** Globals whose results depend on something other than their arguments: time, chance, locale, garbage collection. */
export const IMPURE_GLOBALS: ReadonlySet<string> = new Set([
  "Date",
  "Intl",
  "WeakRef",
  "FinalizationRegistry",
  "Promise",
  "Proxy",
  "Reflect",
  "SharedArrayBuffer",
  "Atomics",
  "eval",
  "Function",
  "globalThis",
  "Symbol",
]);

/** Methods of the language that depend on the locale or on chance. */
export const IMPURE_METHODS: ReadonlySet<string> = new Set([
  "random",
  "localeCompare",
  "toLocaleString",
  "toLocaleUpperCase",
  "toLocaleLowerCase",
  "toLocaleDateString",
  "toLocaleTimeString",
]);

/** Methods that change the array, map or set that they are called on. */
export const CHANGING_METHODS: ReadonlySet<string> = new Set([
  "set",
  "add",
  "delete",
  "clear",
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "sort",
  "reverse",
  "fill",
  "copyWithin",
  "subarray", // shares its bytes
  "next",
]);

/** Methods that run another method, on what they are given. */
export const INDIRECT_METHODS: ReadonlySet<string> = new Set(["call", "apply", "bind"]);

/** Methods after which the elements of an array stand elsewhere. */
export const REARRANGING_METHODS: ReadonlySet<string> = new Set([
  "pop",
  "shift",
  "unshift",
  "splice",
  "sort",
  "reverse",
  "fill",
  "copyWithin",
]);

/** Methods and functions of the language that make a new array. */
export const ARRAY_MAKING: ReadonlySet<string> = new Set([
  "map",
  "filter",
  "flatMap",
  "slice",
  "concat",
  "flat",
  "toSorted",
  "toReversed",
  "toSpliced",
  "split",
  "Array.from",
  "Array.of",
  "Object.keys",
  "Object.values",
  "Object.entries",
]);

/** Functions and methods of the language that throw for some arguments of the right type. */
export const THROWING: ReadonlySet<string> = new Set([
  "parse",
  "BigInt",
  "decodeURI",
  "decodeURIComponent",
  "encodeURI",
  "encodeURIComponent",
  "repeat",
  "normalize",
  "toFixed",
  "toPrecision",
  "toExponential",
  "fromCharCode", // halves of characters, which cannot be sent
  "fromCodePoint",
  "padStart",
  "padEnd",
  "with",
  "matchAll",
  "replaceAll",
  "structuredClone",
  "assign",
  "defineProperty",
]);

/** Methods that call a function for (some of) the elements, and whose result depends only on what it returns. */
export const CALLBACK_METHODS: ReadonlySet<string> = new Set([
  "forEach",
  "map",
  "filter",
  "some",
  "every",
  "find",
  "findIndex",
  "findLast",
  "findLastIndex",
  "flatMap",
  "reduce",
  "reduceRight",
  "sort",
  "toSorted",
  "from",
]);
