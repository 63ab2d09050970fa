/** What clients send. */
import { lower } from "../printProtocol.ts";
import type { Column, Statement, Term } from "../protocolTree.ts";
import type { Dice } from "./dice.ts";
import { record } from "./record.ts";

interface Entry {
  readonly name: string;
  readonly role: { readonly name: string; readonly nodes: number } | undefined;
  readonly columns: readonly Column[];
}

/** What state is kept by. */
export const KEYS: readonly Column[] = [
  { name: "room", type: "string" },
  { name: "account", type: "string" },
  { name: "topic", type: "string" },
  { name: "slot", type: "number" },
];
/**
 * A message of a client to all nodes of a role, or to one.
 *
 * @param told What the client has just been told; undefined: it begins an operation.
 */
export function clientSend(
  dice: Dice,
  { name, role, columns }: Entry,
  told: ReadonlyMap<string, Column> | undefined,
): Statement {
  const payload = columns.map((column): readonly [string, Term] => {
    if (column.name === "op") return ["op", { type: "string", code: told === undefined ? "op" : "m.op" }];
    if (column.name === "client") return ["client", { type: "string", code: "this.self.id" }];
    return [column.name, clientValue(dice, column, told)];
  });
  const one = lower(role?.name ?? "");
  const nodes = role?.nodes ?? 1;
  if (nodes === 1 || dice.chance(0.5)) {
    const send: Statement = { code: `${one}.${name}(#0);`, args: [record([], payload)] };
    return { code: `for (const ${one} of this.${one}s) {{0}}`, blocks: [[send]] };
  }
  const node = told === undefined ? `\${String((n % 2) + 1)}` : String(dice.between(1, 2));
  return { code: `this.${one}s.at(\`${one}-${node}\`).${name}(#0);`, args: [record([], payload)] };
}

/** Few values, so that operations meet. */
function clientValue(dice: Dice, { name, type }: Column, told: ReadonlyMap<string, Column> | undefined): Term {
  const isKey = KEYS.some((one) => one.name === name);
  switch (type) {
    case "string":
      if (dice.chance(isKey ? 0.1 : 0.25)) return { type, code: told === undefined ? "op" : "m.op" };
      if (dice.chance(0.15)) return { type, code: "this.self.id" };
      if (told !== undefined) return { type, code: dice.pick([`"k0"`, `"k1"`]) };
      return {
        type,
        code: dice.pick(["`k${String(n % 2)}`", "`k${String((n + 1) % 2)}`", `"k1"`, "`k${String(n % 3)}`"]),
      };
    case "number":
      if (told?.has("count") === true && dice.chance(0.4)) return { type, code: "m.count" };
      if (told !== undefined) return { type, code: dice.pick(["0", "1", "3"]) };
      return { type, code: dice.pick(["n % 3", "n", "n % 2", "2", "4 - n"]) };
    case "boolean":
      return { type, code: "true" };
    case "strings":
      return { type, code: `["k0"]` };
  }
}
