/** What is there once. */
import { say, unless, when, WHOLE, type FieldKind } from "./fieldKind.ts";

export const SCALARS: readonly FieldKind[] = [
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
