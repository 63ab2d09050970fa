/** Which expressions of a statement are evaluated before it leaves. */
import type { Operand, Region } from "../model/effect.ts";
import { contains } from "../model/span.ts";
import type { Surroundings } from "./cut.ts";

/** Whether an expression is evaluated whenever the statement around it is; in the body of a loop that may have no turn. */
export type Evaluated = "always" | "per turn" | "sometimes";

export interface FoundOperand {
  readonly operand: Operand;
  readonly evaluated: Evaluated;
  /** The helper whose body it is in, if that is not where the statement is. */
  readonly helper: string | undefined;
}

export interface Chosen {
  /** What is evaluated before. */
  readonly ahead: readonly FoundOperand[];
  /** What would have to be, as it reads state that stays, and cannot, as it reads state that leaves. */
  readonly torn: readonly Operand[];
}

/**
 * The expressions at and below a region that read what stays, act on what stays, or may throw. What reads nothing but
 * owned state is left where it is.
 */
export function chooseOperands(
  around: Surroundings,
  region: Region,
  mayThrow: boolean,
  evaluated: Evaluated = "always",
  helper?: string,
): Chosen {
  const own = region.operands.map((operand) => choose(around, operand, mayThrow));
  const ahead = own
    .flatMap((one) => one.ahead)
    .map((operand): FoundOperand => {
      // The header of a loop is evaluated each turn: once before is the same for what looks, not for what acts.
      const turns = region.kind === "loop" && operand.effects !== undefined;
      return { operand, evaluated: turns && evaluated === "always" ? "per turn" : evaluated, helper };
    });
  const torn = own.flatMap((one) => one.torn);
  let reached = evaluatedInside(around, region, evaluated);
  for (const child of region.children) {
    const known = ahead.map(({ operand }) => operand);
    if (!isValueOf(child, known)) {
      const elsewhere = contains(region.span, child.span) ? undefined : "a function that stands elsewhere";
      const inside = chooseOperands(around, child, mayThrow, reached, child.helper?.name ?? helper ?? elsewhere);
      ahead.push(...inside.ahead);
      torn.push(...inside.torn);
    }
    if (child.exits) reached = "sometimes";
  }
  return { ahead, torn };
}

function choose(
  around: Surroundings,
  operand: Operand,
  mayThrow: boolean,
): { readonly ahead: readonly Operand[]; readonly torn: readonly Operand[] } {
  const { leaving, owned } = around;
  const others = operand.reads.filter(({ cell }) => !owned.has(cell.field));
  const effects = operand.effects ?? [];
  const isNeeded = others.length > 0 || effects.some((id) => !leaving.has(id));
  if (!isNeeded && (mayThrow || operand.throws === undefined)) return { ahead: [], torn: [] };
  if (others.length === operand.reads.length && !effects.some((id) => leaving.has(id)))
    return { ahead: [operand], torn: [] };
  const parts = (operand.parts ?? []).map((part) => choose(around, part, mayThrow));
  const ahead = parts.flatMap((part) => part.ahead);
  const isCovered = others.every((read) => ahead.some(({ reads }) => reads.includes(read)));
  const torn = parts.flatMap((part) => part.torn);
  return { ahead, torn: isCovered || torn.length > 0 ? torn : [operand] };
}

function evaluatedInside({ text }: Surroundings, region: Region, evaluated: Evaluated): Evaluated {
  switch (region.kind) {
    case "block":
    case "call":
      return evaluated;
    case "loop":
      return isWrittenLoop(region, text) && evaluated !== "sometimes" ? "per turn" : "sometimes";
    case "statement": // callbacks and functions that it calls, perhaps
    case "branch":
      return "sometimes";
  }
}

/** Whether a loop is a statement, and not a call such as `list.forEach(...)`. */
export function isWrittenLoop(region: Region, text: Surroundings["text"]): boolean {
  return region.kind === "loop" && (region.declares.length > 0 || /^(?:for|while|do)\b/.test(text(region.span) ?? ""));
}

/**
 * Whether a region is the body of a function that only computes the value of one of these expressions: what it observes
 * and does is then observed and done when the expression is evaluated. Observations are compared by identity: each
 * evaluation has its own.
 */
function isValueOf(child: Region, operands: readonly Operand[]): boolean {
  if (!child.effects.every((id) => operands.some(({ effects }) => effects?.includes(id) === true))) return false;
  return allOperands(child).every((inner) =>
    operands.some(
      (outer) =>
        inner.reads.every((read) => outer.reads.includes(read)) &&
        (inner.throws === undefined || inner.throws === outer.throws),
    ),
  );
}

function allOperands(region: Region): readonly Operand[] {
  return [...region.operands, ...region.children.flatMap(allOperands)];
}
