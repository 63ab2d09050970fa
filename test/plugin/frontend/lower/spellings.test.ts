import { openInMemory } from "../../../../plugin/frontend/openInMemory.ts";
import { readProtocol } from "../../../../plugin/frontend/readProtocol.ts";
import { lowered } from "./lowered.ts";

const notFollowed = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => line.startsWith("not understood"));

test("a helper that gives a column as it is gives that column", () => {
  const lines = lowered(
    `private readonly seen = new Set<string>();
     @On() h(m: { id: string }): void { this.seen.add(idOf(m.id)); }`,
    "const idOf = (text: string): string => text;",
  );
  expect(lines).toEqual(["add seen[m.id]"]);
});

test("of a function with several signatures the body counts", () => {
  const lines = lowered(
    `@On() h(m: { id: string }): void { if (half(2) > 0) this.only.take({ id: m.id, n: half("x") }); }`,
    `function half(x: number): number;
     function half(x: string): number;
     function half(x: number | string): number { return typeof x === "number" ? x / 2 : x.length / 2; }`,
  );
  expect(notFollowed(lines)).toEqual([]);
  expect(lines[0]).toMatch(/^send Other\.take to only /);
});

test("a module is a name for what it exports", () => {
  const protocol = readProtocol(
    openInMemory({
      "quorum.ts": "export const EXTRA = 1; export function of(n: number): number { return n / 2 + EXTRA; }",
      "index.ts": 'export * as quorum from "./quorum.ts";',
      "protocol.ts": `import { On, Role } from "riven";
        import { quorum } from "./index.ts";
        import * as q from "./quorum.ts";
        @Role() export class Node {
          private n = 0;
          @On() h(m: { id: string }): void { this.n = quorum.of(q.EXTRA); }
        }`,
    }),
  );
  expect(protocol.roles[0]?.handlers[0]?.body?.notUnderstood).toEqual([]);
});

const RULES = `const RULES = { low: { max: 1, of: [1] }, high: { max: 2, of: [2] } };
const TABLE = new Map([["low", { max: 1 }]]);
const ZERO = { a: 0, b: 0 };`;

test.each([
  ["const rule = RULES.low; this.n = rule.max;"],
  ["this.n = (m.id === 'x' ? RULES.low : RULES.high).max;"],
  ["this.n = TABLE.get(m.id)?.max ?? 0;"],
  ["const { max } = TABLE.get(m.id) ?? RULES.low; this.n = max;"],
  ["for (const [name, { max }] of Object.entries(RULES)) if (name === m.id) this.n = max;"],
  ["this.kept.set(m.id, { ...(this.kept.get(m.id) ?? ZERO), a: 1 });"],
  ["this.n = Object.values(RULES).reduce((sum, rule) => sum + rule.max, 0);"],
  ["this.n = maxOf(RULES.low);"],
])("an object of a module may be looked at: %s", (statement) => {
  expect(notFollowed(lowered(BODY(statement), `${RULES} ${HELPERS}`))).toEqual([]);
});

test.each([
  ["this.kept.set(m.id, ZERO);"],
  ["this.kept.set(m.id, this.kept.get(m.id) ?? ZERO);"],
  ["const zero = ZERO; zero.a += 1;"],
  ["RULES.low.max = 3;"],
  ["[RULES.low.max] = [3];"],
  ["for (const rule of Object.values(RULES)) rule.max++;"],
  ["for (const rule of Object.values(RULES)) this.rules.set(m.id, rule);"],
  ["const rule = TABLE.get(m.id); if (rule) this.rules.set(m.id, rule);"],
  ["this.rules.set(m.id, { ...RULES.low });"],
  ["TABLE.forEach((rule) => this.rules.set(m.id, rule));"],
  ["raise(RULES.low);"],
])("an object of a module may not be changed, or kept: %s", (statement) => {
  expect(notFollowed(lowered(BODY(statement), `${RULES} ${HELPERS}`))).not.toEqual([]);
});

const HELPERS = `const maxOf = (rule: { max: number }): number => rule.max;
function raise(rule: { max: number }): void { rule.max += 1; }`;

