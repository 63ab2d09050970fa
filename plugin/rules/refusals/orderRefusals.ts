/** Why a component may not be told things in any order, and more than once, in words. */
import type { OrderObstacle } from "../../analysis/orderSensitivity/orderObstacle.ts";
import { quote } from "../../analysis/quote.ts";
import type { Code } from "../../diagnostics/codes.ts";
import { createFinding } from "../../diagnostics/createFinding.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { findHandler } from "../../model/protocol.ts";
import type { Span } from "../../model/span.ts";
import type { Cell } from "../../model/term.ts";
import { originalOf } from "./dependentHalves.ts";
import type { Decoupling, Verdict } from "../rule.ts";
import type { Split } from "../split.ts";
import { askedFor, exampleCell, printIn } from "./wording.ts";

interface Reason {
  readonly code: Code;
  /** Completes "`votes` cannot go to `collector`, which is told things in any order and perhaps twice: ". */
  readonly because: string;
  readonly other: string;
  readonly scenario: readonly string[];
  readonly advice: string;
}

/** What makes a component sensitive to the order: of what follows from something else, nothing is said. */
export function refuseOrders(
  step: Decoupling,
  split: Split,
  obstacles: readonly OrderObstacle[],
): Extract<Verdict<never>, { readonly kind: "refused" }> {
  const root = Math.min(...obstacles.map(depthOf));
  const causes = obstacles.filter((obstacle) => depthOf(obstacle) === root);
  const [first] = causes;
  // What is sent says more than the mark beside it.
  const isTelling = ({ kind, handler, span }: OrderObstacle): boolean =>
    kind !== "state-in-output" && kind === first?.kind && handler === first.handler && isSend(split, handler, span);
  const findings = [...causes.filter(isTelling), ...causes.filter((one) => !isTelling(one))].map((obstacle) =>
    refuse(step, split, obstacle),
  );
  const codes = new Set(findings.map(({ code }) => code));
  const isQuestioned = obstacles.some((obstacle) => isQuestion(split, obstacle));
  return { kind: "refused", refusals: findings.slice(0, 1), almost: codes.size === 1 && !isQuestioned };
}

/**
 * What is written wrongly is looked at wrongly, and what is looked at wrongly sets things off wrongly. Marks of what is done
 * differ because what they stand for does.
 */
function depthOf(obstacle: OrderObstacle): number {
  switch (obstacle.kind) {
    case "not-understood":
    case "counts":
    case "deletes":
    case "timer":
    case "random":
      return 0;
    case "not-a-join":
      return obstacle.marks === undefined ? 0 : obstacle.marks === "something else" ? 3 : 5;
    case "not-up-closed":
    case "state-in-output":
    case "order-observed":
      return 1;
    case "not-once":
    case "not-of-key":
      return 2;
    case "edge-triggered":
      return 4;
  }
}

function isSend({ receiver }: Split, handler: string, span: Span): boolean {
  const effects = findHandler(receiver.role, handler)?.body?.effects ?? [];
  return effects.some((effect) => effect.kind === "send" && effect.span === span);
}

/** A handler that only looks, and tells what it sees, asks for what is so: no change to it would make late news do. */
function isQuestion({ receiver }: Split, { kind, handler }: OrderObstacle): boolean {
  if (kind !== "state-in-output" && kind !== "order-observed") return false;
  const effects = findHandler(receiver.role, handler)?.body?.effects ?? [];
  return effects.every((effect) => effect.kind !== "write");
}

function refuse(step: Decoupling, split: Split, obstacle: OrderObstacle): Finding {
  const name = originalOf(split, obstacle.handler);
  const { code, because, other, scenario, advice } = reasonOf(step, split, obstacle, name);
  const request = split.cuts.find(({ handler }) => handler === name)?.part.request ?? split.cuts[0]?.part.request;
  return createFinding(
    code,
    `\`${name}\` cannot run in \`${step.component}\`, which hears of things in any order, and perhaps twice: ${because}`,
    obstacle.span,
    {
      related: [
        ...(obstacle.other === undefined ? [] : [{ message: other, span: obstacle.other }]),
        ...askedFor(request, `\`${step.component}\``),
      ],
      scenario,
      advice,
    },
  );
}

