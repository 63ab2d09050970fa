/**
 * Cuts through a handler: which statements leave when some of its sends are to run in another component, and what has
 * to travel with them.
 *
 * What leaves touches no state: it is the outermost statement that has no effect but the sends that leave, and whose
 * observations of state, and expressions that may throw, can be evaluated before it. Their values travel instead. So the
 * activation happens where it happened before, in one piece, and nothing is left that could fail after it.
 */
import type { Effect, HandlerBody, LocalUse, Operand, Region } from "../model/effect.ts";
import type { Reference } from "../model/component.ts";
import type { Handler, Protocol, Role } from "../model/protocol.ts";
import { contains, type Span } from "../model/span.ts";
import { freshName, operandName, visibleNames } from "./freshNames.ts";
import { severalObjects } from "./copies.ts";
import { occursOnlyIn } from "./occurrences.ts";
import { mayTravel, travelOf } from "./travel.ts";

/** A statement that can leave its handler, or several that follow each other (a block without braces). */
export interface Cut {
  readonly region: Region;
  /** It is all that the handler does: the activation happens where the cut goes to. */
  readonly whole: boolean;
  /** The effects that leave with it. */
  readonly effects: readonly number[];
  /** Local names whose values travel, narrowed to the columns used. The sender travels by itself. */
  readonly live: readonly LocalUse[];
  readonly references: readonly Reference[];
  readonly hoisted: readonly { readonly operand: Operand; readonly name: string }[];
}

/** Why a statement cannot leave. */
export type CutObstacle =
  /** It does something else too, which stays. */
  | { readonly kind: "stays"; readonly effect: Effect; readonly region: Region }
  /** It returns from, or breaks out of, what is around it. */
  | { readonly kind: "exits"; readonly region: Region }
  /** It assigns, declares or changes what a name stands for that the rest of the handler sees. */
  | { readonly kind: "assigns"; readonly name: string; readonly region: Region }
  /** The expression is not evaluated each time that the statement is. */
  | { readonly kind: "conditional"; readonly operand: Operand; readonly region: Region }
  /** The expression depends on a name that the statement itself declares, such as a loop's variable. */
  | { readonly kind: "inner-name"; readonly name: string; readonly operand: Operand; readonly region: Region }
  /** The expression is in a function that is called here but stands elsewhere. */
  | { readonly kind: "helper"; readonly helper: string; readonly operand: Operand; readonly region: Region }
  /** Guards on state stay behind; what they guard may leave. */
  | { readonly kind: "guard"; readonly operand: Operand; readonly region: Region }
  /** The value of an expression, or of a name, is not data that could be sent. */
  | { readonly kind: "no-data"; readonly what: Operand | LocalUse; readonly region: Region }
  /** It may ask whether two objects are the same one, and copies are not. */
  | { readonly kind: "identity"; readonly span: Span; readonly region: Region }
  /** State is observed, or something may throw, at a place that lowering has not made an operand. */
  | { readonly kind: "unaccounted"; readonly why: string; readonly span: Span; readonly region: Region };

export interface RefusedEffect {
  readonly effect: Effect;
  /** What stands in the way of the smallest statement around the effect. */
  readonly obstacle: CutObstacle;
}

export interface Cuts {
  readonly cuts: readonly Cut[];
  readonly refused: readonly RefusedEffect[];
}

/** What a search for cuts works on. */
interface Surroundings {
  readonly role: Role;
  readonly handler: Handler;
  readonly body: HandlerBody;
  readonly leaving: ReadonlySet<number>;
  readonly owned: ReadonlySet<string>;
  readonly taken: ReadonlySet<string>;
  readonly text: (span: Span) => string | undefined;
}

/**
 * The statements that leave `handler` when these effects are to run elsewhere, or why an effect cannot.
 *
 * @param effects Ids of effects of the handler.
 * @param owned The fields of the cells (`timers.name` for a timer) that belong to where the statements go.
 */
export function inferCuts(
  protocol: Protocol,
  role: Role,
  handler: Handler,
  effects: readonly number[],
  owned: readonly string[] = [],
): Cuts {
  const { body } = handler;
  if (body === undefined) return { cuts: [], refused: [] };
  const around: Surroundings = {
    role,
    handler,
    body,
    leaving: new Set(effects),
    owned: new Set(owned),
    taken: visibleNames(protocol, role, handler),
    text: ({ file, start, end }) => protocol.modules.find((module) => module.file === file)?.text.slice(start, end),
  };
  return descend(around, body.root, undefined);
}

