import { Node, type ForOfStatement, type Type, type VariableDeclaration } from "ts-morph";
import { symbolOf } from "../syntax/declarationOf.ts";
import { withoutAssertions } from "../syntax/literalOf.ts";
import { mutationsIn } from "../syntax/mutations.ts";
import { isOrdered, sendAt } from "../syntax/sends.ts";
import { ownIn, someNode, walk } from "../syntax/walk.ts";
import type { Check, Validator } from "./check.ts";
import type { Origins } from "./origins.ts";

/**
 * RVN127: where the order in which entries arrived is observed. Legal, but insertions into that collection no longer
 * commute, which most rewrites need.
 */
export const validateOrder: Validator = (check) => {
  const lists = new StateLists(check.origins, check.mutated);
  for (const unit of check.units) {
    walk(unit, (node) => {
      checkElement(node, lists, check);
      if (Node.isForOfStatement(node) && lists.isOrdered(node.getExpression())) checkLoop(node, check);
    });
  }
};

const ITERATORS: ReadonlySet<string> = new Set(["MapIterator", "SetIterator", "IterableIterator", "IteratorObject"]);
const COLLECTIONS: ReadonlySet<string> = new Set(["Map", "Set", "ReadonlyMap", "ReadonlySet", ...ITERATORS]);

/** Which expressions list the entries of mutable state in the order of their arrival. */
class StateLists {
  readonly #origins: Origins;
  readonly #mutated: Check["mutated"];

  constructor(origins: Origins, mutated: Check["mutated"]) {
    this.#origins = origins;
    this.#mutated = mutated;
  }

  /** A map, a set, their iterators, or a list of what is in them that nobody has sorted. */
  isOrdered(expression: Node): boolean {
    return this.isCollection(expression) || this.isList(expression);
  }

  isCollection(expression: Node): boolean {
    return isOneOf(expression.getType(), COLLECTIONS) && this.#isState(expression);
  }

  /** `[...this.waiting]`, `Array.from(...)`, `Object.keys(...)`, filtered or mapped, or a constant that is one of these. */
  isList(expression: Node): boolean {
    if (!Node.isExpression(expression)) return false;
    const bare = withoutAssertions(expression);
    if (Node.isArrayLiteralExpression(bare)) {
      return bare
        .getElements()
        .some((element) => Node.isSpreadElement(element) && this.isOrdered(element.getExpression()));
    }
    if (Node.isIdentifier(bare)) {
      const declaration = symbolOf(bare)?.getValueDeclaration();
      if (!Node.isVariableDeclaration(declaration)) return false;
      const initializer = declaration.getInitializer();
      return initializer !== undefined && this.isList(initializer) && !isSorted(declaration);
    }
    const callee = Node.isCallExpression(bare) ? bare.getExpression() : undefined;
    if (!Node.isCallExpression(bare) || !Node.isPropertyAccessExpression(callee)) return false;
    const [first] = bare.getArguments();
    const called = callee.getText();
    if (called === "Array.from") return first !== undefined && this.isOrdered(first);
    if (/^Object\.(keys|values|entries)$/.test(called)) return first !== undefined && this.#isState(first);
    return ["filter", "map", "slice"].includes(callee.getName()) && this.isList(callee.getExpression());
  }

  #isState(expression: Node): boolean {
    return this.#origins.of(expression).some(({ kind, root }) => kind === "state" && this.#mutated.has(root));
  }
}

function isSorted(declaration: VariableDeclaration): boolean {
  const scope =
    declaration.getFirstAncestor((node) => Node.isFunctionLikeDeclaration(node)) ?? declaration.getSourceFile();
  return mutationsIn(scope).some(({ target, what }) => {
    const isList = Node.isIdentifier(target) && symbolOf(target)?.getValueDeclaration() === declaration;
    return isList && what.endsWith(".sort");
  });
}

