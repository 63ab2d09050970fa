/**
 * What an author asks for: which code goes to a component of its own, and by what its state is spread. A plan says
 * what, never why it is safe; the compiler finds the rule, proves it or refuses. It reads plans from the source, so
 * the values here are literals, and functions are read, not called.
 */
import type { RoleClass } from "./binding.ts";

/** What the result of a key function consists of. */
export type KeyColumn = string | number | bigint | boolean | null | undefined;

/**
 * A key as a function of the message, and of its sender: `(m) => hash(m.value)`, `(m) => [m.shop, m.order.sku]`,
 * `(m, from) => from.id`. Senders evaluate it, so it uses nothing but the message, `from.id`, constants, and pure functions
 * that the protocol exports. It is read from the source, and never called.
 */
export type KeyFunction<Message> = (m: Message, from: { readonly id: string }) => KeyColumn | readonly KeyColumn[];

/** The message of each handler. */
type Messages<R> = {
  readonly [H in keyof R]: R[H] extends (m: infer M, ...rest: never[]) => void ? (M extends object ? M : never) : never;
};

type ColumnOf<Message> = Message extends unknown ? keyof Message : never;

/** Every column that any of the messages has, with the types that it has there. */
type AnyOf<Message> = {
  readonly [C in ColumnOf<Message>]: Message extends { readonly [D in C]?: infer Type } ? Type : never;
};

type KeyOf<Message> = string | readonly string[] | KeyFunction<Message>;

/**
 * What a message is routed by: a column path (`"slot"`, `"order.sku"`, `"from.id"`), a tuple of them, a function, or, where
 * messages name the key differently, one of these per handler.
 *
 * @typeParam R The role.
 */
export type Key<R = object> =
  | KeyOf<AnyOf<Messages<R>[keyof R]>>
  | ({ readonly [H in keyof R]?: KeyOf<Messages<R>[H]> } & { readonly [handlerOrForward: string]: unknown });

/** One component of a role. */
export interface ComponentStep<R = object> {
  /**
   * Whole handlers (`"voted"`), fields (`"votes"`), or single sends (`"propose -> Participant.vote"`, with `#2` for
   * the second send of that message in that handler). Left out, this is what stays at the role's address.
   */
  readonly moves?: readonly string[];
  /**
   * What the rest of the role sends waits until this component has applied what it was forwarded, so that nobody can ask
   * it about something that it has not heard of yet. Costs a round trip between the two for each answer.
   */
  readonly hold?: boolean;
  /** What its messages are routed by. Left out with `into`, the compiler chooses among the legal keys. */
  readonly by?: Key<R>;
  /** How many partitions, unless the deployment says otherwise. Left out, the component is not partitioned. */
  readonly into?: number;
}

/** The components of one role. */
export interface Plan<R = object> {
  readonly role: RoleClass<R>;
  readonly components: { readonly [component: string]: ComponentStep<R> };
}

/** Plans the components of a role. A plan file exports one plan, or an array of them, as its default. */
export function plan<R>(
  role: RoleClass<R>,
  components: { readonly [component: string]: ComponentStep<NoInfer<R>> },
): Plan<R> {
  return { role, components };
}
