/** The handlers of a component as the analysis looks at them: every effect with the tests that have to hold for it. */
import type { Effect, WriteEffect } from "../../model/effect.ts";
import type { Handler } from "../../model/protocol.ts";
import type { Span } from "../../model/span.ts";
import { cellsRead, type Cell, type Term } from "../../model/term.ts";
import { conjuncts, nameFormula, termsIn, type CellMeaning, type Formula } from "./formula.ts";
import { nameCell } from "./normaliseTerms.ts";
import type { Parking } from "./orderObstacle.ts";

export interface Guard {
  readonly formula: Formula;
  readonly span: Span;
  /** The same for equal formulas of one handler. */
  readonly name: string;
  readonly readsState: boolean;
}

export interface EffectView {
  readonly handler: HandlerView;
  readonly effect: Effect;
  readonly guards: readonly Guard[];
}

export interface WriteView extends EffectView {
  readonly effect: WriteEffect;
}

export interface HandlerView {
  readonly handler: Handler;
  /** It arrives as a forward that may come again. */
  readonly forwarded: boolean;
  readonly effects: readonly EffectView[];
  /** How many effects come before the earliest observation of this cell. */
  readonly after: (cell: Cell) => number;
  /** The entry that the message waits for. */
  readonly parking: Parking | undefined;
}

export function viewHandler(
  handler: Handler,
  context: { readonly meaning: CellMeaning; readonly forwarded: boolean; readonly parking: Parking | undefined },
): HandlerView {
  const { meaning, forwarded, parking } = context;
  const reads = handler.body?.reads ?? [];
  const written = new Map<Term, Stored>();
  for (const effect of handler.body?.effects ?? [])
    if (effect.kind === "write" && effect.operation === "set" && effect.value?.kind === "pure")
      written.set(effect.value, { cell: { ...effect.cell }, after: effect.id + 1 });
  const after = (cell: Cell): number => {
    const stored = [...written.values()].find((one) => one.cell === cell);
    if (stored !== undefined) return stored.after;
    const known = reads.filter((access) => access.cell === cell);
    const here = reads.filter((access) => nameCell({ ...access.cell, aspect: cell.aspect }) === nameCell(cell));
    const asking = here.filter(({ cell: { aspect } }) => aspect === cell.aspect);
    const listing = here.filter(({ cell: { aspect } }) => cell.aspect === "size" && aspect === "order");
    const alike = [known, asking, listing, here].find((accesses) => accesses.length > 0) ?? [];
    return alike.length === 0 ? 0 : Math.min(...alike.map((access) => access.after ?? 0));
  };
  const effects: EffectView[] = [];
  const view: HandlerView = { handler, forwarded, effects, after, parking };
  const waits = parking === undefined ? undefined : nameOfPresence(parking);
  for (const effect of handler.body?.effects ?? []) {
    const guards = effect.guard.flatMap((condition) =>
      conjuncts({ ...condition, term: asStored(condition.term, written) }, meaning).map((formula): Guard => {
        const terms = termsIn(formula);
        return {
          formula,
          span: condition.span,
          name: nameFormula(formula, []),
          readsState: terms.some((term) => cellsRead(term).length > 0),
        };
      }),
    );
    const distinct = guards.filter(
      (guard, i) => guard.name !== waits && guards.findIndex(({ name }) => name === guard.name) === i,
    );
    effects.push({ handler: view, effect, guards: distinct });
  }
  return view;
}

/** Where a computed value is kept, from which effect on. */
interface Stored {
  readonly cell: Cell;
  readonly after: number;
}

/** `++count === n` asks for what is kept then: a value that was computed to be kept is that. */
function asStored(term: Term, written: ReadonlyMap<Term, Stored>): Term {
  const stored = written.get(term);
  if (stored !== undefined) return { kind: "read", cell: stored.cell };
  if (term.kind !== "pure") return term;
  const args = term.args.map((arg) => asStored(arg, written));
  return args.some((arg, i) => arg !== term.args[i]) ? { ...term, args } : term;
}

/** The name of the test whether there is this entry. */
export function nameOfPresence({ field, key }: Parking): string {
  const cell: Cell = { field, keys: [key], aspect: "has" };
  return nameFormula({ kind: "test", test: { kind: "present", cell, negated: false } }, []);
}

export function isWrite(view: EffectView): view is WriteView {
  return view.effect.kind === "write";
}

/** Whether what `guards` demands is demanded by `others` too. */
export function impliedBy(guards: readonly Guard[], others: readonly Guard[]): boolean {
  return guards.every(({ name }) => others.some((other) => other.name === name));
}
