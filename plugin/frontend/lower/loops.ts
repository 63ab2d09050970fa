import {
  Node,
  type DoStatement,
  type Expression,
  type ForInStatement,
  type ForOfStatement,
  type ForStatement,
  type Statement,
  type WhileStatement,
} from "ts-morph";
import type { Region } from "../../model/effect.ts";
import type { Term } from "../../model/term.ts";
import { bindPattern, namesOf } from "./bindings.ts";
import { endsForCertain } from "./endlessLoops.ts";
import type { Frame } from "./frames.ts";
import type { Interpreter } from "./interpreter.ts";
import { iterate } from "./iteration.ts";
import type { Exit, Outcome, Returned } from "./statements.ts";
import { data, pure, UNDEFINED } from "./values.ts";
import { widenAssigned } from "./widening.ts";

export type LoopStatement = ForOfStatement | ForInStatement | ForStatement | WhileStatement | DoStatement;

export interface LoopOutcome {
  readonly children: readonly Region[];
  readonly expressions: readonly Expression[];
  readonly declares: readonly string[];
  readonly leaves: boolean;
  readonly exits: readonly Exit[];
  readonly returned: readonly Returned[];
}

/**
 * Executes a loop's body once, as any one of its turns: variables that it assigns have a value mixed from all turns,
 * and a turn happens only when no earlier one has left the loop.
 */
export function executeLoop(
  interpreter: Interpreter,
  loop: LoopStatement,
  frame: Frame,
  executeBody: (body: Statement) => Outcome,
): LoopOutcome {
  const { context } = interpreter;
  const expressions: Expression[] = [];
  const declares: string[] = [];
  if (Node.isForStatement(loop)) {
    const initializer = loop.getInitializer();
    if (Node.isVariableDeclarationList(initializer)) {
      for (const declaration of initializer.getDeclarations()) {
        const first = declaration.getInitializer();
        declares.push(...namesOf(declaration.getNameNode()));
        bindPattern(
          interpreter,
          declaration.getNameNode(),
          first === undefined ? UNDEFINED : interpreter.evaluate(first, frame),
          frame,
        );
        if (first !== undefined) expressions.push(first);
      }
    } else if (initializer !== undefined) interpreter.evaluate(initializer, frame);
  }
  const isOfModule = loop.getFirstAncestor((ancestor) => Node.isClassDeclaration(ancestor)) === undefined;
  if (isOfModule && !endsForCertain(loop)) context.mayThrow("this loop may never end", loop);
  if (Node.isForOfStatement(loop) && loop.isAwaited())
    context.giveUp("`for await`: a handler runs to completion on one message", loop);

  const turn = (left: readonly Term[]): Outcome => context.inTurn(() => oneTurn(left));
  const oneTurn = (left: readonly Term[]): Outcome => {
    const header = enterTurn(interpreter, loop, frame, declares);
    if (header.expression !== undefined) expressions.push(header.expression);
    const conditions = [
      ...(header.condition === undefined
        ? []
        : [{ term: header.condition, negated: false, span: context.span(header.expression ?? loop) }]),
      ...left.map((term) => ({ term, negated: true, span: context.span(loop) })),
    ];
    return context.scoped(() => {
      for (const condition of conditions) context.addGuard(condition);
      const outcome = executeBody(loop.getStatement());
      const step = Node.isForStatement(loop) ? loop.getIncrementor() : undefined;
      if (step !== undefined) interpreter.evaluate(step, frame);
      return outcome;
    });
  };

  const left: Term[] = [];
  const mark = context.mark();
  const before = frame.save();
  const rehearsal = turn(left);
  context.rewind(mark);
  widenAssigned(interpreter, loop, frame, before);
  for (const exit of rehearsal.exits)
    if (exit.breaks) left.push({ kind: "mixed", inputs: [exit.when], why: "an earlier turn", span: exit.span });
  expressions.length = Node.isForStatement(loop) ? Math.min(expressions.length, declares.length) : 0;
  const outcome = turn(left);
  widenAssigned(interpreter, loop, frame, before);

  const out = outcome.exits.filter((exit) => exit.target === "function");
  return {
    children: outcome.regions,
    expressions,
    declares,
    leaves: false,
    exits: out,
    returned: outcome.returned.map((one) => ({ ...one, when: pure("in a turn", [one.when]) })),
  };
}

/** Evaluates what decides about a turn, and binds the loop's variable. */
function enterTurn(
  interpreter: Interpreter,
  loop: LoopStatement,
  frame: Frame,
  declares: string[],
): { readonly condition: Term | undefined; readonly expression: Expression | undefined } {
  const { context } = interpreter;
  if (Node.isForOfStatement(loop) || Node.isForInStatement(loop)) {
    const expression = loop.getExpression();
    const collection = interpreter.evaluate(expression, frame);
    const iteration = Node.isForOfStatement(loop)
      ? iterate(interpreter, collection, "order", loop.getExpression())
      : {
          over: interpreter.observe(collection, expression),
          fixed: false,
          item: data(pure("key", [interpreter.observe(collection, expression)])),
        };
    const initializer = loop.getInitializer();
    if (Node.isVariableDeclarationList(initializer)) {
      const [declaration] = initializer.getDeclarations();
      if (declaration !== undefined) {
        declares.splice(0, declares.length, ...namesOf(declaration.getNameNode()));
        bindPattern(interpreter, declaration.getNameNode(), iteration.item, frame);
      }
    } else context.giveUp("a loop that assigns a variable declared elsewhere", loop);
    return { condition: iteration.fixed ? undefined : iteration.over, expression };
  }
  const expression = Node.isForStatement(loop) ? loop.getCondition() : loop.getExpression();
  if (expression === undefined) return { condition: undefined, expression: undefined };
  return { condition: interpreter.observe(interpreter.evaluate(expression, frame), expression), expression };
}
