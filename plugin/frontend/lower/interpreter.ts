/** The parts of the symbolic execution, as they see each other. */
import type { Expression, Node } from "ts-morph";
import type { Region } from "../../model/effect.ts";
import type { Term } from "../../model/term.ts";
import type { Happened, LoweringContext } from "./context.ts";
import type { Frame } from "./frames.ts";
import type { Value } from "./values.ts";

export interface Interpreter {
  readonly context: LoweringContext;
  /** What happened while each expression was evaluated last: which expressions touch the state, or may throw. */
  readonly touched: Map<Node, Happened>;
  /** What decides whether the rest of an optional chain is evaluated, by the access or callee with the `?.`. */
  readonly present: Map<Node, Term>;
  /** Regions inside the expression being evaluated: bodies of helpers and of callbacks, for the statement around it. */
  readonly inner: { regions: Region[] };

  evaluate(node: Expression, frame: Frame): Value;
  /** The value as data: whatever it holds of the state is observed, all of it. */
  observe(value: Value, node: Node): Term;
  /** Runs the body of a function, a method or a closure. */
  execute(callee: Callee, args: readonly Value[], node: Node): Value;
}

/** A function to be executed in place. */
export interface Callee {
  readonly name: string;
  readonly node: Node;
  /** The frame that it was made in; undefined for methods and for functions of a module. */
  readonly outer: Frame | undefined;
  /** Set when its body is a region of its own: a private helper of the class. */
  readonly helper: { readonly name: string; readonly callSites: number } | undefined;
  /** Runs once per element of something. */
  readonly repeated: boolean;
}
