import { Node, SyntaxKind, type BinaryExpression, type Expression, type IfStatement } from "ts-morph";
import { withoutAssertions } from "../syntax/literalOf.ts";
import { mutationsIn } from "../syntax/mutations.ts";
import { sendAt } from "../syntax/sends.ts";
import { someNode, walk } from "../syntax/walk.ts";
import type { Check, Validator } from "./check.ts";
import { functionBehind, type Origin, type Origins } from "./origins.ts";

/**
 * RVN132: `voters.add(from.id)` and then `if (voters.size === n) decide()`, with nothing that remembers the decision.
 * The slip is natural: the last message, delivered twice, leaves the size as it is and decides again.
 */
export const validateThreshold: Validator = (check) => {
  for (const unit of check.units) {
    walk(unit, (node) => {
      if (Node.isIfStatement(node)) checkIf(node, check);
    });
  }
};

function checkIf(statement: IfStatement, { origins, report }: Check): void {
  const conditions = conjuncts(statement.getExpression());
  for (const condition of conditions) {
    const size = Node.isBinaryExpression(condition) ? comparedSize(condition) : undefined;
    if (size === undefined || !Node.isBinaryExpression(condition)) continue;
    const counted = origins.of(size.getExpression()).filter(({ kind, isCopy }) => kind === "state" && !isCopy);
    const addition = earlierAddition(statement, counted, origins);
    if (addition === undefined) continue;
    const consequences = isInequality(condition) ? afterwards(statement) : [statement.getThenStatement()];
    const others = conditions.filter((other) => other !== condition);
    const bodies = withCalled(consequences);
    const sends = bodies.some((body) => someNode(body, (node) => sendAt(node) !== undefined));
    const remembers = bodies.some((body) =>
      mutationsIn(body).some((mutation) => changesState(mutation.target, origins)),
    );
    if (!sends || remembers || others.some(asksState) || isGuarded(statement)) continue;
    const name = size.getExpression().getText();
    report(
      "RVN132",
      `When a message arrives twice, ${name} does not grow, and ${condition.getText()} comes out the same a second time.`,
      condition,
      {
        related: [{ message: "The second time, this adds nothing.", at: addition }],
      },
    );
  }
}

function conjuncts(condition: Expression): readonly Expression[] {
  const bare = withoutAssertions(condition);
  const isAnd =
    Node.isBinaryExpression(bare) && bare.getOperatorToken().getKind() === SyntaxKind.AmpersandAmpersandToken;
  return isAnd ? [...conjuncts(bare.getLeft()), ...conjuncts(bare.getRight())] : [bare];
}

const EQUALITIES: ReadonlySet<string> = new Set(["===", "==", "!==", "!="]);

function isInequality(comparison: BinaryExpression): boolean {
  return comparison.getOperatorToken().getText().startsWith("!");
}

/** The `voters.size` of `voters.size === n`, on either side. */
function comparedSize(comparison: BinaryExpression): ReturnType<typeof sizeOf> {
  if (!EQUALITIES.has(comparison.getOperatorToken().getText())) return undefined;
  const sides = [comparison.getLeft(), comparison.getRight()];
  if (sides.some((side) => side.getText() === "0")) return undefined; // nothing is empty after an addition
  return sides.map(sizeOf).find((size) => size !== undefined);
}

function sizeOf(expression: Expression) {
  const isSize = Node.isPropertyAccessExpression(expression) && expression.getName() === "size";
  return isSize ? expression : undefined;
}

/** The call that added to the same collection earlier in the same function. */
function earlierAddition(statement: IfStatement, counted: readonly Origin[], origins: Origins): Node | undefined {
  const scope = statement.getFirstAncestor((node) => Node.isFunctionLikeDeclaration(node));
  if (scope === undefined || counted.length === 0) return undefined;
  return mutationsIn(scope).find(({ node, target, what }) => {
    if (!/\.(add|set)$/.test(what) || node.getStart() > statement.getThenStatement().getStart()) return false;
    return origins.of(target).some((origin) => counted.some((other) => isSamePlace(origin, other)));
  })?.node;
}

function isSamePlace(a: Origin, b: Origin): boolean {
  return a.root === b.root && a.path.length === b.path.length && a.path.every((step, i) => step === b.path[i]);
}

/** What runs when `if (size !== n) return;` does not return. */
function afterwards(statement: IfStatement): readonly Node[] {
  const otherwise = statement.getElseStatement();
  const later = exits(statement) ? statement.getNextSiblings() : [];
  return otherwise === undefined ? later : [otherwise, ...later];
}

function exits(statement: IfStatement): boolean {
  const then = statement.getThenStatement();
  const last = Node.isBlock(then) ? then.getStatements().at(-1) : then;
  return Node.isReturnStatement(last) || Node.isThrowStatement(last) || Node.isContinueStatement(last);
}

/** Statements, and the bodies of the helpers that they call. */
function withCalled(statements: readonly Node[]): readonly Node[] {
  const bodies = new Set(statements);
  for (const body of bodies) {
    walk(body, (node) => {
      const called = Node.isCallExpression(node) ? functionBehind(node.getExpression()) : undefined;
      if (called !== undefined) bodies.add(called);
    });
  }
  return [...bodies];
}

function changesState(target: Expression, origins: Origins): boolean {
  return origins.of(target).some(({ kind, isCopy }) => kind === "state" && !isCopy);
}

/** Whether an earlier check, around the statement or returning before it, asks what is known already. */
function isGuarded(statement: IfStatement): boolean {
  for (let node: Node = statement; !Node.isFunctionLikeDeclaration(node);) {
    const parent = node.getParent();
    if (parent === undefined) return false;
    if (Node.isIfStatement(parent) && parent.getExpression() !== node && asksState(parent.getExpression())) return true;
    const returned = node
      .getPreviousSiblings()
      .some((earlier) => Node.isIfStatement(earlier) && exits(earlier) && asksState(earlier.getExpression()));
    if (returned) return true;
    node = parent;
  }
  return false;
}

function asksState(condition: Node): boolean {
  return someNode(
    condition,
    (node) => Node.isThisExpression(node) || (Node.isPropertyAccessExpression(node) && node.getName() === "has"),
  );
}
