/** Why a part of the state cannot have a copy on every partition, in words. */
import type { DivisionObstacle } from "../../analysis/replication/divisionObstacles.ts";
import type { Division } from "../../analysis/replication/divideState.ts";
import type { ReplicationObstacle } from "../../analysis/replication/replicatedHandler.ts";
import { inferFootprint } from "../../analysis/inferFootprints.ts";
import { names, quote } from "../../analysis/quote.ts";
import { createFinding } from "../../diagnostics/createFinding.ts";
import type { Code } from "../../diagnostics/codes.ts";
import type { Finding, Related } from "../../diagnostics/finding.ts";
import { printEffect } from "../../model/effect.ts";
import { findHandler } from "../../model/protocol.ts";
import type { Span } from "../../model/span.ts";
import type { SealObstacle } from "../sealing.ts";
import type { Spreading } from "../rule.ts";
import { refuseDarkSpread } from "./keyRefusals.ts";
import { askedFor, quoteAccess, verbOf } from "./wording.ts";

interface Reason {
  readonly code: Code;
  /** Completes "`main` cannot be partitioned: ". */
  readonly because: string;
  readonly related?: readonly Related[];
  readonly scenario: readonly string[];
  readonly advice: string;
}

export function refuseReplication(step: Spreading, division: Division, obstacle: ReplicationObstacle): Finding {
  const { flaw, span, handler } = obstacle;
  if (flaw.kind === "dark") return refuseDarkSpread(step, { why: flaw.why, span, handler });
  return refuse(step, span, reasonOf(step, division, handler, flaw));
}

function refuse(step: Spreading, span: Span, { code, because, related = [], scenario, advice }: Reason): Finding {
  return createFinding(code, `\`${step.component}\` cannot be partitioned: ${because}`, span, {
    related: [...related, ...askedFor(step.by?.span ?? step.request, "the partitions")],
    scenario,
    advice,
  });
}

type Understood = Exclude<ReplicationObstacle["flaw"], { readonly kind: "dark" }>;

