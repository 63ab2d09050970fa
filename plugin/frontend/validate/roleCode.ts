/** The code that a role consists of: its class, the classes that it extends, and what they use of their modules. */
import { Node, SyntaxKind, type ClassDeclaration, type Identifier, type MethodDeclaration } from "ts-morph";
import { isEvaluated, symbolOf } from "../syntax/declarationOf.ts";
import { rivenDecorators, type RivenDecorator } from "../syntax/decoratorOf.ts";
import { isInvariant } from "../syntax/isInvariant.ts";
import { lineageOf } from "../syntax/lineage.ts";
import { rivenName } from "../syntax/rivenName.ts";
import { roleDeclaration, type RoleDeclaration } from "../syntax/roleDeclarations.ts";
import { walk } from "../syntax/walk.ts";

export interface RoleCode {
  readonly role: RoleDeclaration;
  /** The class of the role, then the ones that it extends, as far as they are in the project. */
  readonly classes: readonly ClassDeclaration[];
  /** The expression behind `extends` that leads out of the project. */
  readonly foreignBase: Node | undefined;
  /** The classes, and every function, constant and class at the top of a module that they use, however indirectly. */
  readonly units: readonly Node[];
  /** The methods that the runtime calls: handlers and timers, overridden ones left out. */
  readonly entries: readonly Entry[];
}

/** A method that a message, a timer or the start of the node runs. */
export interface Entry {
  readonly method: MethodDeclaration;
  /** `On`, `Every`, `After`, `OnStart` or `OnRecover`; for an override the one of the method that it overrides. */
  readonly trigger: RivenDecorator;
}

export const TRIGGERS: ReadonlySet<string> = new Set(["On", "Every", "After", "OnStart", "OnRecover"]);

export function roleCode(role: RoleDeclaration): RoleCode {
  const { classes, foreignBase } = lineageOf(role.node);
  return { role, classes, foreignBase, units: reachable(classes), entries: entriesOf(classes) };
}

function entriesOf(classes: readonly ClassDeclaration[]): readonly Entry[] {
  const methods = new Map<string, MethodDeclaration>();
  const triggers = new Map<string, RivenDecorator>();
  for (const method of classes.flatMap((node) => node.getMethods()).filter((method) => !isInvariant(method))) {
    const name = method.getName();
    if (!methods.has(name)) methods.set(name, method);
    const trigger = rivenDecorators(method).find((decorator) => TRIGGERS.has(decorator.name));
    if (trigger !== undefined && !triggers.has(name)) triggers.set(name, trigger);
  }
  return [...methods].flatMap(([name, method]) => {
    const trigger = triggers.get(name);
    return trigger === undefined ? [] : [{ method, trigger }];
  });
}

function reachable(classes: readonly ClassDeclaration[]): readonly Node[] {
  const units = new Set<Node>(classes);
  // A set is iterated in the order of insertion, including what is inserted meanwhile.
  for (const unit of units) {
    walk(unit, (node) => {
      if (!Node.isIdentifier(node) || !isEvaluated(node)) return;
      const used = moduleDeclaration(node);
      if (used !== undefined) units.add(used);
    });
  }
  return [...units];
}

/** The declaration at the top of one of the project's modules that an identifier denotes, unless it is a role. */
function moduleDeclaration(identifier: Identifier): Node | undefined {
  if (rivenName(identifier) !== undefined) return undefined; // inside this repository, riven itself is a project source
  for (const declaration of symbolOf(identifier)?.getDeclarations() ?? []) {
    const file = declaration.getSourceFile();
    if (file.isDeclarationFile() || file.isInNodeModules()) continue;
    if (Node.isFunctionDeclaration(declaration) && Node.isSourceFile(declaration.getParent())) return declaration;
    if (Node.isClassDeclaration(declaration) && roleDeclaration(declaration) === undefined) return declaration;
    const variable = Node.isBindingElement(declaration)
      ? declaration.getFirstAncestorByKind(SyntaxKind.VariableDeclaration)
      : declaration;
    if (Node.isVariableDeclaration(variable) && isAtTop(variable)) return variable;
  }
  return undefined;
}

/** Whether a variable is declared at the top of a module. */
export function isAtTop(declaration: Node): boolean {
  return Node.isSourceFile(declaration.getParent()?.getParent()?.getParent());
}
