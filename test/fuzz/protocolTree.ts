/**
 * A protocol as plain data: what is generated, printed as TypeScript, and made smaller when it shows a bug.
 *
 * Terms and statements are TypeScript with holes: `#0`, `#1`, … stand for `args`, `{{0}}`, `{{1}}`, … for `blocks`. A generator
 * can say any idiom in a line, and a reducer needs to know nothing of what it says: TypeScript tells it what still makes sense.
 */
export type Type = "string" | "number" | "boolean" | "strings";

export interface Term {
  readonly type: Type;
  readonly code: string;
  readonly args?: readonly Term[];
}

export interface Statement {
  readonly code: string;
  readonly args?: readonly Term[];
  readonly blocks?: readonly (readonly Statement[])[];
}

export interface Column {
  readonly name: string;
  readonly type: Type;
}

export interface Field {
  readonly name: string;
  /** What is between the name and the semicolon: `= new Map<string, number>()`, `: string = ""`. */
  readonly code: string;
  readonly readonly: boolean;
  readonly durable: boolean;
}

export type Trigger =
  | { readonly kind: "message"; readonly columns: readonly Column[]; readonly senders: readonly string[] }
  | { readonly kind: "every" }
  /** A one-shot timer, with its key. */
  | { readonly kind: "after"; readonly timer: string; readonly key: Column };

export interface Handler {
  readonly name: string;
  readonly trigger: Trigger;
  readonly body: readonly Statement[];
}

/** A private method. */
export interface Helper {
  readonly name: string;
  readonly parameters: readonly Column[];
  readonly returns: Type | "void";
  readonly body: readonly Statement[];
}

export interface Role {
  readonly name: string;
  readonly nodes: number;
  readonly fields: readonly Field[];
  readonly handlers: readonly Handler[];
  readonly helpers: readonly Helper[];
}

/** A message to clients, and what a client does about it before the operation counts as completed. */
export interface Answer {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly then: readonly Statement[];
  /** Whether it completes the operation that it names. */
  readonly completes: boolean;
}

export interface ProtocolTree {
  readonly roles: readonly Role[];
  readonly answers: readonly Answer[];
  /** What a client sends for its n-th operation: these in turn. */
  readonly requests: readonly (readonly Statement[])[];
  readonly simulation: Simulation;
}

/** The size of simulated runs. */
export interface Simulation {
  readonly clients: number;
  /** Of each client. */
  readonly operations: number;
  readonly faults: boolean;
}