/** The smallest statement around each of these sends, with all local values and nothing computed ahead. */
export function smallestStatements(handler: Handler, sends: readonly number[]): readonly Region[] {
  const smallest = (region: Region, parent: Region, send: number): Region | undefined => {
    const inner = cuttableChildren(region).find(({ effects }) => effects.includes(send));
    const found = inner === undefined ? undefined : smallest(inner, region, send);
    return found ?? (isStatement(region, parent) ? region : undefined);
  };
  const root = handler.body?.root;
  if (root === undefined) return [];
  return [...new Set(sends.flatMap((send) => smallest(root, root, send) ?? []))];
}

/** Looks for cuts inside a region that cannot leave as a whole, for the reason given. */
function descend(around: Surroundings, region: Region, reason: CutObstacle | undefined): Cuts {
  const inside = cuttableChildren(region).filter(({ effects }) => effects.some((id) => around.leaving.has(id)));
  const covered = new Set(inside.flatMap(({ effects }) => effects));
  const direct = region.effects.filter((id) => around.leaving.has(id) && !covered.has(id));
  const refused = direct.map((id) => refuse(around, id, reason ?? { kind: "exits", region }));
  const found = inside.map((child) => cutAt(around, child, region));
  return {
    cuts: found.flatMap(({ cuts }) => cuts),
    refused: [...refused, ...found.flatMap((cuts) => cuts.refused)],
  };
}

function cutAt(around: Surroundings, region: Region, parent: Region): Cuts {
  if (!isStatement(region, parent)) return descend(around, region, { kind: "exits", region });
  const whole = cutOut(around, region);
  return "obstacle" in whole ? descend(around, region, whole.obstacle) : { cuts: [whole.cut], refused: [] };
}

function refuse({ body }: Surroundings, id: number, obstacle: CutObstacle): RefusedEffect {
  const effect = body.effects.find((one) => one.id === id);
  if (effect === undefined) throw new Error("Only effects of the handler are cut out of it.");
  return { effect, obstacle };
}

/** Whether a statement may be put in the place of this region. Bodies of functions and calls are no statements. */
function isStatement(region: Region, parent: Region): boolean {
  switch (region.kind) {
    case "statement":
    case "branch":
      return true;
    case "loop":
      return region.declares.length > 0; // without a variable it may be a call such as `list.map(...)`
    case "block":
      return parent.kind === "branch" || parent.kind === "loop" || parent.kind === "block";
    case "call":
      return false;
  }
}

/**
 * The regions inside that a cut may go through. A body that is executed from several places stays as it is: that of a
 * helper with several callers, and that of any function that does not stand where it is called.
 */
function cuttableChildren(region: Region): readonly Region[] {
  return region.children.filter((child) =>
    child.kind === "call" ? child.helper?.callSites === 1 : contains(region.span, child.span),
  );
}

function cutOut(around: Surroundings, region: Region): { readonly cut: Cut } | { readonly obstacle: CutObstacle } {
  const { body, role } = around;
  const stays = region.effects.find((id) => !around.leaving.has(id));
  const effect = body.effects.find(({ id }) => id === stays);
  if (effect !== undefined) return { obstacle: { kind: "stays", effect, region } };
  if (region.exits) return { obstacle: { kind: "exits", region } };
  const [assigned] = [...region.assigns, ...region.changes, ...(region.kind === "statement" ? region.declares : [])];
  if (assigned !== undefined) return { obstacle: { kind: "assigns", name: assigned, region } };

  const [guard] = region.kind === "branch" ? region.operands : [];
  if (guard !== undefined) return { obstacle: { kind: "guard", operand: guard, region } };
  const operands = operandsIn(region, "always", undefined);
  const declared = namesDeclaredIn(region);
  for (const found of operands) {
    const obstacle = operandObstacle(found, region, declared);
    if (obstacle !== undefined) return { obstacle };
  }
  const unaccounted = findUnaccounted(
    body,
    region,
    operands.map(({ operand }) => operand),
  );
  if (unaccounted !== undefined) return { obstacle: { kind: "unaccounted", ...unaccounted, region } };

  const spans = operands.map(({ operand }) => operand.span);
  const text = around.text(region.span);
  const isAhead = ({ name }: LocalUse): boolean => text !== undefined && occursOnlyIn(text, region.span, spans, name);
  const uses = region.uses.filter((use) => use.binding !== "sender" && !isAhead(use));
  const [, secondSender] = region.uses.filter(({ binding }) => binding === "sender");
  const stuck = secondSender ?? uses.find((use) => travelOf(role, use).kind === "none");
  if (stuck !== undefined) return { obstacle: { kind: "no-data", what: stuck, region } };
  const copied = uses.filter((use) => travelOf(role, use).kind === "value");
  const ahead = operands.map(({ operand }) => operand);
  const comparison = region.comparisons.find((span) => !spans.some((operand) => contains(operand, span)));
  if (comparison !== undefined && severalObjects(around.handler, copied, ahead)) {
    return { obstacle: { kind: "identity", span: comparison, region } };
  }
  return {
    cut: makeCut(
      around,
      region,
      uses,
      operands.map(({ operand }) => operand),
    ),
  };
}

