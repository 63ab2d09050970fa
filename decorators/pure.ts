/**
 * Promises that `fn` is deterministic, free of effects, and total: it gives a result for every argument of its type.
 * The compiler cannot infer this for code that it does not see. Returns `fn` itself.
 */
export function pure<A extends readonly unknown[], B>(fn: (...args: A) => B): (...args: A) => B {
  return fn;
}
