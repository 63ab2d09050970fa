/** Entries with something inside: records, maps, lists. */
import { local, say, unless, type FieldKind } from "./fieldKind.ts";

export const RECORDS: readonly FieldKind[] = [
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
];
