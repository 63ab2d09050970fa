/** What the methods of arrays, maps, sets and iterators return, as far as identity goes. */

/** One of the objects inside of the receiver. */
export const ELEMENT_METHODS: ReadonlySet<string> = new Set(["get", "at", "find", "findLast", "pop", "shift", "next"]);

/** The receiver itself, or an iterator over it. */
export const SAME_METHODS: ReadonlySet<string> = new Set([
  "values",
  "keys",
  "entries",
  "set",
  "add",
  "sort",
  "reverse",
  "fill",
]);

/** A fresh array of the same objects. */
export const COPY_METHODS: ReadonlySet<string> = new Set([
  "slice",
  "filter",
  "concat",
  "toSorted",
  "toReversed",
  "toSpliced",
  "with",
]);

/** Functions that return a fresh array of what is inside of their argument. */
export const COPY_FUNCTIONS: ReadonlySet<string> = new Set([
  "Array.from",
  "Object.values",
  "Object.keys",
  "Object.entries",
]);

/** Methods whose callback gets the objects inside of the receiver, one at a time, as its first argument. */
export const CALLBACK_METHODS: ReadonlySet<string> = new Set([
  "forEach",
  "map",
  "filter",
  "some",
  "every",
  "find",
  "findLast",
  "findIndex",
  "flatMap",
]);
