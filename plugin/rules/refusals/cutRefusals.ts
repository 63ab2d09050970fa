/** Why a send cannot leave its handler, in words. */
import type { CutObstacle, RefusedEffect } from "../../analysis/inferCuts.ts";
import { quote } from "../../analysis/quote.ts";
import type { Code } from "../../diagnostics/codes.ts";
import { createFinding } from "../../diagnostics/createFinding.ts";
import type { Finding, Related } from "../../diagnostics/finding.ts";
import { printEffect, printSend, type Effect, type LocalUse, type Operand } from "../../model/effect.ts";
import { findHandler } from "../../model/protocol.ts";
import type { Span } from "../../model/span.ts";
import { printCell } from "../../model/term.ts";
import type { Decoupling, MovedPart } from "../rule.ts";
import { askedFor, exampleCell } from "./wording.ts";

/** What an obstacle comes to: everything of the finding but what all of them have in common. */
interface Reason {
  readonly code: Code;
  /** Completes "... cannot go to `broadcaster`: ". */
  readonly because: string;
  readonly span: Span;
  readonly related?: readonly Related[];
  readonly scenario: readonly string[];
  readonly advice: string;
}

export function refuseCut(step: Decoupling, part: MovedPart, { effect, obstacle }: RefusedEffect): Finding {
  const name = nameOf(step, part.handler, effect);
  const reason = reasonOf(step, part, obstacle);
  return createFinding(reason.code, `${name} cannot go to \`${step.component}\`: ${reason.because}`, reason.span, {
    related: [
      ...(reason.span === effect.span ? [] : [{ message: "What was to leave.", span: effect.span }]),
      ...(reason.related ?? []),
      ...askedFor(part.request, "it"),
    ],
    scenario: reason.scenario,
    advice: reason.advice,
  });
}

/** What plans call an effect, as far as they can. */
function nameOf({ protocol }: Decoupling, handler: string, effect: Effect): string {
  if (effect.kind === "send") return `\`${printSend(handler, effect)}\``;
  return `${quote(protocol, effect.span, printEffect({ ...effect, guard: [] }))} of \`${handler}\``;
}

function reasonOf(step: Decoupling, part: MovedPart, obstacle: CutObstacle): Reason {
  const { protocol, component } = step;
  switch (obstacle.kind) {
    case "stays": {
      const effect = quote(protocol, obstacle.effect.span, printEffect(obstacle.effect));
      return {
        code: "RVN209",
        because: `its statement also does ${effect}, which stays in \`${part.handler}\`.`,
        span: obstacle.effect.span,
        scenario: [
          `Only whole statements leave. With this one ${effect} would happen in \`${component}\`, on other state, or not at all.`,
        ],
        advice: "Put the two into statements of their own.",
      };
    }
    case "exits":
      return {
        code: "RVN209",
        because: "there is no statement around it that could be taken out of the handler.",
        span: obstacle.region.span,
        scenario: [
          `What follows in \`${part.handler}\` depends on how this statement ends, and that would be known in \`${component}\` only.`,
        ],
        advice: "Make the send a statement of its own, in the body of the handler or of a helper with one caller.",
      };
    case "assigns":
      return {
        code: "RVN209",
        because: `its statement sets \`${obstacle.name}\`, which the rest of \`${part.handler}\` sees.`,
        span: obstacle.region.span,
        scenario: [
          `With the statement in \`${component}\`, \`${obstacle.name}\` would keep its old value in \`${part.handler}\`.`,
        ],
        advice: `Set \`${obstacle.name}\` in a statement of its own.`,
      };
    case "conditional":
      return operandReason(
        step,
        part,
        obstacle.operand,
        "it is not evaluated each time that the statement is, so it cannot be computed before",
      );
    case "guard":
      return operandReason(step, part, obstacle.operand, "it decides whether the statement is reached");
    case "inner-name":
      return operandReason(
        step,
        part,
        obstacle.operand,
        `it depends on \`${obstacle.name}\`, which the statement itself declares, so it cannot be computed before`,
      );
    case "helper":
      return helperReason(step, part, obstacle.operand, obstacle.helper);
    case "torn":
      return {
        code: "RVN205",
        because: `${quote(protocol, obstacle.operand.span, printOperand(obstacle.operand))} reads \`${obstacle.owned}\`, which is in \`${component}\`, and \`${obstacle.other}\`, which is not.`,
        span: obstacle.operand.span,
        scenario: [
          `\`${part.handler}\` has \`${obstacle.other}\` and \`${component}\` has \`${obstacle.owned}\`: neither can evaluate this.`,
        ],
        advice: `Compute what depends on \`${obstacle.other}\` into a variable before; then it travels with the message.`,
      };
    case "owned-name":
      return {
        code: "RVN205",
        because: `it uses \`${obstacle.name}\`, which is bound to \`${obstacle.field}\` before, where \`${obstacle.field}\` would not be any more.`,
        span: obstacle.region.span,
        scenario: [
          `\`${part.handler}\` would look into \`${obstacle.field}\` before it forwards, and only \`${component}\` has that.`,
        ],
        advice: `Bind \`${obstacle.name}\` in the statements that use it, directly before them.`,
      };
    case "kept-copy":
      return {
        code: "RVN207",
        because: `${quote(protocol, obstacle.effect.span, printEffect(obstacle.effect))} keeps \`${obstacle.name}\`, an object that would travel there and arrive frozen.`,
        span: obstacle.effect.span,
        scenario: [
          `In \`${part.handler}\` the object can be changed after it was stored; a copy that arrives in \`${component}\` cannot, and changing it throws.`,
        ],
        advice: "Make the object in the statement that stores it.",
      };
    case "no-data":
      return noDataReason(step, obstacle.what, obstacle.region.span);
    case "identity":
      return {
        code: "RVN207",
        because: `${quote(protocol, obstacle.span, "its statement")} asks which object is which, and what arrives are copies: what was one object would be two.`,
        span: obstacle.span,
        scenario: [
          `In \`${part.handler}\` two names stand for one object, so a comparison of them is true.`,
          `\`${component}\` receives a copy for each name, and there the comparison is false.`,
        ],
        advice: "Compare ids instead of objects, or compare before the statement and use the result in it.",
      };
    case "unaccounted":
      return unaccountedReason(step, part, obstacle.why, obstacle.span);
  }
}