const PICKS: ReadonlySet<string> = new Set(["at", "find", "findLast", "findIndex", "indexOf", "pop", "shift", "join"]);

function checkElement(node: Node, lists: StateLists, check: Check): void {
  if (Node.isElementAccessExpression(node) && lists.isList(node.getExpression()))
    observed(node, node.getExpression(), check);
  if (Node.isVariableDeclaration(node) && Node.isArrayBindingPattern(node.getNameNode())) {
    const initializer = node.getInitializer();
    if (initializer !== undefined && lists.isOrdered(initializer)) observed(node, initializer, check);
  }
  const callee = Node.isCallExpression(node) ? node.getExpression() : undefined;
  if (!Node.isPropertyAccessExpression(callee)) return;
  const receiver = callee.getExpression();
  if (PICKS.has(callee.getName()) && lists.isList(receiver)) observed(node, receiver, check);
  const isIterator = callee.getName() === "next" && isOneOf(receiver.getType(), ITERATORS);
  if (isIterator && lists.isCollection(receiver)) observed(node, receiver, check);
}

function observed(place: Node, collection: Node, { report }: Check): void {
  report("RVN127", `This depends on the order in which the entries of ${collection.getText()} arrived.`, place);
}

function checkLoop(loop: ForOfStatement, { report }: Check): void {
  const collection = loop.getExpression().getText();
  const body = ownIn(loop.getStatement());
  const sends = body.flatMap((node) => sendAt(node) ?? []);
  for (const send of sends.filter((candidate) => isOrdered(candidate) && !dependsOn(candidate.receiver, loop))) {
    const message = `${send.message} relies on the order of its messages, and these leave in the order in which the entries of ${collection} arrived.`;
    report("RVN127", message, send.call);
  }
  const returns = body.filter((node) => Node.isReturnStatement(node));
  const exit = body.find((node) => Node.isReturnStatement(node) || (Node.isBreakStatement(node) && leaves(node, loop)));
  if (exit === undefined) return;
  // Leaving early asks "is there one?", which does not depend on the order, unless the one that was found matters.
  const isOneThatMatters =
    sends.length > 0 ||
    returns.some((node) => dependsOn(node, loop)) ||
    mutationsIn(loop.getStatement()).some(
      (mutation) => !isCount(mutation.node) && !isDeclaredIn(mutation.target, loop),
    );
  if (!isOneThatMatters) return;
  report(
    "RVN127",
    `Which entries of ${collection} this loop reaches depends on the order in which they arrived.`,
    exit,
  );
}

function isCount(node: Node): boolean {
  return Node.isPrefixUnaryExpression(node) || Node.isPostfixUnaryExpression(node);
}

/** Whether a `break` ends this loop, rather than a loop or switch inside of it. */
function leaves(node: Node, loop: ForOfStatement): boolean {
  const target = node.getFirstAncestor(
    (ancestor) => Node.isIterationStatement(ancestor) || Node.isSwitchStatement(ancestor),
  );
  return target === loop;
}

/** Whether an expression mentions a variable that the loop declares, its own or one of its body. */
function dependsOn(expression: Node, loop: ForOfStatement): boolean {
  return someNode(expression, (node) => Node.isIdentifier(node) && isDeclaredIn(node, loop));
}

function isDeclaredIn(node: Node, loop: ForOfStatement): boolean {
  if (Node.isPropertyAccessExpression(node) || Node.isElementAccessExpression(node))
    return isDeclaredIn(node.getExpression(), loop);
  const declaration = Node.isIdentifier(node) ? symbolOf(node)?.getValueDeclaration() : undefined;
  return declaration !== undefined && declaration.getAncestors().includes(loop);
}

function isOneOf(type: Type, names: ReadonlySet<string>): boolean {
  return type.isUnion()
    ? type.getUnionTypes().some((part) => isOneOf(part, names))
    : names.has(type.getSymbol()?.getName() ?? "");
}