function reasonOf(step: Spreading, division: Division, handler: string, flaw: Understood): Reason {
  const everywhere = `\`${handler}\` ${whyEverywhere(step, division, handler)}, so every partition runs it`;
  const { protocol } = step;
  switch (flaw.kind) {
    case "keyed": {
      const copy = flaw.write?.cell.field ?? "";
      const entry = quoteAccess(protocol, flaw.access);
      return {
        code: "RVN330",
        because:
          `\`${copy}\` would be a copy on every partition, and \`${handler}\` changes it whenever it comes to ${entry}, which is on one: ` +
          "every such message would run on all partitions, and nothing would be spread.",
        related:
          flaw.write === undefined
            ? []
            : [{ message: `This changes \`${copy}\`, of which the node has one.`, span: flaw.write.span }],
        scenario: [
          `\`${handler}\` runs on partition 0 and changes \`${copy}\` there; partition 1 does not hear of it.`,
          `\`${handler}\` runs on partition 1, for another key, and still finds the old \`${copy}\`: one node would have found the new one.`,
        ],
        advice:
          `Change \`${copy}\` only in handlers that touch no single entry (${names(division.replicated.filter(({ name }) => name !== handler).map(({ name }) => name))}), and only compare with it in \`${handler}\`: ` +
          `what is below is ignored, and where it could be above, answer with a rejection instead of changing \`${copy}\`.`,
      };
    }
    case "copy-from-entries": {
      const copy = flaw.effect.kind === "write" ? flaw.effect.cell.field : "";
      return {
        code: "RVN331",
        because: `${everywhere}, and ${quote(protocol, flaw.effect.span, printEffect(flaw.effect))} makes \`${copy}\` depend on entries, of which each partition has its own.`,
        scenario: [
          `\`${handler}\` runs on partition 0, and on partition 1; each looks at its own entries.`,
          `\`${copy}\` has two values from then on.`,
        ],
        advice: `Compute \`${copy}\` from the message, or from other state without keys.`,
      };
    }
    case "not-a-union": {
      const column =
        flaw.column === undefined || flaw.column.length === 0 ? "the payload" : `\`${flaw.column.join(".")}\``;
      return {
        code: "RVN332",
        because: `${everywhere}, and ${column} of ${quote(protocol, flaw.effect.span, flaw.effect.message)} is no list of entries that could be put together from those of the partitions.`,
        scenario: [
          `\`${handler}\` runs on partition 0 and on partition 1; each has a part of the entries.`,
          `What they know of ${column} does not add up to what one node would have sent as \`${flaw.effect.message}\`.`,
        ],
        advice: `Send the entries themselves, one element for each (\`[...entries.values()]\`, a map, a record), and let \`${flaw.effect.roles.join("` or `")}\` compute the rest.`,
      };
    }
    case "sent-by-entries":
      return {
        code: "RVN333",
        because: `${everywhere}, and whether, to whom or what ${quote(protocol, flaw.effect.span, flaw.effect.message)} sends depends on several entries together, of which each partition has its own.`,
        scenario: [
          `\`${handler}\` runs on partition 0, where there are such entries, and on partition 1, where there are none.`,
          `One sends \`${flaw.effect.message}\` and the other does not; one node would have decided once.`,
        ],
        advice: `Send \`${flaw.effect.message}\` whatever the entries are, or one for each entry in a loop over all.`,
      };
    case "other-entry":
      return {
        code: "RVN334",
        because: `${everywhere}, each for its own entries, and ${quote(protocol, flaw.effect.span, printEffect(flaw.effect))} is not about the entry of one turn of a loop over them.`,
        scenario: [
          `\`${handler}\` runs on partition 0, which changes an entry that belongs to partition 1.`,
          "Partition 1 keeps what it had; partition 0 has an entry that nobody asks for.",
        ],
        advice: `In \`${handler}\`, loop over all entries, and change in each turn only what is kept under its own key.`,
      };
    case "carried":
      return {
        code: "RVN334",
        because: `${everywhere}, each for its own entries, and \`${flaw.name}\` takes what one turn finds into the next.`,
        scenario: [
          `\`${handler}\` runs on partition 0 and on partition 1, and \`${flaw.name}\` comes to something else on each.`,
          "Neither is what one node would have had after all turns.",
        ],
        advice: `Do without \`${flaw.name}\`: build lists with \`push\` or \`map\`, one element for each entry.`,
      };
    case "throws":
      return {
        code: "RVN337",
        because: `${everywhere}, and this may throw on one of them and not on another (${flaw.site.why}).`,
        scenario: [
          `\`${handler}\` runs on partition 0, where it throws and is undone, and on partition 1, where it does not.`,
          "The two differ from then on; one node would have done all of it, or nothing.",
        ],
        advice: "Throw only for reasons that are in the message or in state without keys, or do not throw.",
      };
    case "journal":
    case "timer":
      return onceReason(step, everywhere, handler, quote(protocol, flaw.effect.span, printEffect(flaw.effect)));
    case "fifo":
      return {
        code: "RVN312",
        because: `${everywhere}, in an order that a coordinator decides, and it is \`@Fifo\`: other messages of the same sender do not pass through the coordinator.`,
        scenario: [
          `A sender calls \`${handler}\`, and then another \`@Fifo\` handler of the role.`,
          `The second is handled while \`${handler}\` still waits for all partitions.`,
        ],
        advice: `Drop \`@Fifo\` where the order does not matter, or leave \`${handler}\` in a component that is not partitioned.`,
      };
    case "two-ways":
      return {
        code: "RVN339",
        because: `${everywhere}, and \`${flaw.effect.message}\` is sent by one of them in one place, and by each in another.`,
        related: [{ message: "The same message is sent here in another way.", span: flaw.other.span }],
        scenario: [
          `\`${handler}\` sends \`${flaw.effect.message}\`: once for the node, or once for each partition.`,
          "By its name alone nobody can tell a whole message from a part of one.",
        ],
        advice: `Give one of the two another name than \`${flaw.effect.message}\`.`,
      };
  }
}

