/** The lattices of the library. */
import type { Statement } from "../../protocolTree.ts";
import { say, when, WHOLE, type FieldKind } from "./fieldKind.ts";

export const LATTICES: readonly FieldKind[] = [
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
];

function containsReturn({ code, blocks = [] }: Statement): boolean {
  return code.startsWith("return") || blocks.flat().some(containsReturn);
}
