/** Why functions of keys do as keys, in the words of the protocol. */
import { formsOf, type Equation } from "../analysis/dependencies/equations.ts";
import { compoundOf } from "../analysis/dependencies/compoundKeys.ts";
import type { KeyPolicy } from "../analysis/keys/inferKeys.ts";
import type { KeyProblem } from "../analysis/keys/keyProblem.ts";
import type { StateAccess } from "../analysis/inferFootprints.ts";
import { equationsOf } from "../analysis/keys/keyPlaces.ts";
import { isKeyTerm, printKey, simplify } from "../analysis/keys/keyTerms.ts";
import { list } from "../analysis/quote.ts";
import { printTerm, sameTerm, type Term } from "../model/term.ts";

/** What an entry of a field has to do with the keys of its messages; undefined: it is kept under them as they are. */
export function describeOwnership(
  problem: KeyProblem,
  policies: readonly (readonly KeyPolicy[])[],
  field: string,
): string | undefined {
  const accesses = accessesTo(problem, field);
  const sentences = policies.flat().flatMap(({ keys, positions, through }) => {
    const position = positions[field];
    if (position === undefined) return [];
    const ways = accesses.flatMap(({ handler, cell }) => {
      const route = keys[handler];
      const key = cell.keys[position];
      return route === undefined || key === undefined
        ? []
        : [describe(problem, handler, field, simplify(key), route, through[field] !== undefined)];
    });
    return distinct(ways);
  });
  const isPlain = policies
    .flat()
    .every(
      ({ keys, positions, through }) =>
        positions[field] === undefined ||
        (through[field] === undefined && accesses.every(({ handler }) => keys[handler]?.kind !== "pure")),
    );
  return isPlain && sentences.every((sentence) => !sentence.includes("always equal")) ? undefined : sentences.join(" ");
}

function describe(
  problem: KeyProblem,
  handler: string,
  field: string,
  key: Term,
  route: Term,
  isThrough: boolean,
): string {
  const routed = printRoute(route);
  const kept = printRoute(key);
  if (sameTerm(key, route)) return `\`${handler}\` is routed by \`${routed}\`, which is what \`${field}\` is keyed by.`;
  if (!isThrough) {
    return `\`${handler}\` is routed by \`${routed}\`, which is always equal to \`${kept}\`, the key of \`${field}\`.`;
  }
  const forms = formsOf(key, equationsOf(problem, handler));
  const compound = forms
    .map((form) => compoundOf(problem.handlers.get(handler), form))
    .find((one) => one !== undefined);
  const isPart = compound?.parts.some(({ term }) => sameTerm(term, route)) === true;
  return isPart
    ? `\`${routed}\` is a part that can be told from every key \`${kept}\` of \`${field}\`.`
    : `\`${handler}\` is routed by \`${routed}\`, which is a function of \`${kept}\`, the key of \`${field}\`.`;
}

/** The equations that hold for the messages of these handlers, of the columns that matter to their keys. */
export function describeEquations(problem: KeyProblem, policies: readonly (readonly KeyPolicy[])[]): readonly string[] {
  const routed = policies.flat().flatMap(({ keys }) => Object.entries(keys));
  return distinct(
    routed.flatMap(([handler, route]) => {
      const terms = [route, ...accessKeys(problem, handler)];
      const used = equationsOf(problem, handler).filter(({ of }) => terms.some((term) => sameTerm(term, of)));
      return used.length === 0 ? [] : [describeEquation(handler, used)];
    }),
  );
}

function describeEquation(handler: string, equations: readonly Equation[]): string {
  const known = equations.map(({ of, is }) => `\`${printRoute(of)}\` is \`${printRoute(is)}\``);
  return `In every message to \`${handler}\`, ${list(distinct(known))}.`;
}

function accessKeys(problem: KeyProblem, handler: string): readonly Term[] {
  return problem.footprints.get(handler)?.accesses.flatMap(({ cell }) => cell.keys.map(simplify)) ?? [];
}

function accessesTo(problem: KeyProblem, field: string): readonly StateAccess[] {
  return [...problem.footprints.values()]
    .flatMap(({ accesses }) => accesses)
    .filter(({ cell }) => cell.field === field);
}

function printRoute(term: Term): string {
  return isKeyTerm(term) ? printKey(term) : printTerm(term);
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
