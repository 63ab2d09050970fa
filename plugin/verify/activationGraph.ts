/**
 * The order of activations that a run of the rewritten system implies, as a graph. Design: "One criterion for every
 * rule" in the correctness page: if this graph has no cycle, the original produces the same history by running the
 * activations in any topological order of it.
 */
import type {
  Access,
  Activation,
  Comeback,
  ExternalStep,
  LogicalMessage,
  SimulatedRun,
} from "../../runtime/simulator/index.ts";

/** An access together with the activation that made it. */
export interface Touch {
  readonly activation: Activation;
  readonly access: Access;
}

/** Why one activation comes before another. */
export type Reason =
  /** Both touched a cell. Unless `seen`, the second changed another copy, so the first could not have come after it. */
  | { readonly kind: "conflict"; readonly first: Touch; readonly second: Touch; readonly seen: boolean }
  /** The first sent what the second consumed. */
  | { readonly kind: "cause"; readonly message: LogicalMessage }
  /** The first sent what an external node received. */
  | { readonly kind: "output"; readonly message: LogicalMessage }
  /** External steps, in real time. */
  | { readonly kind: "time" }
  /** An external node sent what the second consumed. */
  | { readonly kind: "input"; readonly message: LogicalMessage }
  /** A receiver that relies on the order of one sender's messages consumed them in this order. */
  | { readonly kind: "channel"; readonly first: LogicalMessage; readonly second: LogicalMessage }
  /** A node starts before it does anything else. */
  | { readonly kind: "start" }
  /** The second is a timer that fired when the node had come to rest. */
  | { readonly kind: "rest" }
  /** What a node does before it crashes, its crash, and what it does after it has come back. */
  | { readonly kind: "comeback" }
  /** What the first wrote down survived a crash that lost what the second did. */
  | { readonly kind: "survived" };

/** What a node of the graph stands for. */
export type Vertex =
  | { readonly kind: "activation"; readonly activation: Activation }
  | { readonly kind: "external"; readonly step: ExternalStep }
  /** A node loses its volatile state, and comes back with what is stable. */
  | { readonly kind: "comeback"; readonly comeback: Comeback };

export class ActivationGraph {
  /** The activations, in the order in which they began, then external steps and comebacks in real time. */
  readonly vertices: readonly Vertex[];
  /** For each vertex those that come after it, and why. */
  readonly successors: readonly ReadonlyMap<number, Reason>[];
  readonly #successors: Map<number, Reason>[];
  readonly #numbers = new Map<Activation, number>();
  readonly #firstExternal: number;
  readonly #firstComeback: number;

  constructor({ activations, external, comebacks }: SimulatedRun) {
    this.vertices = [
      ...activations.map((activation): Vertex => ({ kind: "activation", activation })),
      ...external.map((step): Vertex => ({ kind: "external", step })),
      ...comebacks.map((comeback): Vertex => ({ kind: "comeback", comeback })),
    ];
    activations.forEach((activation, number) => this.#numbers.set(activation, number));
    this.#firstExternal = activations.length;
    this.#firstComeback = activations.length + external.length;
    this.#successors = this.vertices.map(() => new Map<number, Reason>());
    this.successors = this.#successors;
  }

  numberOf(activation: Activation): number {
    const number = this.#numbers.get(activation);
    if (number === undefined) throw new Error("The activation is of another run.");
    return number;
  }

  /** The vertex of the n-th external step. */
  numberOfExternal(n: number): number {
    return this.#firstExternal + n;
  }

  /** The vertex of the n-th comeback. */
  numberOfComeback(n: number): number {
    return this.#firstComeback + n;
  }

  /** One activation comes before another one. The first reason that is given for a pair is kept. */
  order(first: Activation, second: Activation, reason: Reason): void {
    if (first !== second) this.add(this.numberOf(first), this.numberOf(second), reason);
  }

  add(from: number, to: number, reason: Reason): void {
    const known = this.#successors[from];
    if (known !== undefined && !known.has(to)) known.set(to, reason);
  }
}
