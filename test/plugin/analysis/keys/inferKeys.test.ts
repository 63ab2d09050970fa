import fc from "fast-check";
import { inferKeys, printPolicy, type KeyPolicy } from "../../../../plugin/analysis/keys/inferKeys.ts";
import { sameTerm, type Term } from "../../../../plugin/model/term.ts";
import type { Role } from "../../../../plugin/model/protocol.ts";
import { requestedColumn } from "../../../../plugin/model/requestedPlan.ts";
import { coHashing } from "../../../../plugin/rules/coHashing.ts";
import {
  column,
  handler,
  mapField,
  protocolOf,
  read,
  role,
  sender,
  write,
  type HandlerSketch,
} from "../../../support/model.ts";

function policiesOf(found: Role): readonly string[] {
  const { groups } = inferKeys(
    found,
    found.handlers.map(({ name }) => name),
  );
  return groups.flatMap(({ policies }) => policies.map(printPolicy)).toSorted();
}

function obstaclesOf(found: Role): readonly (readonly [string, string])[] {
  const { groups } = inferKeys(
    found,
    found.handlers.map(({ name }) => name),
  );
  return groups.flatMap(({ refused }) => refused.map(({ handler: name, obstacle }) => [name, obstacle.kind] as const));
}

const votes = mapField("votes", 2);

