/**
 * Where objects come from: which expressions denote (a part of) the payload of a handler, or of the state of a role.
 * Follows variables, destructuring, loops, callbacks of the array methods, and private helpers. What it cannot follow has
 * no origin, so a check that asks for one stays silent rather than guess.
 */
import {
  Node,
  SyntaxKind,
  type BindingElement,
  type CallExpression,
  type Expression,
  type ParameterDeclaration,
  type VariableDeclaration,
} from "ts-morph";
import {
  CALLBACK_METHODS,
  COPY_FUNCTIONS,
  COPY_METHODS,
  ELEMENT_METHODS,
  SAME_METHODS,
} from "../syntax/collectionMethods.ts";
import { symbolOf } from "../syntax/declarationOf.ts";
import { withoutAssertions } from "../syntax/literalOf.ts";
import { mutationsIn } from "../syntax/mutations.ts";
import { walk } from "../syntax/walk.ts";
import type { RoleCode } from "./roleCode.ts";

export interface Origin {
  readonly kind: "payload" | "state";
  /** The parameter, or the field. */
  readonly root: Node;
  /** The properties that lead from the root to the object; `[]` for elements and values of collections. */
  readonly path: readonly string[];
  /** A fresh object with the same contents: changing it leaves the original alone, changing what is in it does not. */
  readonly isCopy: boolean;
}

export class Origins {
  readonly #payloads = new Set<Node>();
  readonly #calls = new Map<Node, CallExpression[]>();
  readonly #reassigned = new Map<Node, Expression[]>();
  readonly #active = new Set<Node>();

  constructor(roles: readonly RoleCode[], units: readonly Node[]) {
    for (const { method, trigger } of roles.flatMap(({ entries }) => entries)) {
      const payload = method.getParameters()[0];
      if (payload !== undefined && trigger.name === "On") this.#payloads.add(payload);
    }
    for (const unit of units) this.#index(unit);
  }

  /** Where the value of an expression may come from. */
  of(expression: Node): readonly Origin[] {
    if (this.#active.has(expression)) return [];
    this.#active.add(expression);
    try {
      return this.#evaluate(expression);
    } finally {
      this.#active.delete(expression);
    }
  }

  #index(unit: Node): void {
    walk(unit, (node) => {
      if (!Node.isCallExpression(node)) return;
      const callee = functionBehind(node.getExpression());
      if (callee === undefined) return;
      const calls = this.#calls.get(callee);
      if (calls === undefined) this.#calls.set(callee, [node]);
      else calls.push(node);
    });
    for (const { target, kind, node } of mutationsIn(unit)) {
      const variable =
        kind === "variable" && Node.isIdentifier(target) ? symbolOf(target)?.getValueDeclaration() : undefined;
      if (variable === undefined) continue;
      const values = this.#reassigned.get(variable) ?? [];
      this.#reassigned.set(variable, values);
      const isPlain = Node.isBinaryExpression(node) && node.getOperatorToken().getKind() === SyntaxKind.EqualsToken;
      if (isPlain && node.getLeft() === target) values.push(node.getRight());
    }
  }

