/** Why a message cannot be routed by a column: it is not there, not always there, or not a key. */
import { inferMessageFlow, sendersOf, type Sender } from "../../analysis/inferMessageFlow.ts";
import type { KeyObstacle } from "../../analysis/keys/keyObstacles.ts";
import { isForwarded } from "../../analysis/projectComponent.ts";
import { printKey, routableKeys, type ColumnFlaw } from "../../analysis/keys/keyTerms.ts";
import { list, names } from "../../analysis/quote.ts";
import type { Related } from "../../diagnostics/finding.ts";
import { findHandler } from "../../model/protocol.ts";
import type { Span } from "../../model/span.ts";
import type { KeyReason } from "./keyRefusals.ts";
import type { Spreading } from "../rule.ts";
import { quoteAccess, verbOf } from "./wording.ts";

export function columnReason(step: Spreading, obstacle: Extract<KeyObstacle, { kind: "column" }>): KeyReason {
  const { role } = step;
  const { key, flaw, access } = obstacle;
  const handler = findHandler(role, obstacle.handler);
  const span = handler?.payload?.span ?? handler?.nameSpan ?? role.nameSpan;
  const name = printKey(key);
  switch (flaw.kind) {
    case "missing":
      return isForwarded(key) ? forwarded(step, obstacle) : missing(step, obstacle);
    case "not-a-key":
      return {
        code: "RVN310",
        because: `\`${name}\` of \`${obstacle.handler}\` has type \`${flaw.type}\`; only strings, numbers, bigints and booleans are keys.`,
        span,
        scenario: [
          "Two messages carry objects that look alike and are two objects: whether they are one key is not defined.",
        ],
        advice: `Partition by a column of \`${name}\` (\`${name}.id\`, for instance), or by another column.`,
      };
    case "optional":
      return {
        code: "RVN311",
        because: `\`${name}\` of \`${obstacle.handler}\` may be missing, and a message without it has no key.`,
        span,
        ...(access === undefined
          ? {}
          : { related: [{ message: `\`${obstacle.handler}\` ${verbOf(access)} state here.`, span: access.span }] }),
        scenario: [`A message without \`${name}\` arrives: which partition keeps what it is about is not known.`],
        advice: `Make \`${name}\` a column that is always there, or handle messages without it in a handler of their own.`,
      };
    case "unexported":
    case "throws":
    case "not-computable":
      return unevaluable(obstacle, flaw, span, name);
  }
}

/** The senders would have to evaluate a function, and cannot. */
function unevaluable(
  { handler, access }: Extract<KeyObstacle, { kind: "column" }>,
  flaw: Extract<ColumnFlaw, { readonly kind: "unexported" | "throws" | "not-computable" }>,
  span: Span,
  name: string,
): KeyReason {
  const common = {
    code: "RVN320",
    span: access?.span ?? span,
    related: [{ message: `The message of \`${handler}\`.`, span }],
  } as const;
  switch (flaw.kind) {
    case "unexported": {
      const functions = names([...new Set(flaw.functions)]);
      return {
        ...common,
        because: `the senders of \`${handler}\` would have to compute \`${name}\`, and ${functions} ${flaw.functions.length === 1 ? "is" : "are"} not exported.`,
        scenario: [
          `A sender writes a message to \`${handler}\`; what decides its partition is known to the receiver alone.`,
        ],
        advice: `Export ${functions}.`,
      };
    }
    case "throws":
      return {
        ...common,
        because: `the senders of \`${handler}\` would have to compute \`${name}\`, which may throw, or not come to an end.`,
        related: [...common.related, { message: "Here it may fail.", span: flaw.span }],
        scenario: [
          `A message comes for which \`${name}\` fails: as written, \`${handler}\` fails, and its sender knows nothing of it.`,
          "Computed by the sender, it is the sender that fails, and all that it did for another message is undone.",
        ],
        advice: `Give a result for every argument; or wrap the function in \`pure\`, which promises that it has one.`,
      };
    case "not-computable":
      return {
        ...common,
        because: `the senders of \`${handler}\` would have to compute \`${name}\`, and it is not known that they can, and always get the same.`,
        scenario: [`A sender writes a message to \`${handler}\`, and does not know its partition.`],
        advice: `Let the message carry \`${name}\` as a column, or compute it by an exported function that is wrapped in \`pure\`.`,
      };
  }
}

/** Names who would have to send the column, and does not promise that sending it is enough. */
function missing(
  { protocol, role }: Spreading,
  { handler: name, key, access }: Extract<KeyObstacle, { kind: "column" }>,
): KeyReason {
  const handler = findHandler(role, name);
  const column = printKey(key);
  const senders = sendersOf(inferMessageFlow(protocol), role.name, name);
  const columns = handler === undefined ? [] : routableKeys(handler).filter(({ kind }) => kind === "payload");
  const has = columns.length === 0 ? "no column to route by" : `only ${names(columns.map(printKey))}`;
  const related: readonly Related[] = [
    ...(access === undefined
      ? []
      : [
          {
            message: `\`${name}\` ${verbOf(access)} \`${access.cell.field}\` here, so it has to find the right partition.`,
            span: access.span,
          },
        ]),
    ...senders
      .filter(({ kind }) => kind === "send")
      .map((sender) => ({
        message: `${describeSender(sender)} sends it here, without \`${column}\`.`,
        span: sender.span,
      })),
  ];
  const who = [...new Set(senders.map(describeSender))];
  const state =
    access === undefined
      ? "the state that it touches"
      : `\`${access.cell.field}\` (in ${quoteAccess(protocol, access)})`;
  return {
    code: "RVN305",
    because: `messages to \`${name}\` have ${has}, not \`${column}\`.`,
    span: handler?.payload?.span ?? handler?.nameSpan ?? role.nameSpan,
    related,
    scenario: [
      `A message arrives for \`${name}\`; without \`${column}\` its sender can only guess a partition.`,
      "On a wrong one the state that it is about does not exist.",
    ],
    advice:
      `Add \`${column}\` to the message: ${who.length === 0 ? "its senders" : list(who)} would have to send it, and \`${name}\` to use it as the key of ${state}. ` +
      "It must always agree with what the state is kept under.",
  };
}

/** The state is kept under something that the handler finds out before it forwards, and forwards go by columns. */
function forwarded(
  { component, protocol, fragments, original }: Spreading,
  { handler: name, access }: Extract<KeyObstacle, { kind: "column" }>,
): KeyReason {
  const forward = fragments.find((one) => one.name === name);
  const handler = findHandler(original, forward?.handler ?? name);
  const place = access === undefined ? "the state" : quoteAccess(protocol, access);
  const message = `\`${handler?.name ?? name}\``;
  return {
    code: "RVN307",
    because: `${place} is keyed by what ${message} reads from state before it forwards the rest to \`${component}\`, and forwards are routed by what is in the message.`,
    span: access?.span ?? handler?.nameSpan ?? original.nameSpan,
    related: handler === undefined ? [] : [{ message: `The message of ${message}.`, span: handler.nameSpan }],
    scenario: [
      `${message} finds out which entry is meant; the rest of it runs on a partition that was chosen by the message alone.`,
      "That entry is kept by another partition.",
    ],
    advice: `Let the message of ${message} carry the key, and use that here: it has to agree with what the state says. Or let ${message} send the key in a message of its own, to a role that is partitioned by it. Or leave out \`into\`.`,
  };
}

function describeSender(sender: Sender): string {
  switch (sender.kind) {
    case "external":
      return `\`${sender.role}\``;
    case "send":
    case "unknown":
      return `\`${sender.role}.${sender.handler}\``;
  }
}
