/**
 * Iteration orders that come from the order of a list that was put together from fragments: that of the original is
 * another one. Who reads such an order may do so to sort, or to build what has none; then all that it sends is the same.
 * So these are compared by what is in them, and what follows from them by what is sent.
 */
import type { Activation, Cell, Step } from "../../runtime/simulator/index.ts";
import type { SealedMessages } from "./sealedMessages.ts";

export class LooseOrders {
  readonly #sealed: SealedMessages;
  readonly #cells = new Set<string>();

  constructor(sealed: SealedMessages) {
    this.#sealed = sealed;
  }

  /** Takes an activation, and the original's run of it: what it has put in order may be loose from now on. */
  add(activation: Activation, { accesses }: Step): void {
    const { cause, node } = activation;
    const isLoose =
      (cause.kind === "message" && this.#sealed.isReordered(cause.message)) ||
      (this.#cells.size > 0 && accesses.some(({ cell, kind }) => kind === "read" && this.has(activation, cell.name)));
    if (!isLoose) return;
    for (const { cell, kind } of accesses)
      if (kind !== "read" && isOrder(cell)) this.#cells.add(nameAt(node, cell.name));
  }

  has({ node }: Activation, cell: string): boolean {
    return this.#cells.has(nameAt(node, cell));
  }
}

/** An order as it is printed, without the order. */
export function withoutOrder(observed: string): string {
  return observed.slice(1, -1).split(", ").sort().join(", ");
}

function isOrder({ aspect }: Cell): boolean {
  return aspect === "order";
}

function nameAt({ role, id }: Activation["node"], cell: string): string {
  return `${role}/${id} ${cell}`;
}
