/** Why keys that are functions of columns do not agree: what they are, and what is missing. */
import type { PartFlaw } from "../../analysis/dependencies/compoundKeys.ts";
import type { UnreliableEquation } from "../../analysis/dependencies/keyScope.ts";
import type { Sender } from "../../analysis/inferMessageFlow.ts";
import type { KeyObstacle } from "../../analysis/keys/keyObstacles.ts";
import { isKeyTerm, printKey } from "../../analysis/keys/keyTerms.ts";
import { list } from "../../analysis/quote.ts";
import { findHandler } from "../../model/protocol.ts";
import { printTerm, type Term } from "../../model/term.ts";
import type { Spreading } from "../rule.ts";
import type { KeyReason } from "./keyRefusals.ts";
import { quoteAccess } from "./wording.ts";

type FunctionObstacle = Extract<
  KeyObstacle,
  { readonly kind: "composite" | "other-function" | "unreliable" | "owner-unknown" }
>;

export function functionReason(step: Spreading, obstacle: FunctionObstacle): KeyReason {
  switch (obstacle.kind) {
    case "composite":
      return compositeReason(step, obstacle);
    case "other-function":
      return otherFunctionReason(step, obstacle);
    case "unreliable":
      return unreliableReason(step, obstacle);
    case "owner-unknown":
      return ownerReason(step, obstacle);
  }
}

function compositeReason(
  { protocol }: Spreading,
  { access, key, wanted, flaw }: Extract<FunctionObstacle, { kind: "composite" }>,
): KeyReason {
  const { field } = access.cell;
  const part = printKey(wanted);
  return {
    code: "RVN321",
    because: `${quoteAccess(protocol, access)} in \`${access.handler}\` is keyed by \`${print(key)}\`, from which \`${part}\` cannot be told: ${whyNotTold(flaw)}.`,
    span: access.span,
    scenario: [
      `Two messages differ in \`${part}\`, and what is put together from their columns is one key: ${exampleOf(flaw)}.`,
      `They are routed to two partitions, so one entry of \`${field}\` exists twice.`,
    ],
    advice: `Use nested maps, \`${field}\` by \`${part}\` and then by the rest; or partition by \`${print(key)}\` as a whole, if every access allows that.${mendOf(flaw)}`,
  };
}

function whyNotTold(flaw: PartFlaw): string {
  switch (flaw) {
    case "two-texts":
      return "more than one of its parts may be any text, so where one ends is not certain";
    case "no-separator":
      return "what stands between its parts could belong to one of them";
    case "type":
      return "the text does not say whether it was a number, a text or something else";
    case "number-in-json":
      return "JSON writes Infinity and -Infinity both as null";
  }
}

function exampleOf(flaw: PartFlaw): string {
  switch (flaw) {
    case "two-texts":
      return '"a" and "bc" joined are "ab" and "c" joined';
    case "no-separator":
      return "1 and 23 joined are 12 and 3 joined";
    case "type":
      return '1 and "1" are the same text';
    case "number-in-json":
      return "Infinity and -Infinity are the same text";
  }
}

function mendOf(flaw: PartFlaw): string {
  switch (flaw) {
    case "two-texts":
      return " `JSON.stringify([a, b])` keeps texts apart.";
    case "no-separator":
      return " A separator that no number has, such as `/`, keeps numbers apart.";
    case "number-in-json":
      return " A template with a separator keeps numbers apart.";
    case "type":
      return "";
  }
}

function otherFunctionReason(
  { protocol }: Spreading,
  { access, key, wanted, other }: Extract<FunctionObstacle, { kind: "other-function" }>,
): KeyReason {
  const { field } = access.cell;
  return {
    code: "RVN322",
    because: `${quoteAccess(protocol, access)} in \`${access.handler}\` is keyed by \`${print(key)}\`, and the messages would be routed by \`${printKey(wanted)}\`, which is another function, or of something else.`,
    span: access.span,
    related: other === undefined ? [] : [{ message: `\`${other.handler}\` uses \`${field}\` here.`, span: other.span }],
    scenario: [
      `Two messages have one value of \`${print(key)}\`, and two of \`${printKey(wanted)}\`: they go to two partitions.`,
      `Each finds a \`${field}\` without what the other did there.`,
    ],
    advice: `Key all that one message touches by one function of the same columns, and partition by that.`,
  };
}

