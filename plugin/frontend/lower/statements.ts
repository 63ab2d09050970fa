import {
  Node,
  VariableDeclarationKind,
  type Expression,
  type IfStatement,
  type Statement,
  type SwitchStatement,
} from "ts-morph";
import type { Condition, Region } from "../../model/effect.ts";
import type { Span } from "../../model/span.ts";
import type { Term } from "../../model/term.ts";
import { bindPattern, namesOf } from "./bindings.ts";
import type { Frame } from "./frames.ts";
import type { Interpreter } from "./interpreter.ts";
import { mayBeObject } from "./identity.ts";
import { executeLoop } from "./loops.ts";
import { describeRegion, localUses } from "./regions.ts";
import { pure, termOf, UNDEFINED, type Value } from "./values.ts";

/** A way out of a statement: to the end of the function, or of the loop around it. */
export interface Exit {
  /** When it is taken, relative to the statement. */
  readonly when: Term;
  readonly span: Span;
  readonly target: "function" | "loop";
  readonly breaks: boolean;
  /** The function has a result. */
  readonly carries?: boolean;
}

/** A value that the function may return, and when. */
export interface Returned {
  readonly value: Value;
  readonly when: Term;
}

/** What executing statements led to. */
export interface Outcome {
  readonly regions: readonly Region[];
  /** Control never comes out at the end. */
  readonly leaves: boolean;
  readonly exits: readonly Exit[];
  readonly returned: readonly Returned[];
}

const ALWAYS: Term = { kind: "literal", value: true };
const CONTINUES = { leaves: false, exits: [], returned: [] } as const;

/** Executes statements in order; what follows a conditional exit happens under the condition that it was not taken. */
export function executeStatements(interpreter: Interpreter, statements: readonly Statement[], frame: Frame): Outcome {
  const regions: Region[] = [];
  const exits: Exit[] = [];
  const returned: Returned[] = [];
  declareFunctions(statements, frame);
  for (const statement of statements) {
    const outcome = executeStatement(interpreter, statement, frame);
    regions.push(...outcome.regions);
    exits.push(...outcome.exits);
    returned.push(...outcome.returned);
    if (outcome.leaves) return { regions, leaves: true, exits, returned };
    for (const exit of outcome.exits) interpreter.context.addGuard({ term: exit.when, negated: true, span: exit.span });
  }
  return { regions, leaves: false, exits, returned };
}

function declareFunctions(statements: readonly Statement[], frame: Frame): void {
  for (const statement of statements) {
    const symbol = Node.isFunctionDeclaration(statement) ? statement.getSymbol() : undefined;
    if (symbol !== undefined) frame.declare(symbol.compilerSymbol, { kind: "closure", node: statement, frame });
  }
}

/** What a kind of statement does, apart from being a region. */
interface Effectless {
  readonly kind: Region["kind"];
  readonly children: readonly Region[];
  readonly expressions: readonly Expression[];
  readonly declares?: readonly string[];
  readonly leaves: boolean;
  readonly exits: readonly Exit[];
  readonly returned: readonly Returned[];
}

function executeStatement(interpreter: Interpreter, statement: Statement, frame: Frame): Outcome {
  const outer = interpreter.inner.regions;
  interpreter.inner.regions = [];
  const mark = interpreter.context.mark();
  const uses = localUses(interpreter, statement, frame);
  const before = frame.save();
  const result = run(interpreter, statement, frame);
  const children = [...interpreter.inner.regions, ...result.children];
  interpreter.inner.regions = outer;
  const region = describeRegion(interpreter, result.kind, statement, mark, {
    children,
    helper: undefined,
    uses,
    exits: result.exits.length > 0 || result.leaves,
    endsFunction: result.exits.every(({ target, carries }) => target === "function" && carries !== true),
    expressions: result.expressions,
    declares: result.declares ?? [],
    before,
  });
  return { regions: [region], leaves: result.leaves, exits: result.exits, returned: result.returned };
}

