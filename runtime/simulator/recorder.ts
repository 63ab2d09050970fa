import type { CellAspect, CellPath, StateObserver } from "../node/stateObserver.ts";
import type { DeployedInstance, DeployedNode } from "../routing/address.ts";
import type { Access, AccessKind, Cell } from "./access.ts";
import { printObserved, printStep } from "./observed.ts";
import { nameOf, type PendingTimer } from "./host/simulatedClock.ts";

/** Collects the accesses of handlers, in the order in which they happen, with the cells that they name. */
export class Recorder {
  #sequence = 0;
  #accesses: Access[] = [];
  readonly #cells = new Map<DeployedNode, Map<string, Cell>>();

  /** What the host of an instance reports to. */
  observerFor(instance: DeployedInstance): StateObserver {
    return {
      onRead: (path, aspect, value) => this.#add(instance, path, aspect, "read", value),
      onWrite: (path, aspect, value, commutes) =>
        this.#add(instance, path, aspect, commutes ? "commute" : "write", value),
    };
  }

  /**
   * Something happened to a one-shot timer. Whether it is set is a cell of the node like any other: arming, clearing and
   * firing it do not commute.
   */
  timer(instance: DeployedInstance, timer: PendingTimer, kind: "read" | "write", value: string): void {
    const cell = this.#intern(instance.node, "", `timer ${nameOf(timer)}`, "value", undefined);
    this.#push(instance, cell, kind, value);
  }

  /** What was accessed since the last call. */
  take(): Access[] {
    const accesses = this.#accesses;
    this.#accesses = [];
    return accesses;
  }

  #add(instance: DeployedInstance, path: CellPath, aspect: CellAspect, kind: AccessKind, value: unknown): void {
    this.#push(instance, this.#cellOf(instance.node, path, aspect), kind, printObserved(value, aspect));
  }

  #push(instance: DeployedInstance, cell: Cell, kind: AccessKind, value: string): void {
    this.#accesses.push({ cell, instance, kind, value, sequence: this.#sequence++ });
  }

  #cellOf(node: DeployedNode, { field, keys }: CellPath, aspect: CellAspect): Cell {
    let cell = this.#intern(node, field, field, "value", undefined);
    let name = field;
    for (const key of keys) {
      name += `[${printStep(key)}]`;
      cell = this.#intern(node, field, name, "value", cell);
    }
    return aspect === "value" ? cell : this.#intern(node, field, `${name}.${aspect}`, aspect, cell);
  }

  #intern(node: DeployedNode, field: string, name: string, aspect: CellAspect, parent: Cell | undefined): Cell {
    const cells = this.#cells.get(node) ?? new Map<string, Cell>();
    const known = cells.get(name);
    if (known !== undefined) return known;
    const cell: Cell = { node, field, name, aspect, parent };
    this.#cells.set(node, cells.set(name, cell));
    return cell;
  }
}