function reasonOf(step: Decoupling, split: Split, obstacle: OrderObstacle, name: string): Reason {
  const { protocol, component } = step;
  const here = quote(protocol, obstacle.span, name);
  const there = obstacle.other === undefined ? here : quote(protocol, obstacle.other, name);
  const handler = findHandler(split.receiver.role, obstacle.handler);
  const example = (cell: Cell): string => exampleCell(handler, cell);
  switch (obstacle.kind) {
    case "counts":
      return {
        code: "RVN218",
        because: `${here} counts, and what is forwarded twice counts twice.`,
        other: "The count is looked at here.",
        scenario: [
          `\`${name}\` is forwarded once, the acknowledgement is lost, and it is forwarded again.`,
          `${example(obstacle.cell)} is one too many: a threshold is reached that was not.`,
        ],
        advice: `Keep a set of those who were counted instead of a number: \`Set<string>\` and its \`size\`.`,
      };
    case "not-a-join":
      return notAJoin(obstacle, name, here, there, example(obstacle.cell));
    case "deletes":
      return {
        code: "RVN223",
        because: `${here} deletes from \`${obstacle.cell.field}\` what a forward that is still under way has to find, or brings back.`,
        other: "This uses the entry as well.",
        scenario: [
          `\`${name}\` deletes ${example(obstacle.cell)}; a forward that was sent before arrives after that.`,
          "It starts from nothing: what has been done is done again, or what should be done never is.",
        ],
        advice:
          "Keep a mark of what is done (`done.add(id)`), delete under the condition that adds it, and let everything else that uses the entry ask for the mark first.",
      };
    case "state-in-output":
      return {
        code: "RVN221",
        because: `${there} shows in ${placeOf(obstacle.in)} of ${here}, and it depends on what has arrived by then.`,
        other: "The state is looked at here.",
        scenario: [
          `Two messages are handled in one order; \`${component}\` hears of them in the other one.`,
          `${here} carries what \`${obstacle.cell.field}\` was after one of them, which it never was in one node.`,
        ],
        advice: `Send only what was received, or leave \`${obstacle.cell.field}\` where \`${name}\` is handled.`,
      };
    case "not-up-closed":
      return {
        code: "RVN220",
        because: `${here} may be true and become false as more arrives, and it decides whether ${there} happens.`,
        other: "This is what it decides.",
        scenario: [
          `Something that makes ${here} false has been handled, and \`${component}\` has not heard of it yet.`,
          `${there} happens all the same; somebody who knew better receives it.`,
        ],
        advice:
          "Let it depend on what has arrived (`has`, `size >= n`), not on what has not; a mark of what is done may be asked for where it is set.",
      };
    case "not-once":
      return {
        code: "RVN222",
        because: `${here} happens again each time that ${there} is tested and true.`,
        other: "This is the condition.",
        scenario: [
          `${there} becomes true, and ${here} happens.`,
          `A forward comes a second time, or a late one arrives: ${here} happens again.`,
        ],
        advice:
          "Keep a set of what is done: `if (!this.done.has(id)) { this.done.add(id); ... }`, in the same handler.",
      };
    case "not-of-key":
      return {
        code: "RVN224",
        because: `${here} happens once for ${obstacle.key.map((key) => `\`${printIn(handler, key)}\``).join(", ") || "all"}, and its ${obstacle.in} depends on \`${printIn(handler, obstacle.term)}\`, which differs between those who may be the one.`,
        other: "It is marked as done here.",
        scenario: [
          `Two messages with the same key arrive, with different values of \`${printIn(handler, obstacle.term)}\`.`,
          "Which of them completes it depends on the order of arrival, and so does what is sent.",
        ],
        advice: `Make \`${printIn(handler, obstacle.term)}\` a part of the key, or send only what the key determines.`,
      };
    case "edge-triggered":
      return {
        code: "RVN217",
        because: `${here} is tested when \`${name}\` is handled, and \`${originalOf(split, obstacle.by)}\` can make it true later without testing it.`,
        other: `\`${originalOf(split, obstacle.by)}\` makes it true here.`,
        scenario: [
          `\`${originalOf(split, obstacle.by)}\` is handled first, and told to \`${component}\` late; \`${name}\` is handled there before that.`,
          `${here} is false, nothing happens, and nobody tests it again.`,
        ],
        advice: `Test it in \`${originalOf(split, obstacle.by)}\` too, in a helper that both call; or let \`${name}\` do nothing but that.`,
      };
    case "order-observed":
      return {
        code: "RVN225",
        because: `${here} depends on the order in which \`${obstacle.cell.field}\` was filled.`,
        other: "What it decides is here.",
        scenario: [
          `Two entries are added in one order, and \`${component}\` hears of them in the other one.`,
          `${here} takes the wrong one for the first.`,
        ],
        advice: "Sort by something that is in the entries, or use all of them alike.",
      };
    case "timer":
      return {
        code: "RVN203",
        because: `${here} is about a timer, and whether it is armed depends on what came last.`,
        other: "",
        scenario: [
          `A timer is disarmed, then armed again; \`${component}\` hears of it the other way round.`,
          "It fires although it should not, or never fires.",
        ],
        advice: "Leave the timer with the handlers that arm and disarm it.",
      };
    case "random":
      return {
        code: "RVN225",
        because: `${here} differs each time that it is done.`,
        other: "",
        scenario: [`\`${name}\` is forwarded twice, and draws twice.`, "The two results differ, and both are used."],
        advice: "Draw before the statement that leaves, and use the value in it.",
      };
    case "not-understood":
      return {
        code: "RVN212",
        because: `the analysis does not follow ${obstacle.why}, ${here}.`,
        other: "",
        scenario: [
          `Suppose that ${here} gives another result when two messages are exchanged.`,
          `\`${component}\` hears of them in any order.`,
        ],
        advice: "Write it so that it can be followed.",
      };
  }
}

