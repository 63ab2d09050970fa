import { isBound, withBinding, type NodeBinding } from "../../decorators/binding.ts";
import { component, journal, peer, peers, plan, pure, Role, self, timers } from "../../decorators/index.ts";

@Role()
class Leader {
  readonly votes = new Set<string>();
}

function bindingWith(...members: readonly { readonly id: string }[]): NodeBinding {
  return {
    selfId: "me",
    peers: () => Object.assign([...members], { size: members.length }),
    component: (name) => ({ name }),
    journal: () => ({ journal: true }),
    timers: () => ({ timers: true }),
  };
}

describe("references", () => {
  it.each([
    ["peers", () => peers(() => Leader)],
    ["peer", () => peer(() => Leader)],
    ["self", () => self()],
    ["component", () => component("broadcaster")],
  ])("need a node around them: %s", (name, call) => {
    expect(call).toThrow(new RegExp(`^${name}\\(\\) was called outside a Riven node`));
  });

  it("come from the node that constructs, and from no other", () => {
    const outer = bindingWith({ id: "a" });
    const inner = { ...bindingWith({ id: "b" }), selfId: "you" };
    const ids = withBinding(outer, () => {
      const within = withBinding(inner, () => [self().id, peer(() => Leader).id]);
      return [...within, self().id, peer(() => Leader).id];
    });
    expect(ids).toEqual(["you", "b", "me", "a"]);
    expect(() => self()).toThrow();
  });

  it("let go of the node when its constructor throws", () => {
    expect(() =>
      withBinding(bindingWith(), () => {
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(() => self()).toThrow(/outside a Riven node/);
  });

  it.each([0, 2])("peer() refuses a membership of %d", (members) => {
    const binding = bindingWith(...[{ id: "a" }, { id: "b" }].slice(0, members));
    expect(() => withBinding(binding, () => peer(() => Leader))).toThrow(
      /needs exactly one Leader, and the topology has/,
    );
  });

  it("give journals and timers", () => {
    expect(withBinding(bindingWith(), () => [journal(), timers()])).toEqual([{ journal: true }, { timers: true }]);
    expect(() => journal()).toThrow(/journal\(\) was called outside a Riven node/);
  });

  it("are marked as configuration", () => {
    expect(isBound(withBinding(bindingWith(), () => self()))).toBe(true);
    expect(isBound({ id: "me" })).toBe(false);
  });
});

describe("plans and promises", () => {
  it("are what they say, and nothing more", () => {
    const components = { collector: { moves: ["voted"], by: "id", into: 3 } };
    expect(plan(Leader, components)).toEqual({ role: Leader, components });
    const half = (n: number): number => n / 2;
    expect(pure(half)).toBe(half);
  });
});
