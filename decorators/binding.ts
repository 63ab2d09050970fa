/**
 * How a class finds the node that it runs in.
 *
 * `peers(() => Other)` and its relatives are called by field initialisers, while the runtime constructs a role. The
 * runtime surrounds that construction with {@link withBinding}; the functions below read the binding that is current.
 * It lives on `globalThis`, under a registered symbol, so that two copies of this package in one process agree.
 */

/** A class that is (or extends) a role; abstract ones are external roles. */
export type RoleClass<R = object> = abstract new (...args: never[]) => R;

/** What a node offers to the class that it constructs. Implemented by the runtime. */
export interface NodeBinding {
  /** The logical id of this node; the same in every component and partition of it. */
  readonly selfId: string;
  /** The configured membership of a role, as a `Peers` object. */
  peers(role: RoleClass): unknown;
  /** The sender to another component of the same logical node (generated code only). */
  component(name: string): unknown;
  /** A sink of durable records, as a `Journal`. */
  journal(): unknown;
  /** The one-shot timers of the role, a `Timer` under each name. */
  timers(): unknown;
}

/**
 * Marks what the topology gives to a node (memberships, references, senders): configuration, hence not state. A
 * registered symbol, for the same reason as below.
 */
export const BOUND = Symbol.for("riven.bound");

/** Whether a value came from the topology. */
export function isBound(value: object): boolean {
  return (value as { readonly [BOUND]?: unknown })[BOUND] === true;
}

const CURRENT = Symbol.for("riven.binding");
type Holder = { [CURRENT]?: NodeBinding | undefined };
const holder = globalThis as Holder;

/** Runs `construct` with `binding` current, and restores whatever was current before. */
export function withBinding<T>(binding: NodeBinding, construct: () => T): T {
  const before = holder[CURRENT];
  holder[CURRENT] = binding;
  try {
    return construct();
  } finally {
    holder[CURRENT] = before;
  }
}

/**
 * The binding under which the calling field initialiser runs.
 *
 * @throws Error when the class is constructed outside a Riven runtime, with `new Leader()` for instance.
 */
export function currentBinding(caller: string): NodeBinding {
  const binding = holder[CURRENT];
  if (binding === undefined) {
    throw new Error(
      `${caller}() was called outside a Riven node. Roles are constructed by the runtime (or by withBinding in a test), ` +
        `and ${caller}() belongs in a field initialiser of a role: private readonly others = peers(() => Other);`,
    );
  }
  return binding;
}