describe("inferKeys", () => {
  it("finds the column that all state is keyed by", () => {
    const voted = handler("voted", {
      columns: ["id", "client"],
      reads: [read("votes", column("id"))],
      writes: [write("votes", column("id"), sender)],
    });
    expect(policiesOf(role([votes], [voted]))).toEqual(["voted by id, votes at 0"]);
  });

  it("says for every other column what it conflicts with", () => {
    const voted = handler("voted", {
      columns: ["id", "client"],
      reads: [read("votes", column("id"))],
      writes: [write("votes", column("id"), sender)],
    });
    expect(obstaclesOf(role([votes], [voted]))).toEqual([
      ["voted", "other-key"],
      ["voted", "other-key"],
    ]);
  });

  it("takes what is legal in each column for legal together", () => {
    const put = handler("put", { columns: ["a", "b"], writes: [write("votes", column("a"), column("b"))] });
    const node = role([votes], [put]);
    const by = { kind: "everywhere", key: [requestedColumn("b"), requestedColumn("a")], span: node.span } as const;
    const verdict = coHashing.decide({
      protocol: protocolOf(node),
      role: node,
      original: node,
      component: "main",
      handlers: ["put"],
      forwards: [],
      fragments: [],
      by,
      partitions: 2,
      request: undefined,
    });
    expect(verdict).toMatchObject({ kind: "proved", outcome: { positions: { votes: [1, 0] } } });
  });

  it("finds every position that will do", () => {
    const put = handler("put", { columns: ["a", "b"], writes: [write("votes", column("a"), column("b"))] });
    expect(policiesOf(role([votes], [put]))).toEqual(["put by a, votes at 0", "put by b, votes at 1"]);
  });

  it("follows shared fields to messages that name the key differently", () => {
    const put = handler("put", { columns: ["key"], writes: [write("store", column("key"))] });
    const get = handler("get", { columns: ["name"], reads: [read("store", column("name"))] });
    expect(policiesOf(role([mapField("store", 1)], [put, get]))).toEqual(["get by name, put by key, store at 0"]);
  });

  it("keeps groups apart that share nothing", () => {
    const a = handler("a", { columns: ["x"], writes: [write("one", column("x"))] });
    const b = handler("b", { columns: ["y"], writes: [write("two", column("y"))] });
    const found = inferKeys(role([mapField("one", 1), mapField("two", 1)], [a, b]), ["a", "b"]);
    expect(found.groups.map(({ handlers }) => handlers)).toEqual([["a"], ["b"]]);
  });

  it("leaves timers with state of their own on the first partition, and refuses those that share it", () => {
    const put = handler("put", { columns: ["key"], writes: [write("store", column("key"))] });
    const tick = handler("tick", { trigger: { kind: "every", milliseconds: 10 }, writes: [write("ticks")] });
    const sweep = handler("sweep", { trigger: { kind: "every", milliseconds: 10 }, reads: [read("store")] });
    const fields = [mapField("store", 1), mapField("ticks", 0)];
    expect(inferKeys(role(fields, [put, tick]), ["put", "tick"]).pinned).toEqual(["tick"]);
    expect(policiesOf(role(fields, [put, sweep]))).toEqual([]);
    expect(obstaclesOf(role(fields, [put, sweep]))).toContainEqual(["put", "timer"]);
  });

  it.each<readonly [string, HandlerSketch]>([
    ["keyless", { columns: ["id"], writes: [write("count")] }],
    ["whole", { columns: ["id"], writes: [write("store", column("id"))], reads: [read("store")] }],
    ["two-keys", { columns: ["id", "to"], writes: [write("store", column("id")), write("store", column("to"))] }],
    [
      "from-state",
      {
        columns: ["id"],
        reads: [read("store", { kind: "read", cell: { field: "count", keys: [], aspect: "value" } })],
      },
    ],
    [
      "derived",
      {
        columns: ["id"],
        reads: [read("store", { kind: "pure", name: "hash", args: [column("id")], injective: false })],
      },
    ],
    ["derived", { columns: ["id", "b"], reads: [read("store", { kind: "choice", of: [column("id"), column("b")] })] }],
    ["per-element", { columns: ["id"], reads: [read("store", { kind: "element", loop: 1, of: column("ids") })] }],
    ["constant", { columns: ["id"], reads: [read("store", { kind: "literal", value: "total" })] }],
    ["constant", { columns: ["id"], reads: [read("store", { kind: "self" })] }],
  ])("refuses what is %s", (kind, sketch) => {
    const found = role([mapField("store", 1), mapField("count", 0)], [handler("h", sketch)]);
    const obstacles = obstaclesOf(found).map(([, obstacle]) => obstacle);
    expect(policiesOf(found)).toEqual([]);
    expect(obstacles).toContain(kind);
  });

  it("takes a choice between equal terms for the term", () => {
    const h = handler("h", {
      columns: ["id"],
      writes: [write("store", { kind: "choice", of: [column("id"), column("id")] })],
    });
    expect(policiesOf(role([mapField("store", 1)], [h]))).toEqual(["h by id, store at 0"]);
  });

  it("refuses columns that are optional or no keys", () => {
    const optional = { path: ["id"], type: "string", keyable: true, optional: true };
    const object = { path: ["id"], type: "Order", keyable: false, optional: false };
    for (const id of [optional, object]) {
      const h = handler("h", { columns: [id], writes: [write("store", column("id"))] });
      expect(policiesOf(role([mapField("store", 1)], [h]))).toEqual([]);
    }
  });

  it("refuses keys of two types in a plain object, where they may be one entry, and allows them in a Map", () => {
    const id = { path: ["id"], type: "string | number", keyable: true, optional: false };
    const h = handler("h", { columns: [id], writes: [write("store", column("id"))] });
    const map = mapField("store", 1);
    expect(policiesOf(role([{ ...map, type: "Record<string | number, number>" }], [h]))).toEqual([]);
    expect(policiesOf(role([{ ...map, type: "Map<string | number, number>" }], [h]))).toEqual(["h by id, store at 0"]);
  });

  it("names what is not understood", () => {
    const h = handler("h", { columns: ["id"], notUnderstood: "eval" });
    expect(inferKeys(role([], [h]), ["h"]).notUnderstood).toMatchObject([{ handler: "h", why: "eval" }]);
  });
});

/** Random small roles: up to three handlers, two fields of two levels, keys from two columns, the sender and worse. */
const KEYS: readonly Term[] = [column("a"), column("b"), sender, { kind: "literal", value: "k" }];
const arbitraryKeys = fc.array(fc.constantFrom(...KEYS), { maxLength: 2 });
const arbitraryField = fc.constantFrom("f", "g");
const arbitraryHandler = fc.record({
  reads: fc.array(fc.tuple(arbitraryField, arbitraryKeys), { maxLength: 2 }),
  writes: fc.array(fc.tuple(arbitraryField, arbitraryKeys), { maxLength: 2 }),
});
const arbitraryRole = fc.array(arbitraryHandler, { minLength: 1, maxLength: 3 }).map((sketches) =>
  role(
    [mapField("f", 2), mapField("g", 2)],
    sketches.map(({ reads, writes }, i) =>
      handler(`h${String(i)}`, {
        columns: ["a", "b"],
        reads: reads.map(([field, keys]) => read(field, ...keys)),
        writes: writes.map(([field, keys]) => write(field, ...keys)),
      }),
    ),
  ),
);

