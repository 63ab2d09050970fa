/** Why a component cannot be spread by a key, in words. */
import type { StateAccess } from "../../analysis/inferFootprints.ts";
import { isKeyTerm, printKey } from "../../analysis/keys/keyTerms.ts";
import { isForwarded } from "../../analysis/projectComponent.ts";
import { isPrintable, unexportedIn } from "../../analysis/keys/printableKey.ts";
import { list, names } from "../../analysis/quote.ts";
import { createFinding } from "../../diagnostics/createFinding.ts";
import type { Code } from "../../diagnostics/codes.ts";
import type { Finding, Related } from "../../diagnostics/finding.ts";
import type { NotUnderstood } from "../../model/effect.ts";
import { findHandler, findTimer } from "../../model/protocol.ts";
import type { Span } from "../../model/span.ts";
import { printTerm, type Term } from "../../model/term.ts";
import type { Obstacle } from "../chooseKeys.ts";
import { recoveryReason } from "./recoveryRefusals.ts";
import { columnReason } from "./columnRefusals.ts";
import { functionReason } from "./functionRefusals.ts";
import type { Spreading } from "../rule.ts";
import {
  askedFor,
  columnsBehind,
  exampleCell,
  exampleOf,
  exampleRun,
  printIn,
  quoteAccess,
  verbOf,
} from "./wording.ts";

/** A refusal, less what all of them have in common. */
export interface KeyReason {
  readonly code: Code;
  /** Completes "`main` cannot be partitioned: ". */
  readonly because: string;
  readonly span: Span;
  readonly related?: readonly Related[];
  readonly scenario: readonly string[];
  readonly advice: string;
}

export function refuseKey(step: Spreading, obstacle: Obstacle): Finding {
  const reason = reasonOf(step, obstacle);
  const by = wantedBy(obstacle);
  return createFinding(
    reason.code,
    `\`${step.component}\` cannot be partitioned${by === undefined ? "" : ` by \`${by}\``}: ${reason.because}`,
    reason.span,
    {
      related: [...(reason.related ?? []), ...askedFor(step.by?.span ?? step.request, "the partitions")],
      scenario: reason.scenario,
      advice: reason.advice,
    },
  );
}

/** A handler that is not understood may touch any entry. */
export function refuseDarkSpread(step: Spreading, why: NotUnderstood & { readonly handler: string }): Finding {
  return createFinding(
    "RVN315",
    `\`${step.component}\` cannot be partitioned: in \`${why.handler}\` the analysis does not follow ${why.why}, so ` +
      `\`${why.handler}\` may touch the state of any key.`,
    why.span,
    {
      related: askedFor(step.request, "the partitions"),
      scenario: [
        `\`${why.handler}\` runs on one partition, and this expression touches an entry that another partition keeps.`,
        "It finds nothing there, or changes a copy that nobody reads.",
      ],
      advice: `Write it so that it can be followed, or leave \`${why.handler}\` in a component that is not partitioned.`,
    },
  );
}

/** There is no message in the component that any key could be taken from. */
export function refuseNothingToSpreadBy(step: Spreading): Finding {
  return createFinding(
    "RVN316",
    `\`${step.component}\` cannot be partitioned: no message that it handles has a column that it could be routed by, so ` +
      "the first partition would get all of them.",
    step.request ?? step.role.nameSpan,
    {
      scenario: [`Every message goes to partition 0 of \`${step.component}\`; the other partitions stay idle.`],
      advice: "Leave out `into`, or add a column to the messages that says what they are about.",
    },
  );
}

