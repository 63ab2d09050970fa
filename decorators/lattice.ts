/**
 * What the lattices of the library have in common. A lattice is state that only grows: whatever order things are put
 * into it, and however often, it ends up the same. Each consists of one plain container, which is all of its state, so
 * that what keeps, watches, stores and restores state needs to know nothing else of it.
 */

/** Where a lattice keeps its container. Registered symbols, so that two copies of this package in one process agree. */
export const CONTENT = Symbol.for("riven.lattice.content");
/** Makes the lattice that belongs around a container which was stored. */
export const REVIVE = Symbol.for("riven.lattice.revive");

/** What a lattice consists of. */
export type LatticeContent = Map<unknown, unknown> | Set<unknown> | Record<string, unknown>;

/**
 * State that only grows. A lattice is made in the initialiser of a field, or by a `GrowMap`, and stays there; it cannot be
 * sent, kept in another container, or assigned.
 */
export abstract class Lattice<Content extends LatticeContent = LatticeContent> {
  readonly [CONTENT]: Content;

  protected constructor(content: Content) {
    this[CONTENT] = content;
  }

  /** Takes everything that another one of the same kind holds. In any order, and any number of times, the result is the same. */
  abstract merge(other: never): void;

  /** As {@link reviveLattice}; for lattices that hold others. */
  [REVIVE](content: LatticeContent): Lattice {
    return latticeOver(this, content);
  }
}

/** What may be a member of a lattice, or a key: a value without identity. */
export type LatticeKey = string | number | bigint | boolean;

/** Whether a value is one of the lattices of the library. */
export function isLattice(value: object): value is Lattice {
  return CONTENT in value;
}

/** The container that is all of the state of a lattice. */
export function contentOf(lattice: Lattice): LatticeContent {
  return lattice[CONTENT];
}

/** A lattice that works on another container: how a view of a lattice is made from a view of its container. */
export function latticeOver(lattice: Lattice, content: LatticeContent): Lattice {
  const made = Object.create(Object.getPrototypeOf(lattice) as object) as Lattice;
  Object.defineProperties(made, Object.getOwnPropertyDescriptors(lattice));
  Object.defineProperty(made, CONTENT, { value: content, configurable: true });
  return made;
}

/**
 * The lattice that `content`, which was stored, is the content of.
 *
 * @param initial what the field holds before it is restored.
 * @throws TypeError when `content` is not what such a lattice consists of: the class was changed since.
 */
export function reviveLattice(initial: Lattice, content: unknown): Lattice {
  if (typeof content !== "object" || content === null || kindOfContent(content) !== kindOfContent(initial[CONTENT])) {
    throw new TypeError(`What is stored for a ${initial.constructor.name} is not the content of one.`);
  }
  return initial[REVIVE](content as LatticeContent);
}

function kindOfContent(content: object): "map" | "set" | "record" {
  return content instanceof Map ? "map" : content instanceof Set ? "set" : "record";
}
