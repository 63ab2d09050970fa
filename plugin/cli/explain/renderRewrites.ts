/** What could be rewritten, plan or no plan, and what could not and why, for people. */
import { count, wrap, type Colours } from "../../diagnostics/renderText.ts";
import type { KeyPossibilities, Possibilities, Refused } from "./describeRewrites.ts";

export function renderRewrites(roles: readonly Possibilities[], colours: Colours): string {
  return roles.map((role) => renderRole(role, colours)).join("\n\n");
}

function renderRole(
  { role, groups, handlers: forwarding, sends, fields, keys }: Possibilities,
  colours: Colours,
): string {
  const apart = groups.length > 1;
  // What a group cannot be partitioned by, the whole cannot either, and for the same reason.
  const known = new Set(apart ? groups.flatMap((group) => group.keys.refused.map(({ by }) => by)) : []);
  const whole = { ...keys, refused: keys.refused.filter(({ by }) => !known.has(by)) };
  return [
    `${colours.bold(role)} could be rewritten`,
    ...groups.flatMap(({ handlers, fields, rule, keys: groupKeys, together }) => [
      ...(apart && rule !== null
        ? [possible(`${listed(handlers, fields)} in a component of its own`, rule, colours)]
        : []),
      ...refusals(`${handlers.join(", ")} independent of each other`, together, colours),
      ...(apart ? renderKeys(handlers.join(", "), groupKeys, colours) : []),
    ]),
    ...forwarding.map(({ name, split, returned, rule }) => {
      const along = split.length === 0 ? "" : `, with a part of ${split.join(", ")}`;
      const back = returned.length === 0 ? "" : `, and what it does to ${returned.join(", ")} goes back`;
      return possible(`${name} in a component of its own${along}${back}`, rule, colours);
    }),
    ...sends.flatMap(({ name, rule, refused }) =>
      rule === null ? refusals(name, refused, colours) : [possible(`${name} in a component of its own`, rule, colours)],
    ),
    ...fields.flatMap(({ name, split, rule, refused }) =>
      rule === null
        ? refusals(`${name} in a component of its own`, refused, colours)
        : [possible(`${name} in a component of its own, with a part of ${split.join(", ")}`, rule, colours)],
    ),
    ...renderKeys(`all of ${role}`, whole, colours),
  ].join("\n");
}

function listed(handlers: readonly string[], fields: readonly string[]): string {
  return fields.length === 0 ? handlers.join(", ") : `${handlers.join(", ")} with ${fields.join(", ")}`;
}

function renderKeys(what: string, { legal, refused }: KeyPossibilities, colours: Colours): readonly string[] {
  return [
    ...legal.map(({ by, rule, chosen, copies, together }) => {
      const why = [
        rule,
        ...(copies.length === 0 ? [] : [`a copy of ${copies.join(", ")} everywhere`]),
        ...(together.length === 0 ? [] : [`${together.join(", ")} on all partitions together`]),
        ...(chosen && legal.length > 1 ? ["taken when a plan names none: the coarsest of those that spread best"] : []),
      ].join("; ");
      return possible(`${what} partitioned by ${by}`, why, colours);
    }),
    ...sameReasons(refused).flatMap(({ by, why }) => refusals(`${what} partitioned by ${by}`, why, colours)),
  ];
}

/** State that has no key is in the way of every key: once said is enough. */
function sameReasons(refused: KeyPossibilities["refused"]): KeyPossibilities["refused"] {
  const alike = new Map<string, (typeof refused)[number][]>();
  for (const option of refused) {
    const reasons = option.why.map(({ message, place }) => `${place} ${lessKey(message, option.by)}`).join("\n");
    alike.set(reasons, [...(alike.get(reasons) ?? []), option]);
  }
  return [...alike.values()].map((group) => {
    const keys = group.map(({ by }) => by);
    const last = keys.pop() ?? "";
    return { by: keys.length === 0 ? last : `${keys.join(", ")} or ${last}`, why: group[0]?.why ?? [] };
  });
}

/** What is said of one key may be true of another, word for word apart from its name. */
function lessKey(message: string, by: string): string {
  return message.replace(` by \`${by}\`: `, ": ");
}

function possible(what: string, rule: string, { green, dim }: Colours): string {
  return `  ${green("yes")}  ${what}  ${dim(`(${rule})`)}`;
}

/** So many reasons are enough to go on with; handlers that are tied to one another have one for each pair. */
const REASONS_SHOWN = 3;

/** One refusal, and its reasons. The same reason is often found from both sides, or from several handlers. */
function refusals(what: string, why: readonly Refused[], { red, dim }: Colours): readonly string[] {
  if (why.length === 0) return [];
  const reasons = [...new Map(why.map((refused) => [`${refused.place} ${refused.code}`, refused])).values()];
  const others = reasons.length - REASONS_SHOWN;
  return [
    `  ${red("no")}   ${what}`,
    ...reasons
      .slice(0, REASONS_SHOWN)
      .flatMap(({ message, code, place }) => [wrap(message, "         "), `         ${dim(`${place}, ${code}`)}`]),
    ...(others > 0 ? [`         and for ${count(others, "other reason")}, which --json lists`] : []),
  ];
}
