import type { Shape } from "../../model/protocol.ts";

/** What the lowering of a handler needs to know about a field of its class. */
export type FieldFacts =
  | {
      readonly kind: "state";
      readonly shape: Shape;
      /** Some handler assigns the field itself, so reading it observes which object stands there. */
      readonly reassigned: boolean;
      /**
       * Paths to containers inside a record that no handler replaces (`votes` of `{ votes: new Map() }`), so that reaching
       * them observes nothing. Parts are joined by dots.
       */
      readonly fixed: ReadonlySet<string>;
      /** How many keys there are in the cells that handlers write; undefined as long as that is being found out. */
      readonly depths: ReadonlySet<number> | undefined;
    }
  | { readonly kind: "configuration" }
  | { readonly kind: "peers"; readonly role: string }
  | { readonly kind: "peer"; readonly role: string }
  | { readonly kind: "self" }
  | { readonly kind: "journal" }
  | { readonly kind: "timers"; readonly names: readonly string[] };
