/** What may travel in a message or be kept as state: plain data, all the way down. */
import { Node, SymbolFlags, TypeFlags, type Symbol as MorphSymbol, type Type } from "ts-morph";
import { isPeers, isRef, latticeOf } from "../syntax/rivenTypes.ts";

/** A part of a type that is not plain data. */
export interface NotPlain {
  /** `a Date`, `a function`: fits behind "is". */
  readonly what: string;
  readonly kind: "ref" | "identity" | "lattice" | "other";
  /** The names that lead to it: `["owner", "since"]`; elements and values of collections are `[]`. */
  readonly path: readonly string[];
  /** Where the property on the way is declared, when it is one of the project's. */
  readonly declaration: Node | undefined;
}

const CONTAINERS = new Set(["Array", "ReadonlyArray", "Map", "ReadonlyMap", "Set", "ReadonlySet"]);
const PLAIN_CLASSES = new Set(["Uint8Array"]);
const WRAPPERS = new Set(["String", "Number", "Boolean", "BigInt", "Symbol"]);
const DEEPEST = 12;

/**
 * The first part of a type that is not plain data; undefined when all of it is.
 *
 * @param at A node from which the types of properties are seen.
 */
export function notPlain(type: Type, at: Node): NotPlain | undefined {
  return search(type, at, [], undefined, new Set());
}

function search(
  type: Type,
  at: Node,
  path: readonly string[],
  declaration: Node | undefined,
  seen: Set<unknown>,
): NotPlain | undefined {
  const found = (what: string, kind: NotPlain["kind"] = "other"): NotPlain => ({ what, kind, path, declaration });
  const inside = (part: Type, step: string): NotPlain | undefined =>
    search(part, at, [...path, step], declaration, seen);
  if (isRef(type) && !type.isUnion()) return found("a Ref", "ref");
  if (isPeers(type)) return found("a membership", "ref");
  const lattice = latticeOf(type);
  if (lattice !== undefined) return found(`a ${lattice}`, "lattice");
  if (type.isUnion()) return first(type.getUnionTypes(), (part) => search(part, at, path, declaration, seen));
  if (isSymbolType(type)) return found("a symbol");
  if (type.isTypeParameter()) {
    const constraint = type.getConstraint();
    return constraint === undefined ? undefined : search(constraint, at, path, declaration, seen);
  }
  if (type.isIntersection()) {
    const parts = type.getIntersectionTypes();
    if (parts.some((part) => !part.isObject())) return undefined; // a branded string or number
    return first(parts, (part) => search(part, at, path, declaration, seen));
  }
  if (!type.isObject() || seen.has(type.compilerType) || path.length > DEEPEST) return undefined;
  seen.add(type.compilerType);
  if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) return found("a function");
  if (type.isTuple()) return first(type.getTupleElements(), (element) => inside(element, "[]"));

  const symbol = type.getSymbol();
  const name = symbol?.getName() ?? "__type";
  if (symbol !== undefined && isNamed(symbol) && isFromLibrary(symbol)) {
    if (CONTAINERS.has(name)) return container(type, name, inside, found);
    if (PLAIN_CLASSES.has(name)) return undefined;
    return found(WRAPPERS.has(name) ? `a ${name} object` : article(name));
  }
  const ownClass = symbol
    ?.getDeclarations()
    .find((node) => Node.isClassDeclaration(node) || Node.isClassExpression(node));
  if (ownClass !== undefined) return found(`an instance of ${name}`);
  const indexes = [type.getStringIndexType(), type.getNumberIndexType()].filter((index) => index !== undefined);
  return (
    first(indexes, (index) => inside(index, "[]")) ??
    first(type.getProperties(), (property) => ofProperty(property, at, path, seen))
  );
}

function ofProperty(
  property: MorphSymbol,
  at: Node,
  path: readonly string[],
  seen: Set<unknown>,
): NotPlain | undefined {
  const declaration = property.getDeclarations().find((node) => !node.getSourceFile().isDeclarationFile());
  const name = property.getName();
  const here = [...path, name];
  if (name.startsWith("__@")) return { what: "named by a symbol", kind: "other", path: here, declaration };
  if (property.hasFlags(SymbolFlags.GetAccessor) || property.hasFlags(SymbolFlags.SetAccessor))
    return { what: "an accessor", kind: "other", path: here, declaration };
  return search(property.getTypeAtLocation(at), at, here, declaration, seen);
}

function container(
  type: Type,
  name: string,
  inside: (part: Type, step: string) => NotPlain | undefined,
  found: (what: string, kind: NotPlain["kind"]) => NotPlain,
): NotPlain | undefined {
  const args = type.getTypeArguments();
  const [key] = args;
  if (key !== undefined && !name.endsWith("Array")) {
    const place = name.endsWith("Map") ? "a key" : "an element";
    if (isRef(key)) return found(`a Ref as ${place}`, "ref");
    if (hasIdentity(key)) return found(`an object as ${place}`, "identity");
  }
  return first(args, (part) => inside(part, "[]"));
}

/** Whether two equal values of this type may be different keys. */
export function hasIdentity(type: Type): boolean {
  if (type.isUnion()) return type.getUnionTypes().some(hasIdentity);
  if (type.isIntersection()) return type.getIntersectionTypes().every(hasIdentity);
  return isObjectLike(type);
}

/** Objects of a known shape, and the type `object` itself. */
export function isObjectLike(type: Type): boolean {
  return type.isObject() || (type.getFlags() & TypeFlags.NonPrimitive) !== 0;
}

function isSymbolType(type: Type): boolean {
  return (type.getFlags() & TypeFlags.ESSymbolLike) !== 0;
}

/** Type literals, mapped types and object literals have no name that anyone gave them. */
function isNamed(symbol: MorphSymbol): boolean {
  return !symbol.getName().startsWith("__");
}

function isFromLibrary(symbol: MorphSymbol): boolean {
  const declarations = symbol.getDeclarations();
  return declarations.length > 0 && declarations.every((node) => node.getSourceFile().isDeclarationFile());
}

function article(name: string): string {
  return `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;
}

function first<A, B>(values: readonly A[], find: (value: A) => B | undefined): B | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
