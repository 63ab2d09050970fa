/** How engineers keep state: kinds of fields, and what is written about them in handlers. */
import type { Statement, Term } from "../protocolTree.ts";
import type { Body, KeyForm, Mood, StateField } from "./body.ts";

type Use = (body: Body, key: Term, field: StateField) => readonly Statement[];

export interface FieldKind {
  readonly kind: string;
  readonly names: readonly string[];
  /** With `KEY` for the type of the keys. */
  readonly code: string;
  readonly readonly: boolean;
  /** How often a role of each mood has such a field. */
  readonly weight: { readonly [M in Mood]: number };
  /** Keys that its entries may have; none: it exists once. */
  readonly keyed: boolean;
  readonly uses: readonly { readonly weight: number; readonly growing?: boolean; readonly use: Use }[];
}

const say = (code: string, ...args: Term[]): Statement => ({ code, args });

/** Statements around a local name. */
function local(body: Body, hint: string, make: (name: string) => readonly Statement[]): readonly Statement[] {
  return make(body.fresh(hint));
}

function when(code: string, args: readonly Term[], ...blocks: (readonly Statement[])[]): readonly Statement[] {
  return blocks.every((block) => block.length === 0) ? [] : [{ code, args, blocks }];
}

/** An early end, where one is possible. */
function unless(body: Body, code: string, ...args: Term[]): readonly Statement[] {
  return body.options.mayEnd ? [{ code: `if (${code}) {{0}}`, args, blocks: [body.ending()] }] : [];
}

/** A scalar is there once, however many keys there are. */
const WHOLE = { keyed: 0, loose: 4, growing: 1, epochs: 0 } as const;