function unreliableReason(
  step: Spreading,
  { access, key, wanted, equation }: Extract<FunctionObstacle, { kind: "unreliable" }>,
): KeyReason {
  const { protocol } = step;
  const { field } = access.cell;
  const place = `${quoteAccess(protocol, access)} in \`${access.handler}\` is keyed by \`${print(key)}\`, and the messages would be routed by \`${printKey(wanted)}\``;
  if (equation.why.kind === "rests") return restsReason(step, place, access, equation.why);
  const { by } = equation.why;
  const known = `\`${print(equation.of)}\` is \`${print(equation.is)}\``;
  return {
    code: "RVN323",
    because: `${place}. That would do if ${known} in every message, and ${describeSender(by)} does not see to that.`,
    span: access.span,
    related: [{ message: `Here nothing says that ${known}.`, span: by.span }],
    scenario: [
      `${describeSender(by)} sends a message in which \`${print(equation.of)}\` is something else.`,
      `It is routed to another partition than the entry of \`${field}\` that it is about.`,
    ],
    advice: `Let every sender compute \`${print(equation.of)}\` as \`${print(equation.is)}\`; or let \`${access.handler}\` compute it, and partition by the function.${
      by.kind === "external" ? ` If no client sends it, say who does: \`from: Ref<…>\`.` : ""
    }`,
  };
}

function restsReason(
  { component, role }: Spreading,
  place: string,
  access: FunctionObstacle["access"],
  { from, to, path }: Extract<UnreliableEquation["why"], { kind: "rests" }>,
): KeyReason {
  const [first] = path;
  const way = list(
    path.map(({ to: target }) => `\`${target.role}.${target.handler}\``),
    "then",
  );
  return {
    code: "RVN324",
    because: `${place}. \`@Determines("${from}", "${to}")\` would allow that, but may be true only as long as \`${component}\` is one: what it sends depends on its state, and leads to such messages (${way}).`,
    span: access.span,
    related: [
      ...(first === undefined
        ? []
        : [{ message: `\`${component}\` sends this, depending on its state.`, span: first.from.span }]),
      { message: "The promise is made here.", span: findHandler(role, access.handler)?.nameSpan ?? access.span },
    ],
    scenario: [
      `Two messages with one \`${from}\` and two values of \`${to}\` are on their way to be decided by \`${component}\`, on two partitions.`,
      `Each partition decides for the one that it has seen: now two messages with one \`${from}\` have two values of \`${to}\`.`,
    ],
    advice: `Partition by \`${from}\`, or by something that does not rest on what \`${component}\` decides.`,
  };
}

function ownerReason(
  { protocol }: Spreading,
  { access, wanted }: Extract<FunctionObstacle, { kind: "owner-unknown" }>,
): KeyReason {
  const { field } = access.cell;
  return {
    code: "RVN325",
    because: `\`${field}\` is durable, and from the key of ${quoteAccess(protocol, access)} in \`${access.handler}\` nobody can compute \`${printKey(wanted)}\`, so entries could not be found, or moved, on storage.`,
    span: access.span,
    scenario: [
      `The number of partitions is changed: every entry of \`${field}\` has to go to the partition of its \`${printKey(wanted)}\`, which its key does not tell.`,
    ],
    advice: `Keep \`${field}\` under \`${printKey(wanted)}\` first, in nested maps; or do not make it durable.`,
  };
}

function describeSender(sender: Sender): string {
  return sender.kind === "external" ? `\`${sender.role}\`` : `\`${sender.role}.${sender.handler}\``;
}

function print(term: Term): string {
  return isKeyTerm(term) ? printKey(term) : printTerm(term);
}
