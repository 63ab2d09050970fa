/** Maps and sets. */
import { local, say, unless, when, type FieldKind } from "./fieldKind.ts";

export const COLLECTIONS: readonly FieldKind[] = [
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
];
