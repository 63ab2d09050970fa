/** Whether statements that follow each other can leave their handler together, and what travels then. */
import type { Effect, HandlerBody, LocalUse, Operand, Region } from "../model/effect.ts";
import { timerCell } from "../model/effect.ts";
import { contains, type Span } from "../model/span.ts";
import { cellsRead } from "../model/term.ts";
import { severalObjects } from "./copies.ts";
import type { Cut, CutObstacle, Surroundings } from "./cut.ts";
import { chooseOperands, type FoundOperand } from "./cutOperands.ts";
import { freshName, operandName } from "./freshNames.ts";
import { findKeptCopy } from "./keptCopies.ts";
import { occursOnlyIn } from "./occurrences.ts";
import { placesOf } from "./regionReads.ts";
import { mayTravel, travelOf } from "./travel.ts";

/** Statements that follow each other, and where they stand. */
export interface Run {
  readonly regions: readonly [Region, ...Region[]];
  /** The function around them ends with them. */
  readonly isTail: boolean;
  /** They are all that the handler does. */
  readonly isBody: boolean;
  /** The other statements of the block. */
  readonly beside: readonly Region[];
}

/** What they are as one statement. */
export function joinRegions(regions: Run["regions"]): Region {
  const [first] = regions;
  const last = regions.at(-1) ?? first;
  if (last === first) return first;
  const declared = new Set(regions.flatMap(namesDeclaredAt));
  const outer = (names: readonly string[]): readonly string[] => [
    ...new Set(names.filter((name) => !declared.has(name))),
  ];
  const leaves = regions.filter(({ exits }) => exits);
  return {
    kind: "block",
    span: { ...first.span, end: last.span.end, endLine: last.span.endLine, endColumn: last.span.endColumn },
    helper: undefined,
    effects: regions.flatMap(({ effects }) => effects),
    children: regions,
    declares: [],
    uses: mergeUses(regions.flatMap(({ uses }) => uses).filter(({ name }) => !declared.has(name))),
    operands: [],
    exits: leaves.length > 0,
    ...(leaves.length > 0 && leaves.every(({ endsFunction }) => endsFunction === true) ? { endsFunction: true } : {}),
    assigns: outer(regions.flatMap(({ assigns }) => assigns)),
    changes: outer(regions.flatMap(({ changes }) => changes)),
    comparisons: regions.flatMap(({ comparisons }) => comparisons),
  };
}

/** One use for each name; types are those at the first. */
function mergeUses(uses: readonly LocalUse[]): readonly LocalUse[] {
  const merged = new Map<string, LocalUse>();
  for (const use of uses) {
    const before = merged.get(use.name);
    if (before === undefined) merged.set(use.name, use);
    else if (before.columns !== undefined) {
      const added = use.columns?.filter((name) => before.columns?.includes(name) === false);
      const narrowed = (added ?? []).flatMap((name) => {
        const type = use.columnTypes?.[name];
        return type === undefined ? [] : [[name, type] as const];
      });
      merged.set(use.name, {
        ...before,
        columns: added === undefined ? undefined : [...before.columns, ...added],
        columnTypes: added === undefined ? undefined : { ...before.columnTypes, ...Object.fromEntries(narrowed) },
      });
    }
  }
  return [...merged.values()];
}

/** The names that a statement declares for those that follow. */
export function namesDeclaredAt({ kind, declares }: Region): readonly string[] {
  return kind === "statement" ? declares : [];
}

export function cutRun(around: Surroundings, run: Run): { readonly cut: Cut } | { readonly obstacle: CutObstacle } {
  const { body } = around;
  const region = joinRegions(run.regions);
  const mayThrow = run.isBody && around.owned.size > 0;
  const { ahead: found, torn } = chooseOperands(around, region, mayThrow);
  const operands = found.map(({ operand }) => operand).toSorted((a, b) => a.span.start - b.span.start);

  const certain = found.filter(({ operand, evaluated }) => evaluated === "always" && !operand.conditional);
  const acting = new Set(certain.flatMap(({ operand }) => operand.effects ?? []));
  const stays = region.effects.find((id) => !acting.has(id) && !mayLeave(around, id));
  const effect = body.effects.find(({ id }) => id === stays);
  if (effect !== undefined) return { obstacle: { kind: "stays", effect, region } };
  if (region.exits && !(run.isTail && region.endsFunction === true)) return { obstacle: { kind: "exits", region } };
  const shared = run.regions.flatMap(namesDeclaredAt).filter((name) => isUsedIn(run.beside, name));
  const [assigned] = [...region.assigns, ...region.changes, ...shared];
  if (assigned !== undefined) return { obstacle: { kind: "assigns", name: assigned, region } };

  const guard = region.kind === "branch" ? found.find(({ operand }) => region.operands.includes(operand)) : undefined;
  if (guard !== undefined) return { obstacle: { kind: "guard", operand: guard.operand, region } };
  const declared = namesDeclaredIn(region);
  for (const one of found) {
    const obstacle = operandObstacle(one, region, declared);
    if (obstacle !== undefined) return { obstacle };
  }
  const obstacle =
    tornObstacle(around, torn, region) ??
    unaccountedObstacle(around, region, operands, mayThrow) ??
    nameObstacle(around, region, operands);
  if (obstacle !== undefined) return { obstacle };
  return { cut: makeCut(around, region, run.isBody && acting.size === 0, operands) };
}

/** Whether an effect is one of those that leave, and is on nothing that stays. */
function mayLeave({ body, leaving, owned }: Surroundings, id: number): boolean {
  const effect = body.effects.find((one) => one.id === id);
  if (effect === undefined || !leaving.has(id)) return false;
  const field = changedField(effect);
  return field === undefined || owned.has(field);
}

