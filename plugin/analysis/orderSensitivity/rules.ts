/**
 * Effects that state steers are like rules: whenever these conditions hold for a key, this happens. A rule is written in
 * every handler that can make its conditions true; so rules of different handlers are compared, with the key as what they
 * have in common.
 */
import type { Cell, Term } from "../../model/term.ts";
import { isAskedAt, mayChange, writtenGuards, type ComponentView } from "./component.ts";
import { nameFormula, termsIn } from "./formula.ts";
import type { ClassifiedWrite } from "./joins.ts";
import { locationOf, sameLocation } from "./locations.ts";
import { nameTerm, sameKeys, simplify, type Binding } from "./normaliseTerms.ts";
import { findNotOfKey, isOfKey } from "./ofKey.ts";
import type { Steering } from "./steering.ts";
import { cellsAsked, type AskedCell } from "./upClosed.ts";
import { impliedBy, type EffectView } from "./views.ts";
import { termsOf } from "../inferFootprints.ts";

export interface Rule extends EffectView {
  readonly steering: Steering;
}

/** The cells whose growth can make the rule's conditions true. */
export function cellsOfRule({ growing }: ComponentView, { steering }: Rule): readonly AskedCell[] {
  return [...steering.up, ...steering.exact].flatMap(({ formula }) => cellsAsked(formula, growing.meaning));
}

/** What stands for the keys of a rule: the key by which it happens once, or else the keys of the first cell that it asks. */
function bindingsOf(component: ComponentView, rule: Rule): readonly Binding[] {
  const cells = cellsOfRule(component, rule).toSorted((a, b) => {
    const [left, right] = [a, b].map((cell) => `${locationOf(component.role, cell).join()} ${cell.aspect}`);
    return (left ?? "") < (right ?? "") ? -1 : 1;
  });
  const keys = [...(rule.steering.once?.keys ?? []), ...cells.flatMap((cell) => cell.keys)];
  const named = keys.filter(({ kind }) => !["literal", "element", "configuration", "self"].includes(kind));
  const elements = keys.filter((key) => key.kind === "element");
  const distinct: Term[] = [];
  for (const key of [...named, ...elements.filter((key) => !isFixedElement(key))])
    if (!distinct.some((one) => sameKeys([one], [key]))) distinct.push(key);
  return distinct.map((term, i) => ({ term, name: `key${String(i)}` }));
}

function isFixedElement(key: Term): boolean {
  return key.kind === "element" && key.of.kind === "configuration";
}

/** A rule in words that are the same for the same rule in another handler. */
interface RuleName {
  readonly effect: string;
  readonly conditions: readonly string[];
  /** What is certainly there when the activation is over, because it has put it there. */
  readonly facts: readonly string[];
}

export function nameRule(component: ComponentView, rule: Rule): RuleName {
  const bindings = bindingsOf(component, rule);
  const { up, exact, once, filters } = rule.steering;
  const ofKey = filters.filter((filter) => isOfRule(component, rule, filter));
  const key = (once?.keys ?? []).map((term) => nameTerm(term, bindings));
  const put = component.writes.filter(
    ({ handler, growth, guards }) =>
      handler === rule.handler &&
      ["element", "value", "create"].includes(growth.kind) &&
      impliedBy(guards, writtenGuards(rule)),
  );
  return {
    effect: `${nameEffect(rule, bindings)} once(${key.join(",")})`,
    conditions: [...up, ...exact, ...ofKey].map(({ formula }) => nameFormula(formula, bindings)),
    facts: put.map(({ effect }) => nameTerm({ kind: "read", cell: { ...effect.cell, aspect: "has" } }, bindings)),
  };
}

/** Whether two rules of different handlers are the same. What a handler has just put there it need not ask for. */
function isSameRule(a: RuleName, b: RuleName): boolean {
  const covers = (one: RuleName, other: RuleName): boolean =>
    one.conditions.every((condition) => other.conditions.includes(condition) || other.facts.includes(condition));
  return a.effect === b.effect && covers(a, b) && covers(b, a);
}

function nameEffect({ effect }: EffectView, bindings: readonly Binding[]): string {
  const terms = termsOf({ ...effect, guard: [] }).map((term) => nameTerm(simplify(term), bindings));
  switch (effect.kind) {
    case "write":
      return `${effect.operation} ${effect.cell.field} ${terms.join(" ")}`;
    case "send": {
      const { destination } = effect;
      const to = destination.kind === "reply" ? "sender" : `${destination.kind} ${destination.field}`;
      const others = destination.kind === "all" && destination.others ? "others" : "";
      return `send ${effect.roles.join("|")}.${effect.message} ${to}${others} ${terms.join(" ")}`;
    }
    case "append":
      return `append ${effect.journal} ${terms.join(" ")}`;
    case "timer":
      return `timer ${effect.timer} ${terms.join(" ")}`;
  }
}