function notAJoin(
  { cell, why }: Extract<OrderObstacle, { readonly kind: "not-a-join" }>,
  name: string,
  here: string,
  there: string,
  example: string,
): Reason {
  const other = "This writes it as well.";
  switch (why) {
    case "overwrites":
      return {
        code: "RVN219",
        because: `${here} sets \`${cell.field}\` to what came last.`,
        other,
        scenario: [
          `\`${name}\` runs twice; the second forward arrives first.`,
          `${example} keeps the older value, and nothing sets it right.`,
        ],
        advice: `Keep what only grows: a set, a maximum, a value that is set once from a constant.`,
      };
    case "first-wins":
      return {
        code: "RVN219",
        because: `${here} keeps in \`${cell.field}\` what came first, and so decides by the order of arrival.`,
        other,
        scenario: [
          `Two messages compete for ${example}; the one that was handled first is forwarded more slowly.`,
          `The other one wins here, while ${there} has been answered as if it had not.`,
        ],
        advice: "Decide where the messages are handled, and forward the decision.",
      };
    case "appends":
      return {
        code: "RVN219",
        because: `${here} appends to \`${cell.field}\`, which is in the order of arrival, and twice what is forwarded twice.`,
        other,
        scenario: [
          `\`${name}\` runs twice; the second forward arrives first, or the first one comes again.`,
          `${example} has its entries in an order that no one node would have them in.`,
        ],
        advice: "Use a set, or a map with a key that says which entry it is.",
      };
  }
}

function placeOf(place: "payload" | "destination" | "key" | "value" | "timer"): string {
  switch (place) {
    case "payload":
      return "the message";
    case "destination":
      return "the destination";
    case "key":
      return "the key";
    case "value":
      return "the value";
    case "timer":
      return "the timer";
  }
}