function whyEverywhere({ role }: Spreading, { copies }: Division, name: string): string {
  const handler = findHandler(role, name);
  const written =
    handler === undefined ? [] : inferFootprint(role, handler).accesses.filter(({ write }) => write !== undefined);
  const changed = [...new Set(written.map(({ cell }) => cell.field))].filter((field) => copies.has(field));
  return changed.length === 0
    ? "concerns all entries"
    : `changes ${names(changed)}, of which every partition has a copy`;
}

function onceReason(step: Spreading, everywhere: string, handler: string, what: string): Reason {
  return {
    code: "RVN338",
    because: `${everywhere}, and ${what} happens once on one node.`,
    scenario: [`\`${handler}\` runs on all ${String(step.partitions)} partitions, and ${what} happens as often.`],
    advice: `Do it in a handler that runs on one partition, or leave \`${handler}\` in a component that is not partitioned.`,
  };
}

export function refuseDivision(step: Spreading, division: Division, obstacle: DivisionObstacle): Finding {
  return refuse(step, obstacle.span, divisionReason(step, division, obstacle));
}

function divisionReason(step: Spreading, division: Division, obstacle: DivisionObstacle): Reason {
  const { protocol } = step;
  const together = names(division.replicated.map(({ name }) => name));
  switch (obstacle.kind) {
    case "mixed-durability":
      return {
        code: "RVN336",
        because: `${together} would run on all partitions, and again on those that have not made it durable when the node comes back; \`${obstacle.durable}\` survives a crash, and \`${obstacle.volatile}\` does not.`,
        scenario: [
          `${together} runs on partition 0, and the node crashes before partition 1 has run it.`,
          `The node comes back and partition 1 runs it, without the \`${obstacle.volatile}\` that it would have found.`,
        ],
        advice: `Make \`${obstacle.volatile}\` \`@Durable()\` as well, or move it and its handlers to a component of their own.`,
      };
    case "deeper-key":
      return {
        code: "RVN334",
        because: `\`${obstacle.access.handler}\` concerns all of \`${obstacle.access.cell.field}\` (${quoteAccess(protocol, obstacle.access)} ${verbOf(obstacle.access)} it), whose entries are not spread by their first key.`,
        scenario: [
          `An entry of \`${obstacle.access.cell.field}\` has parts on partition 0 and on partition 1.`,
          `\`${obstacle.access.handler}\` goes through it on both, and each takes its part for the whole.`,
        ],
        advice: `Keep \`${obstacle.access.cell.field}\` under the routing key first, or have \`${obstacle.access.handler}\` do without all of it.`,
      };
    case "two-ways":
      return {
        code: "RVN334",
        because: `\`${obstacle.access.handler}\` uses \`${obstacle.access.cell.field}\` and \`${obstacle.other}\` together, and the two are spread by different functions of their keys.`,
        scenario: [
          `An entry of \`${obstacle.other}\` is on partition 0, and that of \`${obstacle.access.cell.field}\` under the same key on partition 1.`,
          `\`${obstacle.access.handler}\` does not find one when it has the other.`,
        ],
        advice: "Keep both under the same key.",
      };
    case "starts-with":
      return {
        code: "RVN340",
        because: `\`${obstacle.field}\` does not start empty, and ${together} ${division.replicated.length === 1 ? "goes" : "go"} through all of it on every partition.`,
        scenario: [
          `Every partition starts with the same entries of \`${obstacle.field}\`.`,
          `${together} finds each of them as often as there are partitions.`,
        ],
        advice: `Start with an empty \`${obstacle.field}\`, and let messages put the entries there.`,
      };
    case "recovery":
      return {
        code: "RVN318",
        because: `\`${obstacle.handler.name}\` runs on every partition when the node comes back, each for its own entries, and ${quote(protocol, obstacle.effect.span, printEffect(obstacle.effect))} belongs to no entry.`,
        scenario: [
          `The node comes back: \`${obstacle.handler.name}\` runs on partition 0, and on partition 1.`,
          "What one node would have done once is done twice.",
        ],
        advice: `In \`${obstacle.handler.name}\`, loop over the entries, and in each turn use only its own.`,
      };
    case "forwards":
      return {
        code: "RVN338",
        because: `\`${obstacle.handler.name}\` ${whyEverywhere(step, division, obstacle.handler.name)}, so every partition would run it, and a piece of its work is in another component, which would hear of it from each.`,
        scenario: [
          `\`${obstacle.handler.name}\` runs on all ${String(step.partitions)} partitions, and what it forwards arrives as often.`,
        ],
        advice: `Move all of \`${obstacle.handler.name}\`, or none of it.`,
      };
    case "one-shot":
      return {
        code: "RVN338",
        because: `\`${obstacle.handler.name}\` changes what every partition would have a copy of, and its timer fires on one of them.`,
        scenario: [
          `The timer of \`${obstacle.handler.name}\` fires on partition 0; the copies of the others stay as they are.`,
        ],
        advice: `Do it in an \`@Every\` handler, or leave \`${obstacle.handler.name}\` in a component that is not partitioned.`,
      };
    case "start":
      return {
        code: "RVN338",
        because: `\`${obstacle.handler.name}\` ${whyEverywhere(step, division, obstacle.handler.name)}, so every partition would run it, when it hears that the others do; and one node runs it before anything else.`,
        scenario: [
          `A message arrives at partition 1 before it has heard that \`${obstacle.handler.name}\` is to run.`,
          `It is handled without what \`${obstacle.handler.name}\` does at the start.`,
        ],
        advice: `Begin with these values where the fields are declared, or leave \`${obstacle.handler.name}\` in a component that is not partitioned.`,
      };
    case "ordered-send":
      return {
        code: "RVN313",
        because: `${quote(protocol, obstacle.span, obstacle.handler.name)} in \`${obstacle.handler.name}\` sends to a handler that is \`@Fifo\`, and what the partitions of one node send overtakes each other.`,
        scenario: [
          `\`${obstacle.handler.name}\` sends from partition 0, and another handler from partition 1.`,
          "The second arrives first: a gap that one node would not have left.",
        ],
        advice: `Leave \`${obstacle.handler.name}\` in a component that is not partitioned, or make the receiver independent of the order.`,
      };
  }
}

export function refuseSealing(step: Spreading, { send, seal, receiver, seen }: SealObstacle): Finding {
  const column = seal.column.path.join(".");
  const message = `${receiver}.${send.effect.message}`;
  const sentAt: Related = {
    message: `Each partition sends its part of \`${column}\` here.`,
    span: send.effect.span,
  };
  const where =
    seen === undefined
      ? `\`${receiver}\` is outside of the system, where anything may depend on it`
      : seen.field === undefined
        ? `\`${seen.handler}\` of \`${receiver}\` depends on it`
        : `\`${seen.field}\` of \`${receiver}\` takes it over, and \`${seen.handler}\` depends on it`;
  return refuse(step, seen?.span ?? send.effect.span, {
    code: "RVN335",
    because: `\`${column}\` of \`${message}\` would be put together from the parts of the partitions, which loses its order, and ${where}.`,
    related: seen === undefined ? [] : [sentAt],
    scenario: [
      `\`${send.handler}\` lists entries that were made one after the other, the first on partition 1 and the second on partition 0.`,
      `\`${receiver}\` finds the second before the first, which no node had ever listed so.`,
    ],
    advice: `Sort \`${column}\` by the key of its entries where it is sent, or send a map.`,
  });
}