function reasonOf(step: Spreading, obstacle: Obstacle): KeyReason {
  switch (obstacle.kind) {
    case "out-of-reach":
      return {
        code: "RVN305",
        because: `the statement of \`${obstacle.forward.handler}\` that moved there does not see \`${printKey(obstacle.key)}\`, so the message that is forwarded cannot be routed by it.`,
        span: obstacle.forward.region,
        scenario: [
          `\`${obstacle.forward.name}\` is forwarded without \`${printKey(obstacle.key)}\`: there is nothing to compute the partition from.`,
        ],
        advice: `Pass \`${printKey(obstacle.key)}\` to the helper that the statement is in, or choose a column that the statement uses.`,
      };
    case "column":
      return columnReason(step, obstacle);
    case "timer":
      return timerReason(step, obstacle.access, obstacle.other);
    case "keyless":
      return isTimer(step, obstacle.access)
        ? unkeyedTimerReason(step, obstacle.access)
        : keylessReason(step, obstacle.access);
    case "whole":
      return isTimer(step, obstacle.access)
        ? unkeyedTimerReason(step, obstacle.access)
        : wholeReason(step, obstacle.access, obstacle.keyed);
    case "recovery":
      return recoveryReason(step, obstacle);
    case "two-keys":
      return twoKeysReason(step, obstacle);
    case "other-key":
      return otherKeyReason(step, obstacle);
    case "derived":
    case "from-state":
    case "per-element":
    case "constant":
    case "unknown":
      return computedReason(step, obstacle);
    case "coerced":
      return coercedReason(obstacle);
    case "composite":
    case "other-function":
    case "unreliable":
    case "owner-unknown":
      return functionReason(step, obstacle);
  }
}

function isTimer({ role }: Spreading, { cell }: StateAccess): boolean {
  return findTimer(role, cell.field) !== undefined;
}

/** A one-shot timer of which the node has one. */
function unkeyedTimerReason({ protocol, role }: Spreading, access: StateAccess): KeyReason {
  const name = findTimer(role, access.cell.field)?.timer ?? access.cell.field;
  const fires = findHandler(role, access.handler)?.trigger.kind === "after";
  return {
    code: "RVN317",
    because: fires
      ? `\`${access.handler}\` runs for the timer \`${name}\`, which is armed without a key: there is one of it for the whole node, and there would be one for each partition.`
      : `${quoteAccess(protocol, access)} in \`${access.handler}\` concerns the timer \`${name}\` without a key: there is one of it for the whole node, and there would be one for each partition.`,
    span: access.span,
    scenario: [
      `A handler arms \`${name}\` on partition 0; for another key it is armed again, or disarmed, on partition 1.`,
      `The two know nothing of each other: \`${name}\` fires twice, or although it was disarmed, and sees only what its partition has.`,
    ],
    advice: `Arm it with a key, \`${name}.set(milliseconds, key)\`, and take the key in its handler; or leave its handlers in a component that is not partitioned.`,
  };
}

function keylessReason({ protocol, role }: Spreading, access: StateAccess): KeyReason {
  const { field } = access.cell;
  return {
    code: "RVN301",
    because: `${quoteAccess(protocol, access)} in \`${access.handler}\` ${verbOf(access)} \`${field}\`, which has no key: there is one of it for the whole node, and there would be one for each partition.`,
    span: access.span,
    scenario: [
      `${exampleRun(role, access)} runs on partition 0 and ${verbOf(access)} the \`${field}\` of partition 0.`,
      `\`${access.handler}\` for another key runs on partition 1, whose \`${field}\` is still what it was at the start: both see the same value.`,
    ],
    advice: `Move the handlers that use \`${field}\` to a component that is not partitioned, or keep \`${field}\` per key, in a \`Map\`.`,
  };
}

function wholeReason({ protocol, role }: Spreading, access: StateAccess, keyed: StateAccess): KeyReason {
  const { field } = access.cell;
  return {
    code: "RVN302",
    because: `${quoteAccess(protocol, access)} in \`${access.handler}\` ${verbOf(access)} all of \`${field}\` at once, and each partition has only its part.`,
    span: access.span,
    related: [{ message: `Elsewhere one entry of \`${field}\` is meant, by its key.`, span: keyed.span }],
    scenario: [
      `${exampleRun(role, keyed)} changes ${exampleCell(findHandler(role, keyed.handler), keyed.cell)} on partition 1.`,
      `\`${access.handler}\` runs on partition 0, where that entry does not exist: what it sees was never true of the node.`,
    ],
    advice: `Leave \`${access.handler}\` out of the partitioned component together with \`${field}\`, or let it ask for one entry by its key.`,
  };
}

