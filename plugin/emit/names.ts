/** How generated files and classes are called. */

/** `voteCollector`, `VoteCollector` and `vote-collector` become `vote-collector`. */
export function kebabCase(name: string): string {
  return words(name).join("-").toLowerCase();
}

/** `vote-collector` and `voteCollector` become `VoteCollector`. */
export function pascalCase(name: string): string {
  return words(name)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** `vote-collector` becomes `voteCollector`. */
export function camelCase(name: string): string {
  const pascal = pascalCase(name);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}

function words(name: string): readonly string[] {
  return name
    .replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "-")
    .split(/[^\p{ID_Continue}$]+/u)
    .filter((word) => word !== "");
}

/** The class of a component: `LeaderCollector`. */
export function componentClass(role: string, component: string): string {
  return role + pascalCase(component);
}

/** The file of a component, within the output folder: `leader.collector.ts`. */
export function componentFile(role: string, component: string): string {
  return `${kebabCase(role)}.${kebabCase(component)}.ts`;
}

/** `wanted`, or the first of `wantedComponent`, `wantedComponent2` ... that is not taken. */
export function freshName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let n = 1; ; n += 1) {
    const candidate = `${wanted}Component${n === 1 ? "" : String(n)}`;
    if (!taken.has(candidate)) return candidate;
  }
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** A property name as it is written in a literal: `id`, `"max-size"`. */
export function printPropertyName(name: string): string {
  return IDENTIFIER.test(name) ? name : JSON.stringify(name);
}

/** A property access: `m.id`, `m["max-size"]`, with `?.` when what is before it may be missing. */
export function printAccess(object: string, name: string, optional = false): string {
  if (IDENTIFIER.test(name)) return `${object}${optional ? "?." : "."}${name}`;
  return `${object}${optional ? "?." : ""}[${JSON.stringify(name)}]`;
}
