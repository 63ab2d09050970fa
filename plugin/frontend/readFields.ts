import {
  Node,
  SyntaxKind,
  type ClassDeclaration,
  type Expression,
  type ParameterDeclaration,
  type PropertyDeclaration,
} from "ts-morph";
import type { ForgetConditions } from "./lower/forgetting.ts";
import type { FieldFacts } from "./lower/fieldFacts.ts";
import { isStatelessPattern } from "./lower/patterns.ts";
import { shapeOf } from "./lower/shapes.ts";
import { decoratorOf } from "./syntax/decoratorOf.ts";
import { isAssignment } from "./syntax/isAssignment.ts";
import { lineageOf, nearest } from "./syntax/lineage.ts";
import { rivenName } from "./syntax/rivenName.ts";

/** A declaration that makes a field: a property, or a constructor parameter with a modifier. */
export type FieldDeclaration = PropertyDeclaration | ParameterDeclaration;

/** The instance fields of a class, in the order of the source, and then those that it inherits. */
export function fieldDeclarations(owner: ClassDeclaration): readonly FieldDeclaration[] {
  return [...nearest(owner, declaredFields).values()].filter((field) => !isAbstractField(field));
}

/** Also what a nearer class has declared anew: markers of a field hold for it all the same. */
export function everyFieldDeclaration(owner: ClassDeclaration): readonly FieldDeclaration[] {
  return lineageOf(owner).classes.flatMap(declaredFields);
}

/** The instance fields that a class itself declares. */
export function declaredFields(node: ClassDeclaration): readonly FieldDeclaration[] {
  const parameters = node
    .getConstructors()
    .flatMap((one) => one.getParameters().filter((p) => p.isParameterProperty()));
  return [
    ...node.getInstanceProperties().filter((p): p is PropertyDeclaration => Node.isPropertyDeclaration(p)),
    ...parameters,
  ];
}

function isAbstractField(field: FieldDeclaration): boolean {
  return Node.isPropertyDeclaration(field) && field.isAbstract();
}

/** The conditions of `@Forget`. What is not an arrow function written there is refused by the validation. */
export function readForgetConditions(owner: ClassDeclaration): ForgetConditions {
  return new Map(
    [...everyFieldDeclaration(owner)].reverse().flatMap((field) => {
      const decorator = Node.isPropertyDeclaration(field) ? decoratorOf(field, "Forget") : undefined;
      const [condition] = decorator?.node.getArguments() ?? [];
      return Node.isArrowFunction(condition) ? [[field.getName(), condition] as const] : [];
    }),
  );
}

/** What each field is, before it is known which of them handlers write: all that may be state is taken for state. */
export function readFieldFacts(owner: ClassDeclaration): ReadonlyMap<string, FieldFacts> {
  const reassigned = reassignedFields(owner);
  return new Map(
    fieldDeclarations(owner).map((declaration) => {
      const name = declaration.getName();
      return [
        name,
        boundTo(declaration) ??
          unchanging(declaration) ?? {
            kind: "state",
            shape: shapeOf(declaration.getType(), declaration),
            reassigned: reassigned.has(name),
            fixed: new Set<string>(),
            depths: undefined,
          },
      ];
    }),
  );
}

/** A pattern in a field that nobody may assign, unless it is one that remembers where it stopped. */
function unchanging(declaration: FieldDeclaration): FieldFacts | undefined {
  return declaration.isReadonly() && isStatelessPattern(declaration.getInitializer())
    ? { kind: "configuration" }
    : undefined;
}

/** What a field is bound to by `peers(() => Other)`, `peer(() => Other)`, `self()`, `journal<T>()` or `timers<"name">()`. */
function boundTo(declaration: FieldDeclaration): FieldFacts | undefined {
  const initializer = declaration.getInitializer();
  if (!Node.isCallExpression(initializer)) return undefined;
  const callee = initializer.getExpression();
  const name = Node.isIdentifier(callee) || Node.isPropertyAccessExpression(callee) ? rivenName(callee) : undefined;
  if (name === "self") return { kind: "self" };
  if (name === "journal") return { kind: "journal" };
  if (name === "timers") return { kind: "timers", names: timerNames(declaration) };
  if (name !== "peers" && name !== "peer") return undefined;
  const role = roleNamed(initializer.getArguments()[0]);
  return role === undefined ? undefined : { kind: name, role };
}

/** The names of the timers of a field: what its type has one timer for each of. */
export function timerNames(declaration: FieldDeclaration): readonly string[] {
  return declaration
    .getType()
    .getProperties()
    .map((property) => property.getName());
}

/** `() => Other` names the class Other, through imports. */
function roleNamed(thunk: Node | undefined): string | undefined {
  const body = Node.isArrowFunction(thunk) ? thunk.getBody() : undefined;
  if (!Node.isIdentifier(body)) return undefined;
  const symbol = body.getSymbol();
  const target = symbol?.isAlias() === true ? symbol.getAliasedSymbol() : symbol;
  const declaration = target?.getValueDeclaration();
  return Node.isClassDeclaration(declaration) ? (declaration.getName() ?? "default") : undefined;
}

/** Fields that are assigned outside of the constructor, at any depth of the class: `this.f = …`, `this.f++`. */
function reassignedFields(owner: ClassDeclaration): ReadonlySet<string> {
  const found = new Set<string>();
  const note = (target: Expression): void => {
    if (Node.isPropertyAccessExpression(target) && Node.isThisExpression(target.getExpression()))
      found.add(target.getName());
  };
  const bodies = lineageOf(owner).classes.flatMap((node) => [
    ...node.getInstanceMethods(),
    ...node.getGetAccessors(),
    ...node.getSetAccessors(),
  ]);
  for (const method of bodies) {
    for (const node of method.getDescendantsOfKind(SyntaxKind.BinaryExpression)) {
      if (isAssignment(node.getOperatorToken().getText())) note(node.getLeft());
    }
    for (const node of method.getDescendantsOfKind(SyntaxKind.PostfixUnaryExpression)) note(node.getOperand());
    for (const node of method.getDescendantsOfKind(SyntaxKind.PrefixUnaryExpression)) note(node.getOperand());
  }
  return found;
}
