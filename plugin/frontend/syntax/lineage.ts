/** A class together with the classes that it extends: what an instance of it consists of. */
import type { ClassDeclaration, ClassMemberTypes, GetAccessorDeclaration, MethodDeclaration, Node } from "ts-morph";
import { isInvariant } from "./isInvariant.ts";

export interface Lineage {
  /** The class, then the ones that it extends, as far as they are in the project. */
  readonly classes: readonly ClassDeclaration[];
  /** The expression behind `extends` that leads out of the project. */
  readonly foreignBase: Node | undefined;
}

export function lineageOf(node: ClassDeclaration): Lineage {
  const classes = [node];
  for (let current = node; ;) {
    const extended = current.getExtends();
    if (extended === undefined) return { classes, foreignBase: undefined };
    const base = current.getBaseClass();
    if (base === undefined || base.getSourceFile().isDeclarationFile() || classes.includes(base)) {
      return { classes, foreignBase: extended };
    }
    classes.push(base);
    current = base;
  }
}

/** The instance methods by name, those of the nearest class; abstract ones where no class has a body for them. */
export function instanceMethods(owner: ClassDeclaration): ReadonlyMap<string, MethodDeclaration> {
  return nearest(owner, (node) => node.getInstanceMethods());
}

/** The getter of that name, of the nearest class that has one. */
export function instanceGetter(owner: ClassDeclaration, name: string): GetAccessorDeclaration | undefined {
  return lineageOf(owner)
    .classes.map((node) => node.getGetAccessor(name))
    .find((getter) => getter !== undefined && !getter.isStatic());
}

/**
 * The members of the class and of those that it extends, base classes last, without what is overridden or abstract, and
 * without invariants.
 */
export function membersOf(owner: ClassDeclaration): readonly ClassMemberTypes[] {
  const known = new Set<string>();
  return lineageOf(owner).classes.flatMap((node) => {
    const own = node
      .getMembers()
      .filter((member) => !isInvariant(member) && !known.has(keyOf(member)) && !isAbstract(member));
    for (const member of own) known.add(keyOf(member));
    return own;
  });
}

/** An accessor of a class hides both of its base class. */
function keyOf(member: ClassMemberTypes): string {
  return "getName" in member ? member.getName() : "constructor";
}

function isAbstract(member: ClassMemberTypes): boolean {
  return "isAbstract" in member && member.isAbstract();
}

/** Of the declarations of each class those whose names no nearer class has declared. */
export function nearest<T extends { getName(): string }>(
  owner: ClassDeclaration,
  declared: (node: ClassDeclaration) => readonly T[],
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const one of lineageOf(owner).classes.flatMap(declared))
    if (!found.has(one.getName())) found.set(one.getName(), one);
  return found;
}