  #evaluate(expression: Node): readonly Origin[] {
    if (!Node.isExpression(expression)) return [];
    const node = withoutAssertions(expression);
    if (Node.isIdentifier(node)) return this.#variable(symbolOf(node)?.getValueDeclaration());
    if (Node.isPropertyAccessExpression(node))
      return this.#property(node.getExpression(), node.getName(), node.getNameNode());
    if (Node.isElementAccessExpression(node)) return step(this.of(node.getExpression()), "[]");
    if (Node.isCallExpression(node)) return this.#call(node);
    if (Node.isConditionalExpression(node)) return [...this.of(node.getWhenTrue()), ...this.of(node.getWhenFalse())];
    if (Node.isBinaryExpression(node)) {
      const operator = node.getOperatorToken().getKind();
      if (operator === SyntaxKind.QuestionQuestionToken || operator === SyntaxKind.BarBarToken) {
        return [...this.of(node.getLeft()), ...this.of(node.getRight())];
      }
      const isValueOfRight =
        operator === SyntaxKind.AmpersandAmpersandToken ||
        operator === SyntaxKind.EqualsToken ||
        operator === SyntaxKind.CommaToken;
      return isValueOfRight ? this.of(node.getRight()) : [];
    }
    if (Node.isArrayLiteralExpression(node)) {
      const [only, ...others] = node.getElements();
      return Node.isSpreadElement(only) && others.length === 0 ? copies(this.of(only.getExpression())) : [];
    }
    return [];
  }

  #property(object: Expression, name: string, nameNode: Node): readonly Origin[] {
    if (!Node.isThisExpression(object)) return step(this.of(object), name);
    const member = nameNode.getSymbol()?.getValueDeclaration();
    if (Node.isGetAccessorDeclaration(member)) return this.#returned(member);
    if (Node.isPropertyDeclaration(member) || Node.isParameterDeclaration(member)) {
      return [{ kind: "state", root: member, path: [], isCopy: false }];
    }
    return [];
  }

  #call(call: CallExpression): readonly Origin[] {
    const callee = call.getExpression();
    const called = functionBehind(callee);
    if (called !== undefined) return this.#returned(called);
    if (!Node.isPropertyAccessExpression(callee)) return [];
    const [first] = call.getArguments();
    if (COPY_FUNCTIONS.has(callee.getText()) && first !== undefined) return copies(this.of(first));
    const method = callee.getName();
    const receiver = this.of(callee.getExpression());
    if (ELEMENT_METHODS.has(method)) return step(receiver, "[]");
    if (SAME_METHODS.has(method)) return receiver;
    return COPY_METHODS.has(method) ? copies(receiver) : [];
  }

  #returned(called: Node): readonly Origin[] {
    if (this.#active.has(called)) return [];
    this.#active.add(called);
    try {
      const body = Node.isBodied(called) || Node.isBodyable(called) ? called.getBody() : undefined;
      if (body === undefined) return [];
      if (!Node.isBlock(body)) return this.of(body);
      return body
        .getDescendantsOfKind(SyntaxKind.ReturnStatement)
        .filter((statement) => statement.getFirstAncestor((node) => Node.isFunctionLikeDeclaration(node)) === called)
        .flatMap((statement) => this.of(statement.getExpression() ?? statement));
    } finally {
      this.#active.delete(called);
    }
  }

  #variable(declaration: Node | undefined): readonly Origin[] {
    if (declaration === undefined || this.#active.has(declaration)) return [];
    this.#active.add(declaration);
    try {
      const assigned = this.#reassigned.get(declaration);
      const initial = this.#initial(declaration);
      if (assigned === undefined) return initial;
      // Which of its values a variable has is not followed. For the payload that would be guessing.
      return [...initial, ...assigned.flatMap((value) => this.of(value))].filter(({ kind }) => kind === "state");
    } finally {
      this.#active.delete(declaration);
    }
  }

  #initial(declaration: Node): readonly Origin[] {
    if (Node.isParameterDeclaration(declaration)) return this.#parameter(declaration);
    if (Node.isBindingElement(declaration)) return this.#binding(declaration);
    return Node.isVariableDeclaration(declaration) ? this.#declared(declaration) : [];
  }

  #declared(declaration: VariableDeclaration): readonly Origin[] {
    const initializer = declaration.getInitializer();
    if (initializer !== undefined) return this.of(initializer);
    const loop = declaration.getParent().getParent();
    return Node.isForOfStatement(loop) ? step(this.of(loop.getExpression()), "[]") : [];
  }

  #parameter(parameter: ParameterDeclaration): readonly Origin[] {
    if (this.#payloads.has(parameter)) return [{ kind: "payload", root: parameter, path: [], isCopy: false }];
    const owner = parameter.getParent();
    const index = Node.isParametered(owner) ? owner.getParameters().indexOf(parameter) : -1;
    const call = owner.getParent();
    if (Node.isCallExpression(call) && call.getArguments()[0] === owner) {
      const callee = call.getExpression();
      const isElement =
        index === 0 && Node.isPropertyAccessExpression(callee) && CALLBACK_METHODS.has(callee.getName());
      return isElement ? step(this.of(callee.getExpression()), "[]") : [];
    }
    const calls = this.#calls.get(Node.isVariableDeclaration(call) ? call : owner) ?? [];
    return calls.flatMap((site) => this.of(site.getArguments()[index] ?? site)).slice(0, 16);
  }

  #binding(element: BindingElement): readonly Origin[] {
    const pattern = element.getParent();
    const holder = pattern.getParent();
    const whole = Node.isBindingElement(holder) ? this.#binding(holder) : this.#initial(holder);
    if (element.getDotDotDotToken() !== undefined) return copies(whole);
    if (Node.isArrayBindingPattern(pattern)) return isEntry(pattern) ? whole : step(whole, "[]");
    return step(whole, element.getPropertyNameNode()?.getText() ?? element.getName());
  }
}

/** In `for (const [k, v] of map)`, `v` is an element of the map; the pair is nothing of its own. */
function isEntry(pattern: Node): boolean {
  const holder = pattern.getParent();
  const loop = holder?.getParent()?.getParent();
  if (Node.isVariableDeclaration(holder) && Node.isForOfStatement(loop)) {
    const type = loop.getExpression().getType();
    return ["Map", "ReadonlyMap", "MapIterator"].includes(type.getSymbol()?.getName() ?? "");
  }
  return false;
}

function step(origins: readonly Origin[], name: string): readonly Origin[] {
  return origins.map((origin) => ({ ...origin, path: [...origin.path, name], isCopy: false }));
}

function copies(origins: readonly Origin[]): readonly Origin[] {
  return origins.map((origin) => ({ ...origin, isCopy: true }));
}

/** The method or function of the project that a call runs, as far as that can be seen. */
export function functionBehind(callee: Expression): Node | undefined {
  const isOwn = Node.isPropertyAccessExpression(callee) && Node.isThisExpression(callee.getExpression());
  const symbol = isOwn ? callee.getNameNode().getSymbol() : Node.isIdentifier(callee) ? symbolOf(callee) : undefined;
  const declaration = symbol?.getValueDeclaration();
  if (declaration === undefined || declaration.getSourceFile().isDeclarationFile()) return undefined;
  if (Node.isMethodDeclaration(declaration) || Node.isFunctionDeclaration(declaration)) return declaration;
  const initializer = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : undefined;
  return Node.isArrowFunction(initializer) || Node.isFunctionExpression(initializer) ? declaration : undefined;
}
