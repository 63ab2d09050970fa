import { Invariant, type Snapshot } from "../../decorators/index.ts";
import { describeInvariants } from "../../decorators/invariant.ts";

const nothing: Snapshot = { all: () => [], history: [] };

// The classes below are nothing but invariants.
/* eslint-disable @typescript-eslint/no-extraneous-class */

test("invariants are found with those of base classes, and an override takes the place of what it overrides", () => {
  class Base {
    @Invariant() static first(): boolean {
      return this.limit() === 1;
    }
    @Invariant() static second(nodes: Snapshot): boolean {
      return nodes.history.length > 0;
    }
    static notMarked(): boolean {
      return false;
    }
    static limit(): number {
      return 0;
    }
  }
  class Derived extends Base {
    static override limit(): number {
      return 1;
    }
    @Invariant() static override second(nodes: Snapshot): boolean {
      return nodes.history.length === 0;
    }
  }
  const asked = describeInvariants(Derived).map(({ name, holds }) => [name, holds(nothing)]);
  expect(asked).toEqual([
    ["Derived.first", true],
    ["Derived.second", true],
  ]);
});

test("an invariant that an override no longer marks is none", () => {
  class Base {
    @Invariant() static only(): boolean {
      return false;
    }
  }
  class Derived extends Base {
    static override only(): boolean {
      return true;
    }
  }
  expect(describeInvariants(Derived)).toEqual([]);
});

test("a method of nodes is no invariant, in either decorator mode", () => {
  const mark = Invariant();
  const method = (): boolean => true;
  const context = { kind: "method", static: false } as ClassMethodDecoratorContext;
  const descriptor = { value: method };
  class Some {}
  expect(() => {
    mark(method, context);
  }).toThrow(/belongs on a static method/);
  expect(() => {
    mark(Some.prototype, "some", descriptor);
  }).toThrow(/belongs on a static method/);
  expect(() => {
    mark(Some, "some", descriptor);
  }).not.toThrow();
});
