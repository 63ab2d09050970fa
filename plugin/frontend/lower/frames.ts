import type { ts } from "ts-morph";
import { either, type Value } from "./values.ts";
import type { Term } from "../../model/term.ts";

/** The local variables of one function in execution; closures see the frames that they were made in. */
export class Frame {
  private readonly variables = new Map<ts.Symbol, Value>();

  constructor(private readonly outer: Frame | undefined) {}

  declare(name: ts.Symbol, value: Value): void {
    this.variables.set(name, value);
  }

  lookup(name: ts.Symbol): Value | undefined {
    return this.variables.get(name) ?? this.outer?.lookup(name);
  }

  /** Whether the variable belongs to the function in execution, not to one around it. */
  declares(name: ts.Symbol): boolean {
    return this.variables.has(name);
  }

  /** Assigns a variable wherever it is declared; false when it is not a local one. */
  assign(name: ts.Symbol, value: Value): boolean {
    if (this.variables.has(name)) {
      this.variables.set(name, value);
      return true;
    }
    return this.outer?.assign(name, value) ?? false;
  }

  /** The values of all variables in sight, to come back to with {@link restore}. */
  save(): SavedFrames {
    return { frame: this, values: new Map(this.variables), outer: this.outer?.save() };
  }

  restore(saved: SavedFrames): void {
    this.variables.clear();
    for (const [name, value] of saved.values) this.variables.set(name, value);
    if (saved.outer !== undefined) this.outer?.restore(saved.outer);
  }

  /**
   * After a branch that does not come out at its end. Who goes on elsewhere (behind the loop, or behind the call of this
   * function) sees what the branch has assigned: variables of functions around always, `own` ones when a loop was left.
   */
  mergeLeft(on: Term, left: SavedFrames, own: boolean): void {
    if (own) this.merge(on, left, this.save());
    else if (left.outer !== undefined && this.outer !== undefined) this.outer.merge(on, left.outer, this.outer.save());
  }

  /** After two branches: each variable has the value of one of them, depending on the condition. */
  merge(on: Term, left: SavedFrames, right: SavedFrames): void {
    for (const [name, value] of left.values) {
      const other = right.values.get(name);
      this.variables.set(name, other === undefined ? value : value === other ? value : either(on, [value, other]));
    }
    for (const [name, value] of right.values) if (!left.values.has(name)) this.variables.set(name, value);
    if (left.outer !== undefined && right.outer !== undefined) this.outer?.merge(on, left.outer, right.outer);
  }
}

export interface SavedFrames {
  readonly frame: Frame;
  readonly values: ReadonlyMap<ts.Symbol, Value>;
  readonly outer: SavedFrames | undefined;
}