function operandReason(step: Decoupling, part: MovedPart, operand: Operand, why: string): Reason {
  const { protocol, component } = step;
  const expression = quote(protocol, operand.span, printOperand(operand));
  const [read] = operand.reads;
  if (operand.throws !== undefined) {
    return {
      code: "RVN206",
      because: `${expression} may throw (${operand.throws.why}), and ${why}.`,
      span: operand.span,
      scenario: [
        `\`${part.handler}\` changes its state, forwards, and is done; then ${expression} throws in \`${component}\`.`,
        "In one node the exception would have undone the whole activation.",
      ],
      advice: `Compute the value into a variable before the statement, so that \`${part.handler}\` fails as a whole.`,
    };
  }
  return {
    code: "RVN205",
    because: `${expression} reads ${read === undefined ? "mutable state" : `\`${read.cell.field}\``}, and ${why}.`,
    span: operand.span,
    scenario: staleScenario(step, part, operand),
    advice: "Compute the value into a variable before the statement; then it travels with the message.",
  };
}

function helperReason(step: Decoupling, part: MovedPart, operand: Operand, helper: string): Reason {
  const { protocol } = step;
  const expression = quote(protocol, operand.span, printOperand(operand));
  const where = /\s/.test(helper) ? helper : `the helper \`${helper}\``;
  const does = operand.throws === undefined ? "reads the state" : "may throw";
  return {
    code: "RVN208",
    because: `${expression} ${does} inside ${where}, which is called from \`${part.handler}\` and stands elsewhere, so its value cannot be computed before the send leaves.`,
    span: operand.span,
    scenario: staleScenario(step, part, operand),
    advice: `Read the value in \`${part.handler}\` and pass it as a parameter.`,
  };
}

function noDataReason(step: Decoupling, what: Operand | LocalUse, statement: Span): Reason {
  const isName = "name" in what;
  const text = isName ? `\`${what.name}\`` : quote(step.protocol, what.span, printOperand(what));
  const why =
    isName && what.cannotTravel !== undefined
      ? `is ${what.cannotTravel}`
      : `has type \`${what.type}\`, which is not plain data`;
  return {
    code: "RVN207",
    because: `it needs ${text}, which ${why}, so it cannot be sent to another component.`,
    span: isName ? statement : what.span,
    scenario: [
      `\`${step.component}\` is another process: it receives copies of data, and neither functions nor iterators nor references.`,
    ],
    advice:
      isName && what.cannotTravel === "a function"
        ? `Call \`${what.name}\` in a statement before, and use its result.`
        : "Let the statement use plain data: the id of a node instead of a reference, a list instead of an iterator.",
  };
}

function unaccountedReason(step: Decoupling, part: MovedPart, why: string, span: Span): Reason {
  const field = /^reads (.*)$/.exec(why)?.[1];
  return {
    code: field === undefined ? "RVN206" : "RVN205",
    because:
      field === undefined
        ? `${quote(step.protocol, span, why)} may throw (${why}), and it cannot be computed before the statement.`
        : `${quote(step.protocol, span, field)} reads \`${field}\`, and it cannot be computed before the statement.`,
    span,
    scenario:
      field === undefined
        ? [
            `\`${part.handler}\` is done when this throws in \`${step.component}\`; in one node it would have undone the whole activation.`,
          ]
        : [`\`${step.component}\` has no \`${field}\`: it would read one of its own, which no handler there changes.`],
    advice: "Compute the value into a variable before the statement; then it travels with the message.",
  };
}

function staleScenario(step: Decoupling, part: MovedPart, operand: Operand): readonly string[] {
  const [read] = operand.reads;
  if (read === undefined) return [];
  const cell = exampleCell(findHandler(step.role, part.handler), read.cell);
  return [
    `\`${part.handler}\` runs when ${cell} has been changed; the send leaves from \`${step.component}\`.`,
    `\`${step.component}\` has its own \`${read.cell.field}\`, which no handler there changes: the message carries, or depends on, a value that was never true.`,
  ];
}

function printOperand(operand: Operand): string {
  const [read] = operand.reads;
  return read === undefined ? "this expression" : printCell(read.cell);
}