/** What an effect changes of the state. */
function changedField(effect: Effect): string | undefined {
  switch (effect.kind) {
    case "write":
      return effect.cell.field;
    case "timer":
      return timerCell(effect.field, effect.timer, effect.key).field;
    case "send":
    case "append":
      return undefined;
  }
}

function isUsedIn(regions: readonly Region[], name: string): boolean {
  return regions.some(({ uses }) => uses.some((use) => use.name === name));
}

function tornObstacle({ owned }: Surroundings, [operand]: readonly Operand[], region: Region): CutObstacle | undefined {
  const fields = operand?.reads.map(({ cell }) => cell.field) ?? [];
  const [own] = fields.filter((field) => owned.has(field));
  const [other] = fields.filter((field) => !owned.has(field));
  if (operand === undefined || other === undefined) return undefined;
  return own === undefined
    ? { kind: "conditional", operand, region }
    : { kind: "torn", operand, owned: own, other, region };
}

function operandObstacle(
  { operand, evaluated, helper }: FoundOperand,
  region: Region,
  declared: ReadonlySet<string>,
): CutObstacle | undefined {
  if (helper !== undefined) return { kind: "helper", helper, operand, region };
  const inner = operand.uses.find((name) => declared.has(name));
  if (inner !== undefined) return { kind: "inner-name", name: inner, operand, region };
  // Where a loop has no turn, looking at the state once for nothing does no harm; throwing or acting for nothing would.
  const isEarly = evaluated === "per turn" && (operand.throws !== undefined || operand.effects !== undefined);
  if (evaluated === "sometimes" || isEarly || operand.conditional) return { kind: "conditional", operand, region };
  return mayTravel(operand.type) ? undefined : { kind: "no-data", what: operand, region };
}

function namesDeclaredIn(region: Region): ReadonlySet<string> {
  const names = new Set(region.declares);
  for (const child of region.children) for (const name of namesDeclaredIn(child)) names.add(name);
  return names;
}

/** Fails closed: every observation of what stays, and every possible exception, has to be part of an operand. */
function unaccountedObstacle(
  around: Surroundings,
  region: Region,
  operands: readonly Operand[],
  mayThrow: boolean,
): CutObstacle | undefined {
  const found = findUnaccounted(around.body, around.owned, region, operands, mayThrow);
  return found === undefined ? undefined : { kind: "unaccounted", ...found, region };
}

function findUnaccounted(
  body: HandlerBody,
  owned: ReadonlySet<string>,
  region: Region,
  operands: readonly Operand[],
  mayThrow: boolean,
): { readonly why: string; readonly span: Span } | undefined {
  const places = placesOf(region);
  const isOpen = (span: Span): boolean =>
    places.some((place) => contains(place, span)) && !operands.some((operand) => contains(operand.span, span));
  const read = body.reads.find(
    (one) => !owned.has(one.cell.field) && isOpen(one.span) && !operands.some(({ reads }) => reads.includes(one)),
  );
  if (read !== undefined) return { why: `reads ${read.cell.field}`, span: read.span };
  if (mayThrow) return undefined;
  return body.throws.find((one) => isOpen(one.span) && !operands.some(({ throws }) => throws === one));
}

/** What stands in the way of the values of local names. */
function nameObstacle(around: Surroundings, region: Region, ahead: readonly Operand[]): CutObstacle | undefined {
  const { role, handler, owned } = around;
  const uses = travellingUses(around, region, ahead);
  for (const { name, term } of uses) {
    const read = term === undefined ? undefined : cellsRead(term).find(({ field }) => owned.has(field));
    if (read !== undefined) return { kind: "owned-name", name, field: read.field, region };
  }
  const [, secondSender] = region.uses.filter(({ binding }) => binding === "sender");
  const stuck = secondSender ?? uses.find((use) => travelOf(role, use).kind === "none");
  if (stuck !== undefined) return { kind: "no-data", what: stuck, region };
  const copied = uses.filter((use) => travelOf(role, use).kind === "value");
  const comparison = region.comparisons.find((span) => !ahead.some((operand) => contains(operand.span, span)));
  if (comparison !== undefined && severalObjects(handler, copied, ahead))
    return { kind: "identity", span: comparison, region };
  return findKeptCopy(around, region, copied, ahead);
}

/** The names whose values the statement needs where it goes: not those that only occur in what is evaluated before. */
function travellingUses({ text }: Surroundings, region: Region, ahead: readonly Operand[]): readonly LocalUse[] {
  const written = text(region.span);
  const spans = ahead.map(({ span }) => span);
  return region.uses.filter(
    ({ binding, name }) =>
      binding !== "sender" && !(written !== undefined && occursOnlyIn(written, region.span, spans, name)),
  );
}

function makeCut(around: Surroundings, region: Region, whole: boolean, operands: readonly Operand[]): Cut {
  const taken = new Set(around.taken);
  const hoisted = operands.map((operand) => {
    const name = freshName(operandName(operand), taken);
    taken.add(name);
    return { operand, name };
  });
  const travels = travellingUses(around, region, operands).map((use) => ({ use, travel: travelOf(around.role, use) }));
  return {
    region,
    whole,
    effects: region.effects.filter((id) => around.leaving.has(id)),
    live: travels.filter(({ travel }) => travel.kind === "value").map(({ use }) => use),
    references: travels.flatMap(({ use, travel }) =>
      travel.kind === "reference" ? [{ name: use.name, field: travel.field }] : [],
    ),
    hoisted,
  };
}