interface Touched {
  readonly handler: string;
  readonly field: string;
  readonly keys: readonly Term[];
}

function touched(found: Role): readonly Touched[] {
  return found.handlers.flatMap(({ name, body }) => [
    ...(body?.reads ?? []).map(({ cell }) => ({ handler: name, field: cell.field, keys: cell.keys })),
    ...(body?.effects ?? []).flatMap((effect) =>
      effect.kind === "write" ? [{ handler: name, field: effect.cell.field, keys: effect.cell.keys }] : [],
    ),
  ]);
}

/** Every assignment of a key to each handler and a position to each field that satisfies the definition, by trying them all. */
function byBruteForce(accesses: readonly Touched[]): readonly string[] {
  const handlers = [...new Set(accesses.map(({ handler: name }) => name))];
  const fields = [...new Set(accesses.map(({ field }) => field))];
  const product = <T>(choices: readonly (readonly T[])[]): readonly (readonly T[])[] =>
    choices.reduce<readonly (readonly T[])[]>(
      (all, next) => all.flatMap((one) => next.map((value) => [...one, value])),
      [[]],
    );
  const candidates = KEYS.slice(0, 3);
  return product(handlers.map(() => candidates)).flatMap((keys) =>
    product(fields.map(() => [0, 1])).flatMap((positions) => {
      const isLegal = accesses.every((access) => {
        const key = keys[handlers.indexOf(access.handler)];
        const at = access.keys[positions[fields.indexOf(access.field)] ?? 0];
        return key !== undefined && at !== undefined && sameTerm(key, at);
      });
      if (!isLegal) return [];
      const policy = {
        keys: Object.fromEntries(handlers.map((name, i) => [name, keys[i]])),
        positions: Object.fromEntries(fields.map((field, i) => [field, positions[i]])),
        through: {},
      };
      return [printPolicy(policy as KeyPolicy)];
    }),
  );
}

describe("the search for policies", () => {
  it("finds exactly the policies that the definition allows", () => {
    fc.assert(
      fc.property(arbitraryRole, (found) => {
        const { groups } = inferKeys(
          found,
          found.handlers.map(({ name }) => name),
        );
        const all = touched(found);
        for (const { handlers, policies } of groups) {
          const mine = all.filter(({ handler: name }) => handlers.includes(name));
          expect(policies.map(printPolicy).toSorted()).toEqual([...new Set(byBruteForce(mine))].toSorted());
        }
      }),
      { numRuns: 400 },
    );
  });

  it("gives policies under which activations that touch a common cell have one key", () => {
    const values = ["1", "2"];
    const messages = values.flatMap((a) => values.flatMap((b) => values.map((s) => ({ a, b, s }))));
    const valueOf = (term: Term, message: (typeof messages)[number]): string => {
      if (term.kind === "payload") return term.path[0] === "a" ? message.a : message.b;
      return term.kind === "sender" ? message.s : "k";
    };
    fc.assert(
      fc.property(arbitraryRole, (found) => {
        const { groups } = inferKeys(
          found,
          found.handlers.map(({ name }) => name),
        );
        const runs = touched(found).flatMap((access) =>
          messages.map((message) => ({
            access,
            message,
            place: [access.field, ...access.keys.map((key) => valueOf(key, message))],
          })),
        );
        // A piece contains the pieces below it, so two accesses meet when the place of one begins with that of the other.
        const meet = (x: readonly string[], y: readonly string[]): boolean =>
          x.slice(0, y.length).every((part, i) => part === y[i]);
        for (const policy of groups.flatMap(({ policies }) => policies)) {
          const routed = runs.flatMap((run) => {
            const key = policy.keys[run.access.handler];
            return key === undefined ? [] : [{ place: run.place, route: valueOf(key, run.message) }];
          });
          for (const x of routed) {
            for (const y of routed) if (meet(x.place, y.place)) expect(x.route).toBe(y.route);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("explains every key that it refuses by an access of the group", () => {
    fc.assert(
      fc.property(arbitraryRole, (found) => {
        const { groups } = inferKeys(
          found,
          found.handlers.map(({ name }) => name),
        );
        for (const { handlers, refused } of groups) {
          for (const { obstacle } of refused) expect(handlers).toContain(obstacle.access?.handler);
        }
      }),
      { numRuns: 200 },
    );
  });
});