function run(interpreter: Interpreter, statement: Statement, frame: Frame): Effectless {
  const { context } = interpreter;
  const plain = { kind: "statement", children: [], expressions: [], ...CONTINUES } as const;
  if (Node.isVariableStatement(statement)) {
    const declarations = statement.getDeclarations();
    const expressions: Expression[] = [];
    for (const declaration of declarations) {
      const initializer = declaration.getInitializer();
      if (initializer !== undefined) expressions.push(initializer);
      bindPattern(
        interpreter,
        declaration.getNameNode(),
        initializer === undefined ? UNDEFINED : interpreter.evaluate(initializer, frame),
        frame,
      );
    }
    const kind = statement.getDeclarationKind();
    if (kind === VariableDeclarationKind.Using || kind === VariableDeclarationKind.AwaitUsing) {
      context.giveUp("a `using` declaration", statement);
    }
    return { ...plain, expressions, declares: declarations.flatMap((d) => namesOf(d.getNameNode())) };
  }
  if (Node.isExpressionStatement(statement)) {
    interpreter.evaluate(statement.getExpression(), frame);
    return { ...plain, expressions: [statement.getExpression()] };
  }
  if (Node.isBlock(statement)) {
    const outcome = context.scoped(() => executeStatements(interpreter, statement.getStatements(), frame));
    return {
      kind: "block",
      children: outcome.regions,
      expressions: [],
      leaves: outcome.leaves,
      exits: outcome.exits,
      returned: outcome.returned,
    };
  }
  if (Node.isIfStatement(statement)) return ifStatement(interpreter, statement, frame);
  if (Node.isSwitchStatement(statement)) return switchStatement(interpreter, statement, frame);
  if (
    Node.isForOfStatement(statement) ||
    Node.isForInStatement(statement) ||
    Node.isForStatement(statement) ||
    Node.isWhileStatement(statement) ||
    Node.isDoStatement(statement)
  ) {
    return {
      kind: "loop",
      ...executeLoop(interpreter, statement, frame, (body) =>
        context.scoped(() => executeBody(interpreter, body, frame)),
      ),
    };
  }
  if (Node.isReturnStatement(statement)) {
    const expression = statement.getExpression();
    const { value, regions } =
      expression === undefined ? { value: UNDEFINED, regions: [] } : evaluateReturned(interpreter, expression, frame);
    const carries = expression !== undefined && !expression.getType().isVoid();
    const exit: Exit = { when: ALWAYS, span: context.span(statement), target: "function", breaks: true, carries };
    return {
      ...plain,
      children: regions,
      expressions: expression === undefined ? [] : [expression],
      leaves: true,
      exits: [exit],
      returned: [{ value, when: ALWAYS }],
    };
  }
  if (Node.isThrowStatement(statement)) {
    const expression = statement.getExpression();
    interpreter.evaluate(expression, frame);
    context.mayThrow("this throws, which undoes the whole activation", statement);
    return {
      ...plain,
      expressions: [expression],
      leaves: true,
      exits: [{ when: ALWAYS, span: context.span(statement), target: "function", breaks: true }],
    };
  }
  if (Node.isBreakStatement(statement) || Node.isContinueStatement(statement)) {
    if (statement.getLabel() !== undefined) context.giveUp("a jump to a label", statement);
    return {
      ...plain,
      leaves: true,
      exits: [
        { when: ALWAYS, span: context.span(statement), target: "loop", breaks: Node.isBreakStatement(statement) },
      ],
    };
  }
  if (Node.isFunctionDeclaration(statement)) return { ...plain, declares: [statement.getName() ?? ""] };
  if (
    Node.isEmptyStatement(statement) ||
    Node.isInterfaceDeclaration(statement) ||
    Node.isTypeAliasDeclaration(statement) ||
    Node.isDebuggerStatement(statement)
  )
    return plain;
  // What is inside is executed all the same, so that its sends have names.
  if (Node.isTryStatement(statement)) {
    context.giveUp("a `try` statement (what is done before something is thrown depends on where)", statement);
    const blocks = [statement.getTryBlock(), statement.getCatchClause()?.getBlock(), statement.getFinallyBlock()];
    return {
      ...plain,
      children: blocks.flatMap((block) => (block === undefined ? [] : executeInside(interpreter, block, frame))),
    };
  }
  if (Node.isLabeledStatement(statement)) {
    context.giveUp("a statement with a label", statement);
    return { ...plain, children: executeInside(interpreter, statement.getStatement(), frame) };
  }
  const kind = statement.getKindName().replace(/(?<=[a-z])(?=[A-Z])/g, " ");
  context.giveUp(`this ${kind.toLowerCase()}`, statement);
  return plain;
}

/** What a handler returns by `return from.reply(…)` is nothing, so the send can leave, and the `return` stays. */
function evaluateReturned(
  interpreter: Interpreter,
  expression: Expression,
  frame: Frame,
): { readonly value: Value; readonly regions: readonly Region[] } {
  const { context, inner } = interpreter;
  const mark = context.mark();
  const uses = localUses(interpreter, expression, frame);
  const before = frame.save();
  const value = interpreter.evaluate(expression, frame);
  if (!expression.getType().isVoid() || context.since(mark).effects.length === 0) return { value, regions: [] };
  const children = inner.regions;
  inner.regions = [];
  const parts = { children, helper: undefined, uses, exits: false, expressions: [expression], before };
  return { value, regions: [describeRegion(interpreter, "statement", expression, mark, parts)] };
}

function executeInside(interpreter: Interpreter, body: Statement, frame: Frame): readonly Region[] {
  return interpreter.context.scoped(() => executeBody(interpreter, body, frame)).regions;
}

