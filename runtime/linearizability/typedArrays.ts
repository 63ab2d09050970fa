/** Typed arrays that are known to be long enough. */

/** An element that is there. */
export function at(array: Int32Array | Uint32Array | Uint8Array | Float64Array, index: number): number {
  return array[index] ?? 0;
}

/** Twice as long, with what was in it; undefined when there is not enough memory. */
export function doubled<Kind extends Int32Array | Uint32Array>(array: Kind): Kind | undefined {
  try {
    const Constructor = array.constructor as new (length: number) => Kind;
    const larger = new Constructor(2 * array.length);
    larger.set(array);
    return larger;
  } catch (error) {
    // What an engine says of an array that it cannot make.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