function twoKeysReason(
  { protocol, role }: Spreading,
  { access, key, other }: Extract<Obstacle, { kind: "two-keys" }>,
): KeyReason {
  const handler = findHandler(role, access.handler);
  return {
    code: "RVN303",
    because: `\`${access.handler}\` touches the state of two keys: ${quoteAccess(protocol, access)} is keyed by \`${printIn(handler, key)}\`, ${quoteAccess(protocol, other)} is not.`,
    span: access.span,
    related: [{ message: "This is the state of another key.", span: other.span }],
    scenario: [
      `\`${access.handler}\` touches ${exampleCell(handler, other.cell)} and ${exampleCell(handler, access.cell)}, and runs on the partition of the first.`,
      `${exampleCell(handler, access.cell)} is kept by another partition: what is changed here, the messages for ${exampleOf(handler, key)} never see.`,
    ],
    advice: "Key all of the state that one message touches by one column, or split the message into one for each key.",
  };
}

function otherKeyReason({ protocol, role }: Spreading, obstacle: Extract<Obstacle, { kind: "other-key" }>): KeyReason {
  const { access, key, wanted, other } = obstacle;
  const handler = findHandler(role, access.handler);
  const { field } = access.cell;
  return {
    code: "RVN304",
    because: `${quoteAccess(protocol, access)} in \`${access.handler}\` is keyed by \`${printIn(handler, key)}\`, and the messages would be routed by \`${printIn(handler, wanted)}\`.`,
    span: access.span,
    related: other === undefined ? [] : [{ message: `\`${other.handler}\` uses \`${field}\` here.`, span: other.span }],
    scenario: [
      `Two messages for ${exampleCell(handler, access.cell)} have different values of \`${printIn(handler, wanted)}\`, so they go to two partitions.`,
      `Each finds a \`${field}\` without what the other did there: what belongs together never meets.`,
    ],
    advice: `Partition by \`${key.kind === "payload" || key.kind === "sender" ? printKey(key) : printTerm(key)}\`, if every access allows that, or key \`${field}\` by \`${printIn(handler, wanted)}\`.`,
  };
}

function timerReason({ protocol }: Spreading, access: StateAccess, other: StateAccess | undefined): KeyReason {
  const { field } = access.cell;
  return {
    code: "RVN314",
    because: `\`${access.handler}\` has no message, hence no key, and ${quoteAccess(protocol, access)} ${verbOf(access)} \`${field}\`, which is spread. It runs on the first partition only.`,
    span: access.span,
    related:
      other === undefined
        ? []
        : [{ message: `\`${other.handler}\` uses \`${field}\` too, on any partition.`, span: other.span }],
    scenario: [
      `\`${access.handler}\` runs on partition 0.`,
      `What \`${field}\` holds on partition 1 it never sees: there nothing expires, is retried, or gets its first value.`,
    ],
    advice: `Leave \`${field}\` and the handlers that use it in a component that is not partitioned.`,
  };
}

type Computed = Extract<Obstacle, { kind: "derived" | "from-state" | "per-element" | "constant" | "unknown" }>;

function computedReason({ protocol, role }: Spreading, { kind, access, key }: Computed): KeyReason {
  const { field } = access.cell;
  const handler = findHandler(role, access.handler);
  const expression = quoteAccess(protocol, access);
  const related: readonly Related[] =
    handler === undefined ? [] : [{ message: `The message of \`${access.handler}\`.`, span: handler.nameSpan }];
  const common = { span: access.span, related };
  const columns = columnsBehind(key);
  const sources = names(columns.map((column) => printIn(handler, column)));
  switch (kind) {
    case "derived":
      return {
        ...common,
        code: "RVN306",
        because: `${expression} in \`${access.handler}\` is keyed by a value that is computed from ${sources}, and not by a column as it arrives.`,
        scenario: derivedScenario(
          field,
          key,
          columns.map((column) => printIn(handler, column)),
        ),
        advice: derivedAdvice(field, key),
      };
    case "from-state":
      return {
        ...common,
        code: "RVN307",
        because: `the key of ${expression} in \`${access.handler}\` is read from state${inBrackets(key)}, and the senders, who choose the partition, do not know it.`,
        scenario: [
          `\`${access.handler}\` is sent to some partition; only there it turns out which entry of \`${field}\` it is about.`,
          "That entry is kept by another partition.",
        ],
        advice:
          "Let the message carry the key, and use that. The senders then need it too, and it has to agree with what the state says.",
      };
    case "per-element":
      return {
        ...common,
        code: "RVN308",
        because: `${expression} in \`${access.handler}\` touches one entry of \`${field}\` for each element of a list${inBrackets(key)}, and the entries are on several partitions.`,
        scenario: [
          `One message names x1 and x2; \`${access.handler}\` runs on the partition of one of them.`,
          `There the entry of the other does not exist: two such messages can both take the last of what \`${field}\` counts.`,
        ],
        advice:
          "Send one message for each element, if they need not succeed or fail together; otherwise do not partition.",
      };
    case "constant":
      return {
        ...common,
        code: "RVN301",
        because: `${expression} in \`${access.handler}\` ${verbOf(access)} an entry of \`${field}\` that does not depend on the message${inBrackets(key)}: there is one of it for the whole node.`,
        scenario: [
          `\`${access.handler}\` runs on partition 0 and ${verbOf(access)} the entry there; for another key it runs on partition 1, which has an entry of its own.`,
          "The two never agree.",
        ],
        advice: `Move the handlers that use it to a component that is not partitioned, or keep it per key.`,
      };
    case "unknown":
      return {
        ...common,
        code: "RVN315",
        because: `the key of ${expression} in \`${access.handler}\` is not understood.`,
        scenario: [`It may name any entry of \`${field}\`, also one that another partition keeps.`],
        advice: "Take the key from the message as it stands.",
      };
  }
}

