/** A protocol as the compiler sees it: plain data, no syntax trees. */
import type { HandlerBody } from "./effect.ts";
import type { Span } from "./span.ts";
import type { Primitive } from "./term.ts";

/** The lattices of the library. */
export type Lattice = "GrowSet" | "MaxReg" | "GrowMap" | "Counter" | "Tally" | "Once";

/**
 * The shape of a field's value, as far as the analysis tells pieces of it apart. A lattice has the shape of the container
 * that it consists of: a GrowSet and a Once are sets, a GrowMap, a Counter (by source) and a Tally (of sets) are maps, and a
 * MaxReg is a record of its `value`. Effects and reads on them name the pieces of that container.
 */
export type Shape =
  /** `gives`: what it is if it is there; left out: one of several types. */
  | { readonly kind: "scalar"; readonly gives?: Primitive }
  | { readonly kind: "map"; readonly value: Shape; readonly lattice?: Lattice }
  | { readonly kind: "set"; readonly lattice?: Lattice }
  | { readonly kind: "array"; readonly value: Shape }
  | { readonly kind: "record"; readonly fields: { readonly [name: string]: Shape }; readonly lattice?: Lattice }
  /** Not plain data that the analysis knows. */
  | { readonly kind: "opaque" };

export type FieldRole =
  /** Written by some handler. */
  | { readonly kind: "state"; readonly shape: Shape }
  /** Written by none: fixed for a run. */
  | { readonly kind: "configuration" }
  | { readonly kind: "peers"; readonly role: string }
  | { readonly kind: "peer"; readonly role: string }
  | { readonly kind: "self" }
  /** An append-only sink that no handler reads. */
  | { readonly kind: "journal" }
  /** One-shot timers, by name. */
  | { readonly kind: "timers"; readonly names: readonly string[] };

export interface Field {
  readonly name: string;
  readonly is: FieldRole;
  /** Its value survives a crash. */
  readonly durable: boolean;
  readonly type: string;
  readonly span: Span;
  readonly nameSpan: Span;
}

export type HandlerTrigger =
  | { readonly kind: "message"; readonly fifo: boolean }
  | { readonly kind: "every"; readonly milliseconds: number }
  /** A one-shot timer of that name. `key` is the parameter that takes the key with which it was armed. */
  | { readonly kind: "after"; readonly timer: string; readonly key: Parameter | undefined }
  | { readonly kind: "start" }
  /** Once, when the node comes back with its durable state. */
  | { readonly kind: "recover" };

export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly span: Span;
}

/** A column of a message: a property of its payload, nested ones by path. */
export interface Column {
  readonly path: readonly string[];
  readonly type: string;
  /** A string, number, bigint, boolean, or a union of those: what a key may be. */
  readonly keyable: boolean;
  /** Which of them it is, if it is there: enumerations and brands are strings or numbers too. Left out: not known. */
  readonly gives?: Primitive;
  readonly optional: boolean;
}

/** Messages with the same `from` have the same `to`: columns, as a plan names them. */
export interface Determination {
  readonly from: string;
  readonly to: string;
}

export interface Handler {
  readonly role: string;
  readonly name: string;
  readonly trigger: HandlerTrigger;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly payload: (Parameter & { readonly columns: readonly Column[] }) | undefined;
  readonly from: (Parameter & { readonly roles: readonly string[] }) | undefined;
  /** Functional dependencies between columns of the payload that the senders guarantee: `from` decides `to`. Left out: none. */
  readonly determines?: readonly Determination[];
  /** The body of an external role's handler is not part of the system, so it is undefined. */
  readonly body: HandlerBody | undefined;
}

/** A member of a role's class as text: what emission keeps or drops. */
export interface Member {
  readonly name: string;
  readonly kind: "field" | "handler" | "helper" | "constructor";
  /** From its first leading comment or decorator to the end of its line. */
  readonly span: Span;
  /** Those that components do not keep: all but `@Forget`; and the word `override`. */
  readonly decorators: readonly Span[];
  /** Other members it uses directly. */
  readonly uses: readonly string[];
  /** Names declared at the top of its module (imports included) that it uses directly. */
  readonly names: readonly string[];
}

export interface Role {
  readonly name: string;
  readonly external: boolean;
  readonly exported: boolean;
  readonly file: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly fields: readonly Field[];
  readonly handlers: readonly Handler[];
  readonly members: readonly Member[];
  /** Set when the class itself is outside the language (a base class not found, for instance): it runs, unrewritten. */
  readonly notUnderstood: readonly { readonly why: string; readonly span: Span }[];
}

/** A declaration at the top of a module. */
export interface ModuleDeclaration {
  readonly name: string;
  readonly kind: "import" | "type" | "function" | "constant" | "variable" | "class";
  readonly exported: boolean;
  /** Of the statement. Several names may share one. */
  readonly span: Span;
  readonly uses: readonly string[];
  /** For imports: what stands behind `from`, and the name over there. */
  readonly imported: { readonly module: string; readonly name: string; readonly typeOnly: boolean } | undefined;
}

/** A source file that roles are declared in. */
export interface ModuleSource {
  readonly file: string;
  readonly text: string;
  readonly declarations: readonly ModuleDeclaration[];
}

export interface Protocol {
  readonly roles: readonly Role[];
  readonly modules: readonly ModuleSource[];
}

/** The role of that name, or undefined. */
export function findRole(protocol: Protocol, name: string): Role | undefined {
  return protocol.roles.find((role) => role.name === name);
}

/** The `timers()` field and the name behind `field.timer`, as cells name a timer; undefined for anything else. */
export function findTimer(
  role: Role,
  cellField: string,
): { readonly field: Field; readonly timer: string } | undefined {
  const [name = "", timer] = cellField.split(".");
  const field = timer === undefined ? undefined : role.fields.find((candidate) => candidate.name === name);
  return field?.is.kind === "timers" && timer !== undefined ? { field, timer } : undefined;
}

/** What the cells of this name are pieces of: a field, or a timer, which is like a map from its keys to whether it is pending. */
export function findStateField(role: Role, cellField: string): Field | undefined {
  const timer = findTimer(role, cellField);
  if (timer === undefined) return role.fields.find(({ name }) => name === cellField);
  const shape: Shape = { kind: "map", value: { kind: "scalar" } };
  return { ...timer.field, name: cellField, is: { kind: "state", shape }, type: "Map<string, boolean>" };
}

/** The handler of that name, or undefined. */
export function findHandler(role: Role, name: string): Handler | undefined {
  return role.handlers.find((handler) => handler.name === name);
}
