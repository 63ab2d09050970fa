/** The types of the language, as the checker sees them. */
import type { Lattice } from "../../model/protocol.ts";
import { Node, type ClassDeclaration, type Symbol as MorphSymbol, type Type } from "ts-morph";

/**
 * Whether a value of this type is a `Ref` (or, for a union, may be one). Recognised by the alias, which TypeScript keeps
 * on every instantiation.
 */
export function isRef(type: Type): boolean {
  if (isRivenType(type.getAliasSymbol(), "Ref")) return true;
  if (type.isUnion()) return type.getUnionTypes().some(isRef);
  const constraint = type.isTypeParameter() ? type.getConstraint() : undefined;
  return constraint !== undefined && isRef(constraint);
}

/** Whether every value of this type is a `Ref`. */
export function isOnlyRef(type: Type): boolean {
  if (isRivenType(type.getAliasSymbol(), "Ref")) return true;
  return type.isUnion() && type.getUnionTypes().every(isOnlyRef);
}

/** Whether this is the configured membership of a role. */
export function isPeers(type: Type): boolean {
  return isRivenType(type.getSymbol(), "Peers");
}

/** The classes that a `Ref` may lead to; undefined when the argument is not a class. */
export function refTargets(type: Type): readonly ClassDeclaration[] | undefined {
  const refs = type.isUnion() && type.getAliasSymbol() === undefined ? type.getUnionTypes() : [type];
  const targets = refs
    .flatMap((ref) => ref.getAliasTypeArguments())
    .flatMap((target) => (target.isUnion() ? target.getUnionTypes() : [target]));
  const classes = targets.map((target) => target.getSymbol()?.getDeclarations().find(Node.isClassDeclaration));
  return classes.every((found) => found !== undefined) ? classes : undefined;
}

const LATTICES: { readonly [L in Lattice]: true } = {
  GrowSet: true,
  MaxReg: true,
  GrowMap: true,
  Counter: true,
  Tally: true,
  Once: true,
};

/** Which lattice of the library a type is; undefined for all others, also for classes of the project that extend one. */
export function latticeOf(type: Type): Lattice | undefined {
  const symbol = type.getSymbol();
  const name = symbol?.getName() ?? "";
  if (!isLatticeName(name)) return undefined;
  const declaration = symbol?.getDeclarations().find(Node.isClassDeclaration);
  const base = declaration?.getBaseClass();
  return base?.getName() === "Lattice" && base.getSourceFile().getFunction("isLattice") !== undefined
    ? name
    : undefined;
}

function isLatticeName(name: string): name is Lattice {
  return Object.hasOwn(LATTICES, name);
}

/** Whether a symbol is the type of that name in `riven`: declared in the module that also declares `peers` and `Messages`. */
function isRivenType(symbol: MorphSymbol | undefined, name: string): boolean {
  if (symbol?.getName() !== name) return false;
  return symbol.getDeclarations().some((declaration) => {
    const file = declaration.getSourceFile();
    return file.getFunction("peers") !== undefined && file.getTypeAlias("Messages") !== undefined;
  });
}