/** A key as people would write it, where that says more than it hides. */
function inBrackets(key: Term): string {
  const text = printTerm(key);
  return text.length > 40 || text.includes("mix(") ? "" : ` (\`${text}\`)`;
}

/** What senders can compute too may be what is routed by. */
function derivedAdvice(field: string, key: Term): string {
  const hidden = isKeyTerm(key) ? [...new Set(unexportedIn(key).map(({ name }) => name))] : [];
  if (isKeyTerm(key) && hidden.length > 0) {
    return `Export ${names(hidden)}: then senders can compute \`${printKey(key)}\`, and it may be partitioned by that. Or let the message carry the key as a column of its own.`;
  }
  const mend = `Let the message carry the key as a column of its own and key \`${field}\` by that, or use nested maps.`;
  return isKeyTerm(key) && isPrintable(key)
    ? `Partition by \`${printKey(key)}\`, which senders can compute, if every access allows that. Or let the message carry the key as a column of its own.`
    : `${mend} What an exported function computes from the columns may be routed by too, since senders can compute it.`;
}

function derivedScenario(field: string, key: Term, columns: readonly string[]): readonly string[] {
  // What is injective gives every column a key of its own: nothing would go wrong, it is only not decided here.
  if (key.kind === "pure" && key.injective) return [];
  const collision =
    columns.length > 1
      ? `Two messages differ in ${names(columns, "or")} and give one key: "a" and "bc" joined are "ab" and "c" joined.`
      : `Two messages differ in ${names(columns)}, and what is computed from them is one key.`;
  return [collision, `They are routed to two partitions, so one entry of \`${field}\` exists twice.`];
}

function coercedReason({ access, types }: Extract<Obstacle, { kind: "coerced" }>): KeyReason {
  const { field } = access.cell;
  return {
    code: "RVN309",
    because: `\`${field}\` may make strings of its keys, and they have the type ${list(
      types.map((type) => `\`${type}\``),
      "or",
    )}: keys that differ may be one entry.`,
    span: access.span,
    scenario: [
      `One message has the key 1, another the key "1"; they go to two partitions.`,
      `In a plain object both are the entry "1" of \`${field}\`, which now exists twice.`,
    ],
    advice: `Make \`${field}\` a \`Map\` or a \`Set\`, or give the column the type \`string\` everywhere.`,
  };
}

function wantedBy(obstacle: Obstacle): string | undefined {
  switch (obstacle.kind) {
    case "column":
      return isForwarded(obstacle.key) ? undefined : printKey(obstacle.key);
    case "out-of-reach":
      return printKey(obstacle.key);
    case "other-key":
    case "composite":
    case "other-function":
    case "unreliable":
    case "owner-unknown":
      return printKey(obstacle.wanted);
    case "derived":
    case "from-state":
    case "per-element":
    case "constant":
    case "unknown":
      return obstacle.wanted === undefined ? undefined : printKey(obstacle.wanted);
    case "timer":
    case "keyless":
    case "whole":
    case "two-keys":
    case "coerced":
    case "recovery":
      return undefined;
  }
}