function BODY(statement: string): string {
  return `private n = 0;
    private readonly kept = new Map<string, { a: number; b: number }>();
    private readonly rules = new Map<string, { max: number; of?: number[] }>();
    @On() h(m: { id: string }): void { ${statement} }`;
}

const QUEUES = `private readonly waiting = new Map<string, { op: string; n: number }[]>();
  private readonly busy = new Map<string, { op: string; n: number }>();`;

test("what nobody changes may go from one place in the state to another", () => {
  const lines = lowered(`${QUEUES}
    @On() h(m: { id: string }): void {
      const job = this.waiting.get(m.id)?.shift();
      if (job !== undefined) this.busy.set(m.id, job);
      const made = { op: m.id, n: 1 };
      this.waiting.get(m.id)?.push(made);
      this.busy.set(m.id, made);
    }`);
  expect(notFollowed(lines)).toEqual([]);
});

test.each([
  ["here", "const job = this.busy.get(m.id); if (job) job.n++;", "h"],
  ["in another handler", "", "g"],
])("what is changed %s may not", (_, statement, handler) => {
  const lines = lowered(`${QUEUES}
    @On() h(m: { id: string }): void {
      const job = this.waiting.get(m.id)?.shift();
      if (job !== undefined) this.busy.set(m.id, job);
      ${statement}
    }
    @On() ${handler === "g" ? "g" : "other"}(m: { id: string }): void {
      for (const jobs of this.waiting.values()) for (const job of jobs) ${handler === "g" ? "job.n = 0" : "job.op.at(0)"};
    }`);
  expect(notFollowed(lines)).not.toEqual([]);
});

test("what is taken out of a local list of objects is one of them", () => {
  const lines = lowered(`private readonly lists = new Map<string, { n: number }[]>();
    @On() h(m: { id: string; n: number }): void {
      const list = this.lists.get(m.id) ?? [];
      list.push({ n: m.n });
      if (list.length > 3) list.shift();
      this.lists.set(m.id, list);
    }`);
  expect(notFollowed(lines)).toEqual([]);
});

const RECURSIVE = `interface Tree { readonly weight: number; readonly children?: readonly Tree[] }
const weigh = (tree: Tree): number => tree.weight + (tree.children ?? []).reduce((sum, child) => sum + weigh(child), 0);
function isEven(n: number): boolean { return n === 0 || isOdd(n - 1); }
function isOdd(n: number): boolean { return n !== 0 && isEven(n - 1); }
function collect(tree: Tree, into: number[]): void { into.push(tree.weight); tree.children?.forEach((child) => collect(child, into)); }
function add(set: Set<string>, tree: Tree): void { set.add(String(tree.weight)); tree.children?.forEach((child) => add(set, child)); }`;

test.each([["this.n = weigh(m.tree);"], ["if (isEven(m.tree.weight)) this.n = 1;"]])(
  "a function of a module may call itself: %s",
  (statement) => {
    const lines = lowered(`private n = 0; @On() h(m: { id: string; tree: Tree }): void { ${statement} }`, RECURSIVE);
    expect(notFollowed(lines)).toEqual([]);
  },
);

test.each([
  ["const all: number[] = []; collect(m.tree, all); this.n = all.length;"],
  ["add(this.set, m.tree);"],
  ["this.again(m.tree);"],
])("one that does more may not: %s", (statement) => {
  const lines = lowered(
    `private n = 0; private readonly set = new Set<string>();
     private again(tree: Tree): void { this.n += 1; for (const child of tree.children ?? []) this.again(child); }
     @On() h(m: { id: string; tree: Tree }): void { ${statement} }`,
    RECURSIVE,
  );
  expect(notFollowed(lines)).not.toEqual([]);
});

test("what is spliced out of a list of the state is a list of its elements", () => {
  const lines = lowered(
    `private readonly log: { readonly id: string; readonly n: number }[] = [];
     @On() h(m: { id: string }): void {
       if (this.log.length > 2) this.only.take({ id: m.id, all: this.log.splice(0, 3).map(({ id }) => id) });
     }`,
  );
  expect(notFollowed(lines)).toEqual([]);
  expect(lines.find((line) => line.startsWith("clear log"))).toBeDefined();
});
