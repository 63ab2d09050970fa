/**
 * Collections inside of what is only to be looked at: a received payload, a node that an invariant is shown. `Object.freeze`
 * does not stop `Map.prototype.set`, so these refuse it.
 */

function refuse(): never {
  throw new TypeError(
    "A received message, or a node that an invariant looks at, must not be changed. Copy the collection first: new Map(m.entries).",
  );
}

/** A map that nobody can change once {@link frozenMap} has filled it. */
class FrozenMap extends Map<unknown, unknown> {
  override set(): never {
    return refuse();
  }
  override delete(): never {
    return refuse();
  }
  override clear(): never {
    return refuse();
  }
}

/** A set that nobody can change once {@link frozenSet} has filled it. */
class FrozenSet extends Set<unknown> {
  override add(): never {
    return refuse();
  }
  override delete(): never {
    return refuse();
  }
  override clear(): never {
    return refuse();
  }
}

export function frozenMap(entries: Iterable<readonly [unknown, unknown]>): ReadonlyMap<unknown, unknown> {
  const map = new FrozenMap();
  for (const [key, value] of entries) Map.prototype.set.call(map, key, value);
  return Object.freeze(map);
}

export function frozenSet(members: Iterable<unknown>): ReadonlySet<unknown> {
  const set = new FrozenSet();
  for (const member of members) Set.prototype.add.call(set, member);
  return Object.freeze(set);
}

/** Whether this is one of the collections above: plain data although its class is not `Map` or `Set` itself. */
export function isFrozenCollection(value: object): boolean {
  return value instanceof FrozenMap || value instanceof FrozenSet;
}
