import fc from "fast-check";
import { decodePayload } from "../../../runtime/codec/payloadDecoder.ts";
import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import { FragmentIntake } from "../../../runtime/coordination/fragmentIntake.ts";
import type { Fragment } from "../../../runtime/coordination/fragment.ts";
import { Fragments, type Part } from "../../../runtime/coordination/fragments.ts";
import { mergePayloads } from "../../../runtime/coordination/mergePayloads.ts";
import type { Incoming } from "../../../runtime/node/message.ts";
import type { SealedColumn } from "../../../runtime/routing/routingTable.ts";
import { Cluster } from "./cluster.ts";

const by = "open";

function part(round: number, number: number, of: number, more: Partial<Fragment> = {}): Part & { fragment: Fragment } {
  const fragment = { epoch: 0, round, ordinal: 1, part: number, of, by, ...more };
  return { handler: "opened", from: { role: "Register", id: "register" }, fragment };
}

function intakeOf(lines: string[]): { readonly cluster: Cluster; readonly intake: FragmentIntake } {
  const cluster = new Cluster({ partitions: 2 });
  const { instance, counters } = cluster.client;
  const role = cluster.deployment.roles.get(instance.role);
  if (role === undefined) throw new Error("The client has no role.");
  return {
    cluster,
    intake: new FragmentIntake({ instance, role, counters, onDrop: (line) => lines.push(line) }),
  };
}

describe("parts of messages", () => {
  it("make each message once, in whatever order they come, and however often", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.tuple(fc.nat(), fc.boolean()), { minLength: 60, maxLength: 80 }),
        (of, rounds, choices) => {
          const fragments = new Fragments<Part>();
          const parts = Array.from({ length: rounds * of }, (_, n) => part(1 + Math.floor(n / of), n % of, of));
          const whole: number[][] = [];
          for (const [choice, again] of choices) {
            if (parts.length === 0) break;
            const at = choice % parts.length;
            const chosen = again ? parts[at] : parts.splice(at, 1)[0];
            if (chosen === undefined) continue;
            const { whole: complete } = fragments.add(chosen, chosen.fragment);
            if (complete !== undefined) whole.push(complete.map(({ fragment }) => fragment?.part ?? -1));
          }
          for (const left of parts) {
            const { whole: complete } = fragments.add(left, left.fragment);
            if (complete !== undefined) whole.push(complete.map(({ fragment }) => fragment?.part ?? -1));
          }
          const all = Array.from({ length: of }, (_, n) => n);
          expect(whole).toEqual(Array.from({ length: rounds }, () => all));
          expect(fragments.size).toBe(0);
        },
      ),
    );
  });

  it.each<[string, Partial<Fragment>]>([
    ["another life", { epoch: 1 }],
    ["another message of the activation", { ordinal: 2 }],
    ["another round", { round: 2 }],
    ["another component of the node, which has its own rounds", { by: "close" }],
  ])("of %s are of another message", (_, other) => {
    const fragments = new Fragments<Part>();
    const [first, second] = [part(1, 0, 2), part(1, 1, 2, other)];
    expect([first, second].map((one) => fragments.add(one, one.fragment))).toEqual([{}, {}]);
    expect(fragments.waiting).toEqual([first, second]);
  });

  it("are given up, oldest message first, when too many are incomplete", () => {
    const fragments = new Fragments<Part>(2);
    const parts = [1, 2, 3].map((round) => part(round, 0, 2));
    expect(parts.map((one) => fragments.add(one, one.fragment))).toEqual([{}, {}, { dropped: [parts[0]] }]);
    const late = part(1, 1, 2);
    expect(fragments.add(late, late.fragment)).toEqual({ dropped: [late] }); // to be counted
    expect(fragments.waiting).toEqual([parts[1], parts[2]]);
  });
});

describe("parts that are put together", () => {
  it("are dropped when they make a message that is too large to be passed on, by a coordinator for instance", () => {
    const lines: string[] = [];
    const { cluster, intake } = intakeOf(lines);
    const entries = "x".repeat(9_000_000);
    const parts = [0, 1].map((number): Incoming => {
      const payload = encodePayload({ id: "o", epoch: 1, entries: [{ key: entries, epoch: number }] });
      return { ...part(1, number, 2), payload };
    });
    expect(parts.map((one) => intake.accept(one))).toEqual([undefined, undefined]);
    expect(lines).toEqual([expect.stringMatching(/^Editor.* 2 parts of a message opened .* they have 18\d+ bytes$/)]);
    expect(cluster.client.counters.fragmentsDropped).toBe(2);
  });
});

describe("payloads in parts", () => {
  const order = ((a: number, b: number) => a - b) as (a: never, b: never) => number;
  const merge = (columns: readonly SealedColumn[], ...parts: readonly unknown[]): unknown =>
    decodePayload(mergePayloads(parts.map(encodePayload), columns));

  it("are put together column by column", () => {
    const columns: readonly SealedColumn[] = [
      { path: ["sorted"], order },
      { path: ["list"] },
      { path: ["deep", "map"] },
      { path: ["set"] },
      { path: ["record"] },
      { path: ["nothing"] },
    ];
    const first = {
      id: 1,
      sorted: [2, 5],
      list: ["b"],
      deep: { map: new Map([["x", 1]]) },
      set: new Set([1]),
      record: { a: 1 },
    };
    const second = {
      id: 1,
      sorted: [1, 9],
      list: ["a"],
      deep: { map: new Map([["y", 2]]) },
      set: new Set([2]),
      record: { b: 2 },
    };
    const { deep, set, ...rest } = merge(columns, first, second) as typeof first;
    expect(rest).toEqual({ id: 1, sorted: [1, 2, 5, 9], list: ["b", "a"], record: { a: 1, b: 2 } });
    expect([[...deep.map], [...set]]).toEqual([
      [
        ["x", 1],
        ["y", 2],
      ],
      [1, 2],
    ]);
  });

  it("may lack what need not be there, however deep", () => {
    const columns: readonly SealedColumn[] = [{ path: ["list"] }, { path: ["deep", "map"] }];
    expect(merge(columns, { id: 1 }, { id: 1 })).toStrictEqual({ id: 1 });
    expect(merge(columns, { id: 1, deep: {} }, { id: 1, deep: {} })).toStrictEqual({ id: 1, deep: {} });
    expect(() => merge(columns, { id: 1 }, { id: 1, deep: {} })).toThrow(/parts of a message/);
  });

  it("may be lists themselves", () => {
    expect(merge([{ path: [] }], [1], [], [2])).toEqual([1, 2]);
  });

  it.each<[string, unknown, unknown]>([
    ["differ in something else", { id: 1, list: [] }, { id: 2, list: [] }],
    ["hold lists of different kinds", { id: 1, list: [] }, { id: 1, list: new Set() }],
    ["hold no lists", { id: 1, list: 1 }, { id: 1, list: 2 }],
    ["hold a list here and nothing there", { id: 1, list: [1] }, { id: 1 }],
  ])("are refused when they %s", (_, first, second) => {
    expect(() => merge([{ path: ["list"] }], first, second)).toThrow(/parts of a message/);
  });
});
