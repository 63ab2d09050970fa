/** Numbers keys in the order in which they come, however many there are. */

export class Numbering {
  private readonly maps: Map<unknown, number>[] = [];
  private readonly mapSize: number;
  /** How many keys there are: the next number. */
  size = 0;

  /** @param mapSize How many keys one map takes. V8's maps end at 2^24 entries, and throw. */
  constructor(mapSize = 2 ** 23) {
    this.mapSize = mapSize;
  }

  /** The number of a key that was met before. */
  find(key: unknown): number | undefined {
    for (const map of this.maps) {
      const number = map.get(key);
      if (number !== undefined) return number;
    }
    return undefined;
  }

  /** The number of a key: {@link size} as it was before, when the key is new. */
  of(key: unknown): number {
    const known = this.find(key);
    if (known !== undefined) return known;
    let last = this.maps.at(-1);
    if (last === undefined || last.size >= this.mapSize) {
      last = new Map<unknown, number>();
      this.maps.push(last);
    }
    last.set(key, this.size);
    return this.size++;
  }
}
