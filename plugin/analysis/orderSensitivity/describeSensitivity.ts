/** What was found, in sentences for a proof. */
import { printTerm } from "../../model/term.ts";
import type { ComponentView } from "./component.ts";
import { locationOf } from "./locations.ts";
import type { Rule } from "./rules.ts";

export function describeSensitivity(
  { role, writes, handlers }: ComponentView,
  rules: readonly Rule[],
): readonly string[] {
  const places = new Map<string, Set<string>>();
  for (const { effect, growth } of writes) {
    const name = printLocation(locationOf(role, effect.cell));
    const kinds = places.get(name) ?? new Set();
    places.set(name, kinds.add(growth.kind));
  }
  const growth = [...places].flatMap(([name, kinds]) => {
    if (kinds.has("max")) return [`\`${name}\` keeps the largest of what comes`];
    if (kinds.has("count")) return [`\`${name}\` counts messages that come once`];
    if (kinds.has("delete")) return [`\`${name}\` is deleted when nothing will look at it again`];
    const hasParts = [...places.keys()].some((other) => other !== name && other.startsWith(name));
    if (hasParts && !kinds.has("value")) return [];
    if (kinds.has("value") || kinds.has("create")) return [`\`${name}\` gets the same value whoever writes it`];
    return kinds.has("element") ? [`\`${name}\` only grows`] : [];
  });
  const once = rules.flatMap(({ effect, steering, handler }) => {
    if (effect.kind !== "send" || steering.once === undefined) return [];
    const { mark, keys } = steering.once;
    const keyed = keys.length === 0 ? "" : ` per ${keys.map((key) => `\`${printTerm(key)}\``).join(", ")}`;
    const what = `\`${effect.message}\` of \`${effect.roles.join("|")}\``;
    return [`\`${mark.effect.cell.field}\` lets ${what} in \`${handler.handler.name}\` fire once${keyed}`];
  });
  const waiting = handlers.flatMap(({ handler, parking }) =>
    parking === undefined
      ? []
      : [
          `\`${handler.name}\` does nothing until there is \`${parking.field}[${printTerm(parking.key)}]\`, which is never deleted`,
        ],
  );
  return [...new Set([...growth, ...once, ...waiting])];
}

function printLocation([field = "", ...parts]: readonly string[]): string {
  return `${field}${parts.map((part) => (part === "*" ? "[…]" : part)).join("")}`;
}
