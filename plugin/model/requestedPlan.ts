/** A plan as the author wrote it, with the places of its parts. What it names need not exist. */
import type { Span } from "./span.ts";
import type { Term } from "./term.ts";

/** One part, or a tuple of them. */
export type RequestedKey = readonly RequestedKeyPart[];

/** A column, the sender, or what a function makes of columns, the sender and constants. */
export type RequestedKeyPart = Extract<Term, { readonly kind: "payload" | "sender" | "pure" }>;

/** What a column path names: `from.id` is the sender, anything else a column. */
export function requestedColumn(path: string): RequestedKeyPart {
  return path === "from.id" ? { kind: "sender" } : { kind: "payload", path: path.split(".") };
}

export interface RequestedMove {
  readonly text: string;
  readonly span: Span;
}

export interface RequestedComponent {
  readonly name: string;
  readonly nameSpan: Span;
  /** The object that says what it is; undefined when nobody wrote one. */
  readonly span?: Span | undefined;
  /** Undefined: what stays at the role's address. */
  readonly moves: readonly RequestedMove[] | undefined;
  readonly by:
    | { readonly kind: "everywhere"; readonly key: RequestedKey; readonly span: Span }
    | { readonly kind: "perHandler"; readonly keys: { readonly [handler: string]: RequestedKey }; readonly span: Span }
    | undefined;
  /** What the rest of the role sends waits until this component has applied what it was forwarded. */
  readonly hold?: Span | undefined;
  readonly into: { readonly partitions: number; readonly span: Span } | undefined;
}

export interface RequestedPlan {
  readonly role: string;
  readonly span: Span;
  readonly components: readonly RequestedComponent[];
}
