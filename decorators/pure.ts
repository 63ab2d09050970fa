/**
 * Promises that `fn` is deterministic, free of effects, and total: it gives a result for every argument of its type.
 * The compiler cannot infer this for code that it does not see. Returns `fn` itself.
 */
export function pure<A extends readonly unknown[], B>(fn: (...args: A) => B): (...args: A) => B {
  return fn;
}

/**
 * Promises what `pure` does, and that distinct arguments give distinct results: `fn(a) === fn(b)` only if `a` and `b` are
 * equal. So an entry that is kept under `fn(slot, name)` belongs to one slot, and may be spread by the slot. Distinct means
 * as keys of a `Map`: `1` and `"1"` are, `0` and `-0` are not. Returns `fn` itself.
 *
 *     const entryOf = injective((slot: number, name: string) => encodeEntry(slot, name));
 */
export function injective<A extends readonly unknown[], B>(fn: (...args: A) => B): (...args: A) => B {
  return fn;
}
