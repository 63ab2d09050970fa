/** Why a recovery handler cannot run in pieces, one on each partition, in words. */
import type { RecoveryFlaw, RecoveryObstacle } from "../../analysis/recoveryObstacles.ts";
import { quote } from "../../analysis/quote.ts";
import { printEffect } from "../../model/effect.ts";
import type { KeyReason } from "./keyRefusals.ts";
import type { Spreading } from "../rule.ts";
import { quoteAccess, verbOf } from "./wording.ts";

export function recoveryReason(step: Spreading, { handler, span, flaw }: RecoveryObstacle): KeyReason {
  return {
    code: "RVN318",
    because: `\`${handler}\` runs on every partition when the node comes back, each for what it has, and ${because(step, flaw)}`,
    span,
    scenario: [`The node comes back: \`${handler}\` runs on partition 0, and on partition 1.`, consequence(step, flaw)],
    advice: `In \`${handler}\`, loop over the collections that are spread, and in each turn use only what belongs to its own entry; or leave out \`into\`.`,
  };
}

function because({ protocol }: Spreading, flaw: RecoveryFlaw): string {
  switch (flaw.kind) {
    case "throws":
      return `this may throw (${flaw.why}), which would undo what was done for the entries of one partition only.`;
    case "not-spread":
      return `${quoteAccess(protocol, flaw.access)} ${verbOf(flaw.access)} \`${flaw.access.cell.field}\`, which is not spread by the key.`;
    case "other-entry":
      return `${quoteAccess(protocol, flaw.access)} ${verbOf(flaw.access)} more of \`${flaw.access.cell.field}\` than the entry that a turn of a loop is about.`;
    case "outside-loop":
      return `${quote(protocol, flaw.effect.span, printEffect(flaw.effect))} belongs to no entry of what is spread, so every partition would do it.`;
    case "pairs":
      return `${quote(protocol, flaw.effect.span, printEffect(flaw.effect))} happens for each pair of entries, and the two may be on different partitions.`;
    case "starts-with":
      return `\`${flaw.field}\` does not start empty, so every partition has the entries that it starts with.`;
    case "other-turns":
      return `this depends on other entries than that of its own turn (${flaw.why}), which may be on another partition.`;
    case "writes":
      return `${quote(protocol, flaw.effect.span, printEffect(flaw.effect))} changes what survives a crash, and a crash may come when one partition has done so, and another has not.`;
  }
}

function consequence({ protocol }: Spreading, flaw: RecoveryFlaw): string {
  switch (flaw.kind) {
    case "throws":
      return "On one of them it throws; the other has done its part, which one node would have undone.";
    case "not-spread":
    case "other-entry":
      return `Each sees only a part of \`${flaw.access.cell.field}\`, which was never all that the node had.`;
    case "outside-loop":
      return `${quote(protocol, flaw.effect.span, printEffect(flaw.effect))} happens twice; in one node it would have happened once.`;
    case "pairs":
      return "A pair with one half on each of them is dealt with by neither.";
    case "starts-with":
      return "Both do it for an entry that was there from the start; one node would have done it once.";
    case "other-turns":
      return "What one of them has gathered, the other does not know.";
    case "writes":
      return "A crash comes between the two: what one of them keeps is changed, what the other keeps is as it was; in one node it is all or nothing.";
  }
}