function makeCut(around: Surroundings, region: Region, uses: readonly LocalUse[], operands: readonly Operand[]): Cut {
  const taken = new Set(around.taken);
  const hoisted = operands.map((operand) => {
    const name = freshName(operandName(operand), taken);
    taken.add(name);
    return { operand, name };
  });
  const travels = uses.map((use) => ({ use, travel: travelOf(around.role, use) }));
  return {
    region,
    whole: false,
    effects: region.effects,
    live: travels.filter(({ travel }) => travel.kind === "value").map(({ use }) => use),
    references: travels.flatMap(({ use, travel }) =>
      travel.kind === "reference" ? [{ name: use.name, field: travel.field }] : [],
    ),
    hoisted,
  };
}

/** Whether an expression is evaluated whenever the statement around it is; in the body of a loop that may have no turn. */
type Evaluated = "always" | "per turn" | "sometimes";

interface FoundOperand {
  readonly operand: Operand;
  readonly evaluated: Evaluated;
  /** The helper whose body it is in, if that is not where the statement is. */
  readonly helper: string | undefined;
}

function operandsIn(region: Region, evaluated: Evaluated, helper: string | undefined): readonly FoundOperand[] {
  const found: FoundOperand[] = region.operands.map((operand) => ({ operand, evaluated, helper }));
  let reached = evaluatedInside(region, evaluated);
  for (const child of region.children) {
    if (isValueOf(child, region.operands)) continue;
    const elsewhere = contains(region.span, child.span) ? undefined : "a function that stands elsewhere";
    found.push(...operandsIn(child, reached, child.helper?.name ?? helper ?? elsewhere));
    if (child.exits) reached = "sometimes";
  }
  return found;
}

function evaluatedInside(region: Region, evaluated: Evaluated): Evaluated {
  switch (region.kind) {
    case "block":
    case "call":
      return evaluated;
    case "loop":
      return region.declares.length > 0 && evaluated !== "sometimes" ? "per turn" : "sometimes";
    case "statement": // callbacks and functions that it calls, perhaps
    case "branch":
      return "sometimes";
  }
}

/**
 * Whether a region is the body of a function that only computes the value of one of these expressions: what it observes
 * is then observed when the expression is evaluated. Observations are compared by identity: each evaluation has its own.
 */
function isValueOf(child: Region, operands: readonly Operand[]): boolean {
  if (child.effects.length > 0) return false;
  const inside = operandsIn(child, "always", undefined).map(({ operand }) => operand);
  return inside.every((inner) =>
    operands.some(
      (outer) =>
        inner.reads.every((read) => outer.reads.includes(read)) &&
        (inner.throws === undefined || inner.throws === outer.throws),
    ),
  );
}

function operandObstacle(
  { operand, evaluated, helper }: FoundOperand,
  region: Region,
  declared: ReadonlySet<string>,
): CutObstacle | undefined {
  if (helper !== undefined) return { kind: "helper", helper, operand, region };
  const inner = operand.uses.find((name) => declared.has(name));
  if (inner !== undefined) return { kind: "inner-name", name: inner, operand, region };
  // Where a loop has no turn, looking at the state once for nothing does no harm; throwing for nothing would.
  const isEarly = evaluated === "per turn" && operand.throws !== undefined;
  if (evaluated === "sometimes" || isEarly || operand.conditional) return { kind: "conditional", operand, region };
  return mayTravel(operand.type) ? undefined : { kind: "no-data", what: operand, region };
}

function namesDeclaredIn(region: Region): ReadonlySet<string> {
  const names = new Set(region.declares);
  for (const child of region.children) for (const name of namesDeclaredIn(child)) names.add(name);
  return names;
}

/** Fails closed: every observation and every possible exception inside the region has to be part of an operand. */
function findUnaccounted(
  body: HandlerBody,
  region: Region,
  operands: readonly Operand[],
): { readonly why: string; readonly span: Span } | undefined {
  const places = placesOf(region);
  const isOpen = (span: Span): boolean =>
    places.some((place) => contains(place, span)) && !operands.some((operand) => contains(operand.span, span));
  const read = body.reads.find((one) => isOpen(one.span) && !operands.some(({ reads }) => reads.includes(one)));
  if (read !== undefined) return { why: `reads ${read.cell.field}`, span: read.span };
  return body.throws.find((one) => isOpen(one.span) && !operands.some(({ throws }) => throws === one));
}

/** Where the code of a region is: at the region, and in the bodies of the functions that it calls. */
function placesOf(region: Region): readonly Span[] {
  return [region.span, ...region.children.flatMap(placesOf)];
}
