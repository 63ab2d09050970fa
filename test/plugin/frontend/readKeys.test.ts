/** Keys of plans that are functions: what is read of them, and what is refused. */
import { openInMemory } from "../../../plugin/frontend/openInMemory.ts";
import { readPlans } from "../../../plugin/frontend/readPlans.ts";
import { roleDeclarations } from "../../../plugin/frontend/syntax/roleDeclarations.ts";
import { printTerm } from "../../../plugin/model/term.ts";

const protocol = `
import { On, Role, injective, pure } from "riven";
import { checksum } from "./checksum.ts";
export { checksum };

export function prefix(key: string): string { return key.split("/")[0] ?? key; }
export const bucketOf = (slot: number): number => Math.floor(slot / 100) % 16;
export const entryOf = injective((slot: number, name: string) => \`\${slot}/\${name}\`);
export const folded = pure((text: string) => text.toLowerCase());
export function orderOf(m: { readonly order: { readonly shop: string; readonly sku: string } }): string {
  return \`\${m.order.shop}/\${m.order.sku}\`;
}
export function strict(key: string): string { if (key === "") throw new Error("empty"); return key; }
let salt = 0;
export function salted(key: string): string { return key + String(salt); }
export function reseed(): void { salt += 1; }
function hidden(key: string): string { let h = 7; for (const c of key) h = h * 31 + c.length; return String(h); }
export const idOf = (m: { readonly key: string }): string => hidden(m.key);
export const WIDTH = 3;

@Role() export class Shop {
  @On() put(m: { key: string; slot: number; order: { shop: string; sku: string }; tags: string[] }): void { hidden(m.key); }
  @On() get(m: { key: string }): void {}
}
`;
const checksum = `export function checksum(text: string): number { let n = 0; for (const c of text) n += c.length; return n; }`;

function read(by: string): { readonly keys: unknown; readonly findings: readonly string[] } {
  const text =
    `import { plan } from "riven";\n` +
    `import { Shop, prefix, bucketOf, entryOf, folded, orderOf, strict, salted, hidden, idOf, WIDTH } from "./protocol.ts";\n` +
    `import { checksum as sum } from "./checksum.ts";\n` +
    `export default plan(Shop, { main: { by: ${by}, into: 3 } });`;
  const open = openInMemory({ "protocol.ts": protocol, "checksum.ts": checksum, "riven.plan.ts": text });
  const { plans, findings } = readPlans(open, roleDeclarations(open.sources));
  const request = plans[0]?.components[0]?.by;
  const said = findings.map(({ code, message, span }) => `${code} at ${text.slice(span.start, span.end)}: ${message}`);
  if (request === undefined) return { keys: undefined, findings: said };
  const keys =
    request.kind === "everywhere"
      ? request.key.map(printTerm)
      : Object.entries(request.keys).map(([handler, key]) => `${handler}: ${key.map(printTerm).join(", ")}`);
  return { keys, findings: said };
}

describe("a key that is a function", () => {
  it.each([
    ["a column", "(m) => m.key", ["m.key"]],
    ["a nested column", "(m) => m.order.sku", ["m.order.sku"]],
    ["the sender", "(m, from) => from.id", ["from.id"]],
    ["a tuple", "(m) => [m.order.shop, m.slot]", ["m.order.shop", "m.slot"]],
    [
      "a destructured message",
      "({ key, order: { sku } }, { id }) => [key, sku, id]",
      ["m.key", "m.order.sku", "from.id"],
    ],
    ["a block", "(m) => { const { key } = m; return prefix(key); }", ["prefix(m.key)"]],
    ["a function expression", "function (m) { return m.key; }", ["m.key"]],
    ["a function of the protocol", "(m) => prefix(m.key)", ["prefix(m.key)"]],
    ["a constant function", "(m) => bucketOf(m.slot)", ["bucketOf(m.slot)"]],
    ["a function of another module, under another name", "(m) => sum(m.key)", ["checksum(m.key)"]],
    ["a promised function", "(m) => folded(m.key)", ["folded(m.key)"]],
    ["an injective one", "(m) => entryOf(m.slot, m.key)", ["entryOf(m.slot, m.key)"]],
    ["a function that makes a template of parts", "(m) => orderOf(m)", ["`${}/${}`(m.order.shop, m.order.sku)"]],
    ["a template", "(m) => `${m.slot}/${m.key}`", ["`${}/${}`(m.slot, m.key)"]],
    ["the text of a list", "(m) => JSON.stringify([m.slot, m.key])", ["JSON.stringify(array(m.slot, m.key))"]],
    ["operators", "(m) => (m.slot >>> 4) % 8", ["%(>>>(m.slot, 4), 8)"]],
    ["methods", "(m) => m.key.slice(0, WIDTH).toLowerCase()", [".toLowerCase(.slice(m.key, 0, 3))"]],
    ["a part of a text", '(m) => m.key.split("/")[0]', ['.0(.split(m.key, "/"))']],
  ])("may be %s", (_, by, expected) => {
    expect(read(by)).toEqual({ keys: expected, findings: [] });
  });

  it("may be given for each handler", () => {
    const by = '{ put: (m) => prefix(m.key), get: "key" }';
    expect(read(by)).toEqual({ keys: ["put: prefix(m.key)", "get: m.key"], findings: [] });
  });

  it.each([
    ["idOf(m)", "(m) => idOf(m)", "protocol.ts keeps hidden to itself. Export it."],
    ["hidden", "(m) => hidden(m.key)", "the name hidden, which is not declared"],
    ["salt", "(m) => salted(m.key)", "every node in the process shares it"],
    ["m", "(m) => m", "The whole message is no key"],
    ['"x"', '(m) => "x"', "is more than a function"],
    ["WIDTH + 1", "(m) => WIDTH + 1", "the same for all messages"],
    ["[]", "(m) => []", "A key needs at least one column."],
    ["{ id: m.key }", "(m) => ({ id: m.key })", "is more than a function"],
    ["m.tags.map", "(m) => m.tags.map((tag) => tag + m.key).join()", "is more than a function"],
    ["Math.random()", "(m) => m.key + Math.random()", "it is not a function of the message and the state"],
    ["throw", "(m) => strict(m.key)", "a sender must not fail"],
    ["prefix", "prefix", "written out"],
  ])("is refused at %s", (_, by, message) => {
    const { keys, findings } = read(by);
    expect(keys).toBeUndefined();
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain(message);
  });
});