export const FIELD_KINDS: readonly FieldKind[] = [
  {
    kind: "counts",
    names: ["counts", "sums", "marks"],
    code: " = new Map<KEY, number>()",
    readonly: true,
    weight: { keyed: 6, loose: 5, growing: 1, epochs: 4 },
    keyed: true,
    uses: [
      {
        weight: 5,
        use: (body, key, { name }) =>
          local(body, "n", (n) => {
            body.learn("number", n);
            return [say(`const ${n} = (this.${name}.get(#0) ?? 0) + 1;`, key), say(`this.${name}.set(#0, ${n});`, key)];
          }),
      },
      { weight: 2, use: (body, key, { name }) => [say(`this.${name}.set(#0, #1);`, key, body.value("number"))] },
      {
        weight: 2,
        use: (body, key, { name }) => {
          const most = body.value("number");
          return [say(`if (#1 > (this.${name}.get(#0) ?? 0)) this.${name}.set(#0, #1);`, key, most)];
        },
      },
      {
        weight: 3,
        use: (body, key, { name }) =>
          local(body, "count", (n) => {
            body.learn("number", n);
            return [say(`const ${n} = this.${name}.get(#0) ?? 0;`, key)];
          }),
      },
      { weight: 1, use: (_, key, { name }) => [say(`this.${name}.delete(#0);`, key)] },
      { weight: 2, use: (body, key, { name }) => unless(body, `(this.${name}.get(#0) ?? 0) >= 2`, key) },
      {
        weight: 2,
        use: (body, key, { name }) =>
          local(body, "after", (n) => [
            say(`const ${n} = (this.${name}.get(#0) ?? 0) + 1;`, key),
            say(`this.${name}.set(#0, ${n});`, key),
            ...when(`if (${n} === 2) {{0}}`, [], body.block()),
          ]),
      },
    ],
  },
  {
    kind: "latest",
    names: ["owners", "values", "titles"],
    code: " = new Map<KEY, string>()",
    readonly: true,
    weight: { keyed: 6, loose: 4, growing: 0, epochs: 5 },
    keyed: true,
    uses: [
      { weight: 4, use: (body, key, { name }) => [say(`this.${name}.set(#0, #1);`, key, body.value("string"))] },
      {
        weight: 3,
        use: (body, key, { name }) => [
          say(`if (!this.${name}.has(#0)) this.${name}.set(#0, #1);`, key, body.value("string")),
        ],
      },
      {
        weight: 4,
        use: (body, key, { name }) =>
          local(body, "value", (value) => {
            body.learn("string", value);
            return [say(`const ${value} = this.${name}.get(#0) ?? "none";`, key)];
          }),
      },
      {
        weight: 3,
        use: (body, key, { name }) =>
          local(body, "found", (found) => {
            if (!body.options.mayEnd) return [];
            const early = unless(body, `${found} === undefined`);
            body.learn("string", found);
            return [say(`const ${found} = this.${name}.get(#0);`, key), ...early];
          }),
      },
      {
        weight: 2,
        use: (body, key, { name }) => {
          const mine = body.value("string");
          return [say(`if (this.${name}.get(#0) === #1) this.${name}.delete(#0);`, key, mine)];
        },
      },
      { weight: 1, use: (_, key, { name }) => [say(`this.${name}.delete(#0);`, key)] },
    ],
  },
  {
    kind: "groups",
    names: ["groups", "voters", "members"],
    code: " = new Map<KEY, Set<string>>()",
    readonly: true,
    weight: { keyed: 5, loose: 4, growing: 8, epochs: 2 },
    keyed: true,
    uses: [
      {
        weight: 4,
        growing: true,
        use: (body, key, { name }) =>
          local(body, "group", (group) => {
            const who = body.value("string");
            const block = when(`if (${group}.size ${body.dice.pick([">=", "==="])} 2) {{0}}`, [], body.block());
            if (body.mood !== "growing") body.learn("number", `${group}.size`);
            return [
              say(`const ${group} = this.${name}.get(#0) ?? new Set<string>();`, key),
              say(`this.${name}.set(#0, ${group}.add(#1));`, key, who),
              ...block,
            ];
          }),
      },
      {
        weight: 3,
        growing: true,
        use: (body, key, { name }) =>
          local(body, "all", (group) => [
            say(`let ${group} = this.${name}.get(#0);`, key),
            say(`if (${group} === undefined) this.${name}.set(#0, (${group} = new Set()));`, key),
            say(`${group}.add(#0);`, body.value("string")),
          ]),
      },
      {
        weight: 2,
        growing: true,
        use: (body, key, { name }) => when(`if ((this.${name}.get(#0)?.size ?? 0) >= 2) {{0}}`, [key], body.block()),
      },
      {
        weight: 2,
        use: (body, key, { name }) => {
          body.learn("strings", `[...(this.${name}.get(#0) ?? [])].sort()`, key);
          return [];
        },
      },
      {
        weight: 1,
        use: (body, key, { name }) => [say(`this.${name}.get(#0)?.delete(#1);`, key, body.value("string"))],
      },
      {
        weight: 2,
        use: (body, key, { name }) => unless(body, `this.${name}.get(#0)?.has(#1) === true`, key, body.value("string")),
      },
    ],
  },
  {
    kind: "marks",
    names: ["finished", "locked", "known"],
    code: " = new Set<KEY>()",
    readonly: true,
    weight: { keyed: 4, loose: 4, growing: 6, epochs: 2 },
    keyed: true,
    uses: [
      { weight: 3, growing: true, use: (_, key, { name }) => [say(`this.${name}.add(#0);`, key)] },
      {
        weight: 4,
        growing: true,
        use: (body, key, { name }) => [
          {
            code: `if (!this.${name}.has(#0)) {{0}}`,
            args: [key],
            blocks: [[say(`this.${name}.add(#0);`, key), ...body.block()]],
          },
        ],
      },
      { weight: 2, use: (body, key, { name }) => unless(body, `this.${name}.has(#0)`, key) },
      {
        weight: 2,
        use: (body, key, { name }) => {
          body.learn("boolean", `this.${name}.has(#0)`, key);
          return [];
        },
      },
      { weight: 1, use: (_, key, { name }) => [say(`this.${name}.delete(#0);`, key)] },
    ],
  },
  {
    kind: "entries",
    names: ["entries", "jobs", "orders"],
    code: " = new Map<KEY, { count: number; last: string; open: boolean }>()",
    readonly: true,
    weight: { keyed: 4, loose: 3, growing: 0, epochs: 3 },
    keyed: true,
    uses: [
      {
        weight: 3,
        use: (body, key, { name }) =>
          local(body, "entry", (entry) => {
            const last = body.value("string");
            body.learn("number", `${entry}.count`);
            body.learn("string", `${entry}.last`);
            return [
              say(`const ${entry} = this.${name}.get(#0) ?? { count: 0, last: "", open: true };`, key),
              say(`this.${name}.set(#0, ${entry});`, key),
              say(`${entry}.count += 1;`),
              say(`${entry}.last = #0;`, last),
            ];
          }),
      },
      {
        weight: 3,
        use: (body, key, { name }) =>
          local(body, "entry", (entry) => {
            if (!body.options.mayEnd) return [];
            const early = unless(body, `${entry} === undefined`);
            body.learn("number", `${entry}.count`);
            body.learn("boolean", `${entry}.open`);
            return [say(`const ${entry} = this.${name}.get(#0);`, key), ...early, say(`${entry}.open = false;`)];
          }),
      },
      {
        weight: 2,
        use: (body, key, { name }) => [
          say(
            `this.${name}.set(#0, { count: #1, last: #2, open: true });`,
            key,
            body.value("number"),
            body.value("string"),
          ),
        ],
      },
      {
        weight: 2,
        use: (body, key, { name }) =>
          local(body, "last", (last) => {
            const count = body.fresh("times");
            body.learn("string", last);
            body.learn("number", count);
            return [
              say(`const { last: ${last}, count: ${count} } = this.${name}.get(#0) ?? { last: "", count: 0 };`, key),
            ];
          }),
      },
    ],
  },
  {
    kind: "nested",
    names: ["tables", "shelves"],
    code: " = new Map<KEY, Map<string, number>>()",
    readonly: true,
    weight: { keyed: 3, loose: 2, growing: 0, epochs: 1 },
    keyed: true,
    uses: [
      {
        weight: 3,
        use: (body, key, { name }) =>
          local(body, "row", (row) => [
            say(`const ${row} = this.${name}.get(#0) ?? new Map<string, number>();`, key),
            say(`${row}.set(#0, #1);`, body.value("string"), body.value("number")),
            say(`this.${name}.set(#0, ${row});`, key),
          ]),
      },
      {
        weight: 3,
        use: (body, key, { name }) =>
          local(body, "cell", (cell) => {
            body.learn("number", cell);
            return [say(`const ${cell} = this.${name}.get(#0)?.get(#1) ?? 0;`, key, body.value("string"))];
          }),
      },
      {
        weight: 2,
        use: (body, key, { name }) =>
          local(body, "total", (total) => {
            body.learn("number", total);
            return [
              say(`let ${total} = 0;`),
              say(`for (const amount of this.${name}.get(#0)?.values() ?? []) ${total} += amount;`, key),
            ];
          }),
      },
    ],
  },
  {
    kind: "lists",
    names: ["queues", "notes"],
    code: " = new Map<KEY, string[]>()",
    readonly: true,
    weight: { keyed: 3, loose: 2, growing: 0, epochs: 1 },
    keyed: true,
    uses: [
      {
        weight: 3,
        use: (body, key, { name }) =>
          local(body, "list", (list) => {
            const item = body.value("string");
            body.learn("strings", `[...${list}]`);
            return [
              say(`const ${list} = this.${name}.get(#0) ?? [];`, key),
              say(`${list}.push(#0);`, item),
              say(`this.${name}.set(#0, ${list});`, key),
            ];
          }),
      },
      {
        weight: 2,
        use: (body, key, { name }) =>
          local(body, "next", (next) => {
            body.learn("string", next);
            return [say(`const ${next} = this.${name}.get(#0)?.shift() ?? "none";`, key)];
          }),
      },
      {
        weight: 2,
        use: (body, key, { name }) => {
          body.learn("number", `(this.${name}.get(#0)?.length ?? 0)`, key);
          return [];
        },
      },
    ],
  },
  {
    kind: "record",
    names: ["levels", "scores"],
    code: ": Record<string, number> = {}",
    readonly: true,
    weight: { keyed: 2, loose: 1, growing: 0, epochs: 1 },
    keyed: true,
    uses: [
      { weight: 2, use: (_, key, { name }) => [say(`this.${name}[#0] = (this.${name}[#0] ?? 0) + 1;`, key)] },
      {
        weight: 2,
        use: (body, key, { name }) => {
          body.learn("number", `(this.${name}[#0] ?? 0)`, key);
          return [];
        },
      },
    ],
  },
  {
    kind: "total",
    names: ["total", "serial"],
    code: " = 0",
    readonly: false,
    weight: { ...WHOLE, growing: 3 },
    keyed: false,
    uses: [
      {
        weight: 4,
        growing: true,
        use: (body, _, { name }) => {
          body.learn("number", `this.${name}`);
          return [say(body.dice.pick([`this.${name} += 1;`, `this.${name}++;`]))];
        },
      },
      { weight: 2, use: (body, _, { name }) => unless(body, `this.${name} >= #0`, { type: "number", code: "3" }) },
      {
        weight: 2,
        use: (body, _, { name }) => {
          body.learn("number", `this.${name}`);
          return [];
        },
      },
    ],
  },
  {
    kind: "epoch",
    names: ["epoch", "ballot"],
    code: " = 0",
    readonly: false,
    weight: { ...WHOLE, loose: 2, growing: 2, epochs: 0 },
    keyed: false,
    uses: [
      {
        weight: 3,
        growing: true,
        use: (body, _, { name }) => [say(`if (#0 > this.${name}) this.${name} = #0;`, body.value("number"))],
      },
      { weight: 2, use: (body, _, { name }) => unless(body, `#0 < this.${name}`, body.value("number")) },
      {
        weight: 2,
        use: (body, _, { name }) => {
          body.learn("number", `this.${name}`);
          return [];
        },
      },
    ],
  },
  {
    kind: "name",
    names: ["leader", "mode"],
    code: ` = "none"`,
    readonly: false,
    weight: { ...WHOLE, loose: 2 },
    keyed: false,
    uses: [
      { weight: 3, use: (body, _, { name }) => [say(`this.${name} = #0;`, body.value("string"))] },
      {
        weight: 3,
        use: (body, _, { name }) => {
          body.learn("string", `this.${name}`);
          return [];
        },
      },
      {
        weight: 2,
        use: (body, _, { name }) => when(`if (this.${name} === #0) {{0}}`, [body.value("string")], body.block()),
      },
    ],
  },
  {
    kind: "seen",
    names: ["seen", "heard"],
    code: " = new GrowSet<KEY>()",
    readonly: true,
    weight: { keyed: 1, loose: 2, growing: 3, epochs: 1 },
    keyed: true,
    uses: [
      { weight: 3, growing: true, use: (_, key, { name }) => [say(`this.${name}.add(#0);`, key)] },
      {
        weight: 2,
        growing: true,
        use: (body, key, { name }) => when(`if (this.${name}.has(#0)) {{0}}`, [key], body.block()),
      },
      { weight: 1, use: (body, _, { name }) => (body.learn("number", `this.${name}.size`), []) },
    ],
  },
  {
    kind: "highest",
    names: ["highest", "record"],
    code: " = new MaxReg<number>(0)",
    readonly: true,
    weight: { ...WHOLE, loose: 2, growing: 2 },
    keyed: false,
    uses: [
      { weight: 3, growing: true, use: (body, _, { name }) => [say(`this.${name}.merge(#0);`, body.value("number"))] },
      { weight: 2, use: (body, _, { name }) => (body.learn("number", `this.${name}.value`), []) },
    ],
  },
  {
    kind: "families",
    names: ["families", "replies"],
    code: " = new GrowMap<KEY, GrowSet<string>>(() => new GrowSet())",
    readonly: true,
    weight: { keyed: 2, loose: 1, growing: 4, epochs: 1 },
    keyed: true,
    uses: [
      {
        weight: 3,
        growing: true,
        use: (body, key, { name }) => [say(`this.${name}.at(#0).add(#1);`, key, body.value("string"))],
      },
      {
        weight: 2,
        growing: true,
        use: (body, key, { name }) => when(`if (this.${name}.at(#0).size >= 2) {{0}}`, [key], body.block()),
      },
      { weight: 1, use: (body, key, { name }) => (body.learn("number", `(this.${name}.get(#0)?.size ?? 0)`, key), []) },
    ],
  },
  {
    kind: "tally",
    names: ["acks", "votes"],
    code: " = new Tally<KEY>()",
    readonly: true,
    weight: { keyed: 2, loose: 1, growing: 5, epochs: 1 },
    keyed: true,
    uses: [
      {
        weight: 4,
        growing: true,
        use: (body, key, { name }) => [
          say(`this.${name}.add(#0, #1);`, key, body.value("string")),
          ...when(`if (this.${name}.reached(#0, 2)) {{0}}`, [key], body.block()),
        ],
      },
      { weight: 1, use: (body, key, { name }) => (body.learn("number", `this.${name}.count(#0)`, key), []) },
    ],
  },
  {
    kind: "once",
    names: ["chosen", "decided"],
    code: " = new Once<KEY>()",
    readonly: true,
    weight: { keyed: 1, loose: 1, growing: 5, epochs: 1 },
    keyed: true,
    uses: [
      {
        weight: 3,
        growing: true,
        use: (body, key, { name }) => {
          const block = body.block();
          return block.some(containsReturn) ? [] : when(`this.${name}.do(#0, () => {{0}});`, [key], block);
        },
      },
      { weight: 1, use: (body, key, { name }) => (body.learn("boolean", `this.${name}.has(#0)`, key), []) },
    ],
  },
  {
    kind: "contributions",
    names: ["contributions", "stakes"],
    code: " = new GrowMap<KEY, Counter>(() => new Counter())",
    readonly: true,
    weight: { keyed: 1, loose: 1, growing: 3, epochs: 0 },
    keyed: true,
    uses: [
      {
        weight: 3,
        growing: true,
        use: (body, key, { name }) => [
          say(`this.${name}.at(#0).add(#1, #2);`, key, body.value("string"), body.value("number")),
          ...when(`if (this.${name}.at(#0).value >= 2) {{0}}`, [key], body.block()),
        ],
      },
    ],
  },
  {
    kind: "log",
    names: ["log", "audit"],
    code: " = journal<{ what: string; n: number }>()",
    readonly: true,
    weight: { keyed: 1, loose: 1, growing: 0, epochs: 0 },
    keyed: false,
    uses: [
      {
        weight: 1,
        use: (body, _, { name }) => [
          say(`this.${name}.append({ what: #0, n: #1 });`, body.value("string"), body.value("number")),
        ],
      },
    ],
  },
  {
    kind: "limit",
    names: ["limit", "quota"],
    code: " = 2",
    readonly: true,
    weight: { keyed: 1, loose: 1, growing: 1, epochs: 1 },
    keyed: false,
    uses: [{ weight: 1, growing: true, use: (body, _, { name }) => (body.learn("number", `this.${name}`), []) }],
  },
];

