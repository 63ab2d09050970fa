/** A key that is given as a function of the message and its sender, as terms. */
import type { ArrowFunction, ClassDeclaration, FunctionExpression, Node } from "ts-morph";
import { HALVES } from "../../model/halves.ts";
import type { Span } from "../../model/span.ts";
import type { Term } from "../../model/term.ts";
import { LoweringContext } from "./context.ts";
import { createInterpreter } from "./createInterpreter.ts";
import { data, termOf, type Value } from "./values.ts";

export interface LoweredKey {
  /** The parts of the tuple that it returns, or the one value. */
  readonly parts: readonly Term[];
  /** What keeps senders from evaluating it. */
  readonly problems: readonly { readonly why: string; readonly span: Span }[];
}

/** @param owner The class that the plan is for. */
export function lowerKey(
  key: ArrowFunction | FunctionExpression,
  owner: ClassDeclaration,
  spanOf: (node: Node) => Span,
): LoweredKey {
  const context = new LoweringContext(owner, new Map(), [], undefined, spanOf);
  const interpreter = createInterpreter(context);
  const message = data({ kind: "payload", path: [] });
  const sender: Value = { kind: "ref", destination: { kind: "reply" }, roles: [], id: { kind: "sender" } };
  const callee = { name: "the key", node: key, outer: undefined, helper: undefined, repeated: false };
  const value = interpreter.execute(callee, [message, sender], key);
  const isTuple =
    value.kind === "fresh" &&
    value.object.is === "array" &&
    value.object.parts.length === 0 &&
    value.object.spreads.length === 0;
  const values = isTuple ? [...value.object.fields.values()] : [value];
  const parts = values.map((part) => (part.kind === "fresh" ? termOf(part) : interpreter.observe(part, key)));
  const { effects, throws, notUnderstood } = context.collected();
  return {
    parts,
    problems: [
      ...notUnderstood,
      ...effects.map(({ span }) => ({ why: "a key only computes a value: it sends and changes nothing", span })),
      // Half a character cannot be sent, but it can be hashed.
      ...throws
        .filter(({ why }) => why !== HALVES)
        .map(({ why, span }) => ({ why: `${why}, and a sender must not fail`, span })),
    ],
  };
}
