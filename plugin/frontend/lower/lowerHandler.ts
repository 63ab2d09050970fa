import { Node, type ClassDeclaration, type MethodDeclaration } from "ts-morph";
import type { HandlerBody } from "../../model/effect.ts";
import type { Span } from "../../model/span.ts";
import { LoweringContext } from "./context.ts";
import { createInterpreter } from "./createInterpreter.ts";
import type { FieldFacts } from "./fieldFacts.ts";
import { forgetWritten, type ForgetConditions } from "./forgetting.ts";
import { Frame } from "./frames.ts";
import type { Term } from "../../model/term.ts";
import { describeRegion } from "./regions.ts";
import { executeStatements } from "./statements.ts";
import { bindPattern } from "./bindings.ts";
import type { Value } from "./values.ts";

export interface HandlerSource {
  readonly owner: ClassDeclaration;
  readonly method: MethodDeclaration;
  readonly fields: ReadonlyMap<string, FieldFacts>;
  readonly forgets: ForgetConditions;
  /** The roles that may send the message, from the type of `from`. */
  readonly senderRoles: readonly string[];
  /** What the first parameter is: the message, or the key of the timer that fired. */
  readonly first: "payload" | "timerKey";
  /** Members that the handler uses, through helpers too. */
  readonly members: readonly string[];
}

/**
 * Lowers a handler to effects, by executing it symbolically: private helpers and callbacks are executed in place,
 * both sides of every branch under its condition, loops as any one of their turns. What the execution does not follow
 * is in `notUnderstood`, and then the effects say nothing about what the handler does not do.
 */
export function lowerHandler(source: HandlerSource, spanOf: (node: Node) => Span): HandlerBody {
  const { method } = source;
  const [payload, sender] = method.getParameters();
  const payloadName = payload?.getNameNode();
  const payloadSymbol =
    source.first === "payload" && Node.isIdentifier(payloadName) ? payloadName.getSymbol()?.compilerSymbol : undefined;
  const context = new LoweringContext(source.owner, source.fields, source.senderRoles, payloadSymbol, spanOf);
  const interpreter = createInterpreter(context);
  const frame = new Frame(undefined);
  const given: Term = source.first === "payload" ? { kind: "payload", path: [] } : { kind: "timerKey" };
  if (payload !== undefined) bindPattern(interpreter, payload.getNameNode(), { kind: "data", term: given }, frame);
  if (sender !== undefined) {
    const from: Value = {
      kind: "ref",
      destination: { kind: "reply" },
      roles: source.senderRoles,
      id: { kind: "sender" },
    };
    bindPattern(interpreter, sender.getNameNode(), from, frame);
  }
  const mark = context.mark();
  const body = method.getBody();
  if (method.isAsync() || method.isGenerator()) {
    context.giveUp("an asynchronous handler: a handler runs to completion on one message", method.getNameNode());
  }
  const outcome = Node.isBlock(body)
    ? executeStatements(interpreter, body.getStatements(), frame)
    : { regions: [], exits: [], leaves: false };
  const root = describeRegion(interpreter, "block", body ?? method, mark, {
    children: outcome.regions,
    helper: undefined,
    uses: [],
    exits: false,
    expressions: [],
  });
  forgetWritten(interpreter, source.forgets);
  return { ...context.collected(), root, members: source.members };
}
