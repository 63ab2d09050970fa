/** Which plans to try on a protocol: what the compiler says is possible, and combinations of it; and what it says is not. */
import type { RoleRewrites } from "../../plugin/planner/inferRewrites.ts";
import type { Dice } from "./generate/dice.ts";

/** A component as a plan file names it. */
export interface PlannedComponent {
  readonly name: string;
  readonly moves?: readonly string[];
  /** As `riven explain` prints keys: `id`, `hash(id)`, `get: id, put: key`; left out, the compiler chooses. */
  readonly by?: string;
  readonly into?: number;
  readonly hold?: boolean;
}

/** The components of each role that is rewritten. */
export interface FuzzedPlan {
  readonly roles: readonly { readonly role: string; readonly components: readonly PlannedComponent[] }[];
}

/** One thing that could be done with a role. */
export interface Option {
  readonly role: string;
  readonly component: PlannedComponent;
}

export interface Options {
  readonly legal: readonly Option[];
  readonly refused: readonly Option[];
}

export function optionsOf(exploration: readonly RoleRewrites[]): Options {
  const legal: Option[] = [];
  const refused: Option[] = [];
  for (const { role, groups, handlers, sends, fields, keys } of exploration) {
    const add = (isLegal: boolean, component: PlannedComponent): void => {
      (isLegal ? legal : refused).push({ role, component });
    };
    for (const { by } of keys.legal) add(true, { name: "main", by });
    for (const { by } of keys.refused) add(false, { name: "main", by });
    for (const { handlers: moves, proof, apart, keys: own } of groups) {
      if (proof !== undefined) {
        add(true, { name: "part", moves });
        for (const { by } of own.legal) add(true, { name: "part", moves, by });
      }
      for (const { handler } of apart) {
        if (!handlers.some((one) => one.handler === handler)) add(false, { name: "part", moves: [handler] });
      }
    }
    for (const { handler } of handlers) add(true, { name: "part", moves: [handler] });
    for (const { name, proof } of sends) add(proof !== undefined, { name: "part", moves: [name] });
    for (const { field, proof } of fields) add(proof !== undefined, { name: "part", moves: [field] });
  }
  return { legal, refused };
}

/** Plans that take one legal option each, and plans that take several; what is put together need not be legal. */
export function samplePlans({ legal }: Options, dice: Dice, count: number): readonly FuzzedPlan[] {
  if (legal.length === 0) return [];
  const plans = new Map<string, FuzzedPlan>();
  // Options of one kind are many where there are many sends: what is rare gets its turn too.
  const kinds = [...new Set(legal.map(kindOf))];
  for (let tries = 0; plans.size < count && tries < count * 4; tries++) {
    const kind = dice.pick(kinds);
    const first = dice.pick(legal.filter((option) => kindOf(option) === kind));
    const others = dice.some(
      legal,
      dice.weighted([
        [4, 0],
        [4, 1],
        [2, 2],
      ]),
    );
    const plan = combine([first, ...others], dice);
    plans.set(JSON.stringify(plan), plan);
  }
  return [...plans.values()];
}

/** Options that the compiler says are wrong, one each. */
export function sampleRefused({ refused }: Options, dice: Dice, count: number): readonly FuzzedPlan[] {
  return dice.some(refused, count).map((option) => combine([option], dice));
}

function kindOf({ role, component }: Option): string {
  const moved = component.moves?.[0];
  const what = moved === undefined ? "all" : moved.includes("->") ? "send" : "part";
  return `${role} ${what} ${component.by === undefined ? "" : "by"}`;
}

function combine(options: readonly Option[], dice: Dice): FuzzedPlan {
  const roles = new Map<string, PlannedComponent[]>();
  for (const { role, component } of options) {
    const components = roles.get(role) ?? [];
    roles.set(role, components);
    const isTaken = component.moves?.some((move) => components.some(({ moves }) => moves?.includes(move)));
    if (isTaken === true || components.some(({ name }) => name === "main" && component.name === "main")) continue;
    const name = component.name === "main" ? "main" : `part${String(components.length + 1)}`;
    const isSpread = component.by !== undefined || dice.chance(0.25);
    const into = isSpread ? { into: dice.between(2, 3) } : {};
    const hold = component.moves !== undefined && dice.chance(0.1) ? { hold: true } : {};
    components.push({ ...component, name, ...into, ...hold });
  }
  return { roles: [...roles].map(([role, components]) => ({ role, components })) };
}

/** The text of riven.plan.ts. */
export function printPlan({ roles }: FuzzedPlan, columns: readonly string[]): string {
  const names = roles.map(({ role }) => role);
  const plans = roles.map(({ role, components }) => {
    const list = components.map((component) => `  ${component.name}: ${printComponent(component, columns)},\n`);
    return `plan(${role}, {\n${list.join("")}})`;
  });
  const exported = plans.length === 1 ? plans.join("") : `[${plans.join(", ")}]`;
  const functions = ["hash", "initial", "half", "tagged"].filter((name) => exported.includes(`${name}(`));
  return `import { plan } from "riven";
import { ${[...names, ...functions].join(", ")} } from "./protocol.ts";

export default ${exported};
`;
}

function printComponent({ moves, by, into, hold }: PlannedComponent, columns: readonly string[]): string {
  const parts = [
    ...(moves === undefined ? [] : [`moves: ${JSON.stringify(moves)}`]),
    ...(by === undefined ? [] : [`by: ${printBy(by, columns)}`]),
    ...(into === undefined ? [] : [`into: ${String(into)}`]),
    ...(hold === true ? ["hold: true"] : []),
  ];
  return `{ ${parts.join(", ")} }`;
}

function printBy(by: string, columns: readonly string[]): string {
  if (!/^\w+: /.test(by)) return printKey(by, columns);
  const entries = by.split(/, (?=\w+: )/).map((entry) => {
    const [handler = "", ...key] = entry.split(": ");
    return `${handler}: ${printKey(key.join(": "), columns)}`;
  });
  return `{ ${entries.join(", ")} }`;
}

/** A column by its name, or a function of the message. */
function printKey(key: string, columns: readonly string[]): string {
  if (columns.includes(key) || key === "from.id") return JSON.stringify(key);
  return `(m, from) => ${key.replace(/(?<![.\w])([a-z]\w*)(?![\w(])/g, (word) => (columns.includes(word) ? `m.${word}` : word))}`;
}
