/**
 * What an author asks for: which code goes to a component of its own, and by what its state is spread. A plan says
 * what, never why it is safe; the compiler finds the rule, proves it or refuses. It reads plans from the source, so
 * the values here are literals.
 */
import type { RoleClass } from "./binding.ts";

/**
 * What a message is routed by: a column path (`"slot"`, `"order.sku"`, `"from.id"`), a tuple of them, or, where
 * messages name the key differently, one of these per handler.
 */
export type Key = string | readonly string[] | { readonly [handler: string]: string | readonly string[] };

/** One component of a role. */
export interface ComponentStep {
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
  readonly by?: Key;
  /** How many partitions, unless the deployment says otherwise. Left out, the component is not partitioned. */
  readonly into?: number;
}

/** The components of one role. */
export interface Plan {
  readonly role: RoleClass;
  readonly components: { readonly [component: string]: ComponentStep };
}

/** Plans the components of a role. A plan file exports one plan, or an array of them, as its default. */
export function plan(role: RoleClass, components: { readonly [component: string]: ComponentStep }): Plan {
  return { role, components };
}