/** The first write after which the conditions of the rule may hold, and nobody asks. */
export function findUnasked(
  component: ComponentView,
  rule: Rule,
  rules: readonly Rule[],
): { readonly cell: Cell; readonly write: ClassifiedWrite } | undefined {
  const name = nameRule(component, rule);
  const bindings = bindingsOf(component, rule);
  for (const cell of cellsOfRule(component, rule)) {
    const asked = nameTerm({ kind: "read", cell }, bindings);
    for (const write of component.writes) {
      if (!mayChange(component, write, cell)) continue;
      const isAsked = rules.some(
        (other) =>
          other.handler === write.handler &&
          asks(component, other, asked, write) &&
          isSameRule(nameRule(component, other), name),
      );
      if (!isAsked) return { cell, write };
    }
  }
  return undefined;
}

/**
 * Whether a rule is tested after this write, in every activation that makes it, for what it wrote. A rule that does not ask
 * for what its own activation puts there is as good as one that asks afterwards; one that asks before it is put there is not:
 * a repetition would find it.
 */
function asks(component: ComponentView, rule: Rule, asked: string, write: ClassifiedWrite): boolean {
  const bindings = bindingsOf(component, rule);
  const others = rule.steering.filters.filter((filter) => !isOfRule(component, rule, filter));
  if (!impliedBy(others, writtenGuards(write))) return false;
  const asking = cellsOfRule(component, rule).filter((cell) => nameTerm({ kind: "read", cell }, bindings) === asked);
  if (asking.length > 0)
    return asking.some(
      (cell) =>
        isAskedAt(cell.keys, write.effect.cell.keys) && write.handler.after(cell.observed ?? cell) > write.effect.id,
    );
  return (
    impliedBy(write.guards, writtenGuards(rule)) &&
    nameTerm({ kind: "read", cell: { ...write.effect.cell, aspect: "has" } }, bindings) === asked
  );
}

/** Whether a condition on the message is the same in all activations that the rule is about. */
function isOfRule(component: ComponentView, rule: Rule, filter: Steering["filters"][number]): boolean {
  const keys = [...(rule.steering.once?.keys ?? []), ...cellsOfRule(component, rule).flatMap((cell) => cell.keys)];
  return !filter.readsState && termsIn(filter.formula).every((term) => isOfKey(rule.handler.handler, term, keys));
}

/** A part of the rule's conditions, or of the key by which it happens once, that one of the cells does not decide. */
export function findUndecided(
  component: ComponentView,
  rule: Rule,
): { readonly cell: Cell; readonly term: Term } | undefined {
  const { steering, handler } = rule;
  const cells = cellsOfRule(component, rule);
  const parts = [
    ...cells.flatMap(({ keys }) => keys),
    ...(steering.once?.keys ?? []),
    ...[...steering.up, ...steering.exact].flatMap(({ formula }) => termsIn(formula)).flatMap(valuesIn),
  ];
  for (const cell of cells) {
    for (const part of parts) {
      const term = findNotOfKey(handler.handler, part, cell.keys);
      if (term !== undefined) return { cell, term };
    }
  }
  return undefined;
}

/** What a term is made of apart from the state that it reads. */
function valuesIn(term: Term): readonly Term[] {
  switch (term.kind) {
    case "read":
      return term.cell.keys;
    case "pure":
      return term.args.flatMap(valuesIn);
    default:
      return [term];
  }
}

/** Marks of one place that do not mean the same: whichever comes first, the other never happens. */
export function findRival(
  component: ComponentView,
  rules: readonly Rule[],
): readonly { readonly mark: ClassifiedWrite; readonly other: ClassifiedWrite; readonly isBare: boolean }[] {
  const used = rules.flatMap(({ steering }) => (steering.once === undefined ? [] : [steering.once.mark]));
  const isMarked = (write: ClassifiedWrite): boolean =>
    used.some((mark) =>
      sameLocation(locationOf(component.role, mark.effect.cell), locationOf(component.role, write.effect.cell)),
    );
  const marks = component.writes.filter(
    (write) => ["element", "value", "create"].includes(write.growth.kind) && isMarked(write),
  );
  const group = (mark: ClassifiedWrite): readonly RuleName[] =>
    rules
      .filter(({ effect, steering }) => effect === mark.effect || steering.once?.mark.effect === mark.effect)
      .map((rule) => nameRule(component, rule));
  const agree = (a: ClassifiedWrite, b: ClassifiedWrite): boolean => {
    const [left, right] = [group(a), group(b)];
    const covers = (some: readonly RuleName[], others: readonly RuleName[]): boolean =>
      some.every((one) => others.some((other) => isSameRule(one, other)));
    return left.length === right.length && covers(left, right) && covers(right, left);
  };
  return marks.flatMap((mark, i) => {
    const here = locationOf(component.role, mark.effect.cell);
    const other = marks
      .slice(0, i)
      .find((one) => sameLocation(locationOf(component.role, one.effect.cell), here) && !agree(one, mark));
    return other === undefined ? [] : [{ mark, other, isBare: [mark, other].some((one) => group(one).length < 2) }];
  });
}