/** What looks at all entries of a collection: rarely right. */
export const WHOLE_USES: { readonly [kind: string]: readonly Use[] } = {
  counts: [
    (body, _, { name }) => (body.learn("number", `this.${name}.size`), []),
    (body, _, { name }) =>
      local(body, "sum", (sum) => {
        body.learn("number", sum);
        return [say(`let ${sum} = 0;`), say(`for (const count of this.${name}.values()) ${sum} += count;`)];
      }),
    (_, __, { name }) => [say(`for (const [key, count] of this.${name}) this.${name}.set(key, count + 1);`)],
    (_, __, { name }) => [say(`this.${name}.clear();`)],
    (_, __, { name }) => [say(`for (const [key, count] of this.${name}) if (count > 1) this.${name}.delete(key);`)],
  ],
  latest: [
    (body, _, { name }) => (body.learn("strings", `[...this.${name}.values()]`), []),
    (body, _, { name }) => (body.learn("strings", `[...this.${name}.values()].sort()`), []),
    (_, __, { name }) => [say(`this.${name}.clear();`)],
    (body, _, { name }) => (body.learn("number", `this.${name}.size`), []),
  ],
  marks: [(body, _, { name }) => (body.learn("number", `this.${name}.size`), [])],
  groups: [(_, __, { name }) => [say(`for (const group of this.${name}.values()) group.clear();`)]],
  entries: [
    (_, __, { name }) => [say(`for (const one of this.${name}.values()) one.open = false;`)],
    (_, __, { name }) => [say(`for (const [key, one] of this.${name}) if (!one.open) this.${name}.delete(key);`)],
  ],
};

function containsReturn({ code, blocks = [] }: Statement): boolean {
  return code.startsWith("return") || blocks.flat().some(containsReturn);
}

/** Which functions of a column a field may be kept under. */
export function formsFor(mood: Mood, keyType: "string" | "number"): readonly (readonly [number, KeyForm])[] {
  const careful = mood !== "loose";
  const common: readonly (readonly [number, KeyForm])[] = [
    [careful ? 24 : 14, "column"],
    [1, "sender"],
    [2, "pair"],
  ];
  return keyType === "number"
    ? [...common, [2, "half"]]
    : [...common, [2, "hash"], [2, "initial"], [1, "tagged"], [1, "joined"]];
}

/** The type of the keys that a form makes. */
export function keyTypeOf(form: KeyForm, column: "string" | "number"): "string" | "number" {
  if (form === "column") return column;
  return form === "hash" || form === "half" ? "number" : "string";
}
