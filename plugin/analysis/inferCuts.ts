/**
 * Cuts through a handler: which statements leave when some of its effects are to run in another component, and what has
 * to travel with them.
 *
 * What leaves touches no state but what goes to that component too: it is the longest run of statements that has no effect
 * but those that leave, and whose observations of other state, and expressions that may throw, can be evaluated before it.
 * Their values travel instead. So what the activation does to the state that stays happens where it happened before, in one
 * piece, and nothing is left that could fail after it; unless all of the handler leaves, and then all of it may fail.
 */
import type { Region } from "../model/effect.ts";
import type { Handler, Protocol, Role } from "../model/protocol.ts";
import { contains } from "../model/span.ts";
import type { Cut, CutObstacle, Cuts, RefusedEffect, Surroundings } from "./cut.ts";
import { isWrittenLoop } from "./cutOperands.ts";
import { cutRun, namesDeclaredAt, type Run } from "./cutRun.ts";
import { visibleNames } from "./freshNames.ts";
import { regionReads } from "./regionReads.ts";
import { sequencesOf, type Sequence } from "./sequences.ts";

export type { Cut, CutObstacle, Cuts, RefusedEffect } from "./cut.ts";

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
  return descend(around, body.root, undefined, true);
}

/** The smallest statement around each of these effects, with all local values and nothing computed ahead. */
export function smallestStatements(handler: Handler, effects: readonly number[]): readonly Region[] {
  const smallest = (region: Region, parent: Region, effect: number): Region | undefined => {
    const inner = cuttableChildren(region).find((child) => child.effects.includes(effect));
    const found = inner === undefined ? undefined : smallest(inner, region, effect);
    return found ?? (isStatement(region, parent) ? region : undefined);
  };
  const root = handler.body?.root;
  if (root === undefined) return [];
  return [...new Set(effects.flatMap((effect) => smallest(root, root, effect) ?? []))];
}

/** Looks for cuts inside a region that cannot leave as a whole, for the reason given. */
function descend(around: Surroundings, region: Region, reason: CutObstacle | undefined, isTail: boolean): Cuts {
  const children = cuttableChildren(region);
  const covered = new Set(children.flatMap(({ effects }) => effects));
  const direct = region.effects.filter((id) => around.leaving.has(id) && !covered.has(id));
  const refused = direct.map((id) => refuse(around, id, reason ?? { kind: "exits", region }));
  const isOne = (child: Region): boolean => isStatement(child, region) || isWrittenLoop(child, around.text);
  const sequences = sequencesOf(region, children.filter(isOne), isTail, around.text);
  const found = [
    ...sequences.map((sequence) =>
      cutSequence(around, sequence, sequences.length === 1 && region === around.body.root),
    ),
    ...children
      .filter((child) => !isOne(child) && isLeaving(around, child))
      .map((child) => descend(around, child, { kind: "exits", region: child }, true)),
  ];
  return {
    cuts: found.flatMap(({ cuts }) => cuts),
    refused: [...refused, ...found.flatMap((cuts) => cuts.refused)],
  };
}

/** Takes out of a block the longest runs that can leave; what they leave over is looked into. */
function cutSequence(around: Surroundings, sequence: Sequence, isBody: boolean): Cuts {
  const { regions } = sequence;
  const cuts: Cut[] = [];
  const refused: RefusedEffect[] = [];
  for (let first = 0; first < regions.length; first += 1) {
    const longest = longestRun(around, sequence, first, isBody);
    const region = regions[first];
    if (longest !== undefined) {
      cuts.push(longest.cut);
      first += longest.length - 1;
    } else if (region !== undefined && isLeaving(around, region)) {
      const isLast = sequence.isTail && first === regions.length - 1;
      const inside = descend(around, region, obstacleOf(around, sequence, first, isBody), isLast);
      cuts.push(...inside.cuts);
      refused.push(...inside.refused);
    }
  }
  return { cuts, refused };
}

function longestRun(
  around: Surroundings,
  sequence: Sequence,
  first: number,
  isBody: boolean,
): { readonly cut: Cut; readonly length: number } | undefined {
  for (let end = sequence.regions.length; end > first; end -= 1) {
    const run = runOf(sequence, first, end, isBody);
    if (run?.regions.some((region) => isLeaving(around, region)) !== true) return undefined;
    const result = cutRun(around, run);
    if ("cut" in result && isWorthwhile(around, run, result.cut))
      return { cut: result.cut, length: run.regions.length };
  }
  return undefined;
}

/** The reason why the statement, with those that go on with what it declares, cannot leave. */
function obstacleOf(around: Surroundings, sequence: Sequence, first: number, isBody: boolean): CutObstacle | undefined {
  const { regions } = sequence;
  const declared = regions.slice(first, first + 1).flatMap(namesDeclaredAt);
  const last = regions.findLastIndex(({ uses }) => uses.some(({ name }) => declared.includes(name)));
  const [alone, together] = [first, Math.max(first, last)].map((end) => {
    const run = runOf(sequence, first, end + 1, isBody);
    const result = run === undefined ? undefined : cutRun(around, run);
    return result !== undefined && "obstacle" in result ? result.obstacle : undefined;
  });
  return alone?.kind === "assigns" && together !== undefined && together.kind !== "stays" ? together : alone;
}

function runOf({ regions, isTail }: Sequence, first: number, end: number, isBody: boolean): Run | undefined {
  const [head, ...rest] = regions.slice(first, end);
  return head === undefined
    ? undefined
    : {
        regions: [head, ...rest],
        isTail: isTail && end === regions.length,
        isBody: isBody && first === 0 && end === regions.length,
        beside: [...regions.slice(0, first), ...regions.slice(end)],
      };
}

/** Whether a run begins and ends with something that has to leave, or is needed by nothing else. */
function isWorthwhile(around: Surroundings, { regions, isBody }: Run, cut: Cut): boolean {
  if (isBody && around.owned.size > 0) return true;
  const [first] = regions;
  const last = regions.at(-1) ?? first;
  const hasToLeave = (region: Region): boolean => isLeaving(around, region) || touchesOwned(around, region);
  const declared = regions.flatMap(namesDeclaredAt);
  const isUsed = (name: string): boolean => regions.some(({ uses }) => uses.some((use) => use.name === name));
  const isPrepared =
    namesDeclaredAt(first).some(isUsed) && !cut.hoisted.some(({ operand }) => contains(first.span, operand.span));
  const isEnd = hasToLeave(last) || cut.region.exits || last.uses.some(({ name }) => declared.includes(name));
  return (hasToLeave(first) || isPrepared) && isEnd;
}

function isLeaving({ leaving }: Surroundings, { effects }: Region): boolean {
  return effects.some((id) => leaving.has(id));
}

function touchesOwned({ owned }: Surroundings, region: Region): boolean {
  return regionReads(region).some(({ cell }) => owned.has(cell.field));
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