/** The body of a loop or branch, which may be a single statement. */
function executeBody(interpreter: Interpreter, body: Statement, frame: Frame): Outcome {
  return Node.isBlock(body)
    ? executeStatements(interpreter, body.getStatements(), frame)
    : executeStatement(interpreter, body, frame);
}

function ifStatement(interpreter: Interpreter, statement: IfStatement, frame: Frame): Effectless {
  const { context } = interpreter;
  const expression = statement.getExpression();
  const on = conditionTerm(interpreter, expression, frame);
  const span = context.span(expression);
  const before = frame.save();
  const branch = (body: Statement | undefined, negated: boolean): Outcome =>
    body === undefined
      ? { regions: [], ...CONTINUES }
      : context.under({ term: on, negated, span }, () => context.scoped(() => executeBody(interpreter, body, frame)));
  const yes = branch(statement.getThenStatement(), false);
  const afterYes = frame.save();
  frame.restore(before);
  const no = branch(statement.getElseStatement(), true);
  const afterNo = frame.save();
  if (yes.leaves === no.leaves) {
    frame.merge(on, afterYes, afterNo);
  } else if (no.leaves) {
    frame.restore(afterYes);
    frame.mergeLeft(on, afterNo, leavesLoop(no));
  } else {
    frame.mergeLeft(on, afterYes, leavesLoop(yes));
  }
  return {
    kind: "branch",
    children: [...yes.regions, ...no.regions],
    expressions: [expression],
    leaves: yes.leaves && no.leaves,
    exits: [...yes.exits.map((e) => within(on, e)), ...no.exits.map((e) => within(pure("!", [on]), e))],
    returned: [...yes.returned.map((r) => within(on, r)), ...no.returned.map((r) => within(pure("!", [on]), r))],
  };
}

function leavesLoop({ exits }: Outcome): boolean {
  return exits.some(({ target }) => target === "loop");
}

/** A condition only asks whether a container is there, which reaching it has recorded. */
function conditionTerm(interpreter: Interpreter, expression: Expression, frame: Frame): Term {
  const value = interpreter.evaluate(expression, frame);
  return value.kind === "state" || value.kind === "either" || value.kind === "fresh"
    ? termOf(value)
    : interpreter.observe(value, expression);
}

/** Conjoins the condition of a branch with what happens inside it. */
function within<T extends { readonly when: Term }>(on: Term, inner: T): T {
  return { ...inner, when: inner.when === ALWAYS ? on : pure("&&", [on, inner.when]) };
}

/** Each clause runs under "this case", or, after a clause that falls through, under any of the cases so far. */
function switchStatement(interpreter: Interpreter, statement: SwitchStatement, frame: Frame): Effectless {
  const { context } = interpreter;
  const subject = interpreter.observe(
    interpreter.evaluate(statement.getExpression(), frame),
    statement.getExpression(),
  );
  if (mayBeObject(statement.getExpression().getType())) context.compare(statement.getExpression());
  const clauses = statement.getClauses();
  const tests = clauses.map((clause): Term | undefined =>
    Node.isCaseClause(clause)
      ? pure("===", [subject, interpreter.observe(interpreter.evaluate(clause.getExpression(), frame), clause)])
      : undefined,
  );
  const known = tests.filter((test): test is Term => test !== undefined);
  const children: Region[] = [];
  const exits: Exit[] = [];
  const returned: Returned[] = [];
  const before = frame.save();
  let falling: Term[] = [];
  let leaves = tests.includes(undefined);
  let merged = frame.save();
  clauses.forEach((clause, i) => {
    const own = tests[i] ?? pure("!", [pure("||", known)]);
    const on = falling.length === 0 ? own : pure("||", [...falling, own]);
    const condition: Condition = { term: on, negated: false, span: context.span(clause) };
    if (falling.length === 0) frame.restore(before);
    else frame.merge(on, frame.save(), before);
    const outcome = context.under(condition, () =>
      context.scoped(() => executeStatements(interpreter, clause.getStatements(), frame)),
    );
    children.push(...outcome.regions);
    const out = outcome.exits.filter((exit) => exit.target === "function" || !exit.breaks);
    exits.push(...out.map((exit) => within(on, exit)));
    returned.push(...outcome.returned.map((r) => within(on, r)));
    const breaks = outcome.exits.some((exit) => exit.target === "loop" && exit.breaks);
    if (breaks || !outcome.leaves) leaves = false;
    const after = frame.save();
    frame.merge(on, after, merged);
    merged = frame.save();
    frame.restore(after);
    falling = outcome.leaves ? [] : [...falling, own];
  });
  frame.restore(merged);
  return {
    kind: "branch",
    children,
    expressions: [statement.getExpression()],
    leaves: leaves && clauses.length > 0,
    exits,
    returned,
  };
}
