import { Node, ts, type Expression, type Identifier, type Type } from "ts-morph";
import type { LocalUse, Region } from "../../model/effect.ts";
import type { Mark } from "./context.ts";
import type { Frame, SavedFrames } from "./frames.ts";
import type { Interpreter } from "./interpreter.ts";
import { variableSymbol } from "./names.ts";
import { assignedNames, identifiersIn, isLocal, isPropertyName } from "./localNames.ts";
import { operandsOf } from "./operands.ts";
import { alternatives, termOf, type Fresh, type Value } from "./values.ts";
import { isLanguageLibrary } from "./libraries.ts";

export interface RegionParts {
  readonly children: readonly Region[];
  readonly helper: Region["helper"];
  readonly uses: readonly LocalUse[];
  readonly exits: boolean;
  readonly endsFunction?: boolean;
  /** The expressions directly at this level. */
  readonly expressions: readonly Expression[];
  readonly declares?: readonly string[];
  /** The variables before it was executed; left out where no copy of it can be made. */
  readonly before?: SavedFrames;
}

/** The region of a statement (or helper body) after it was executed. */
export function describeRegion(
  interpreter: Interpreter,
  kind: Region["kind"],
  node: Node,
  mark: Mark,
  parts: RegionParts,
): Region {
  const happened = interpreter.context.since(mark);
  return {
    kind,
    span: interpreter.context.span(node),
    helper: parts.helper,
    effects: happened.effects,
    children: parts.children,
    declares: parts.declares ?? [],
    uses: parts.uses,
    operands: parts.expressions.flatMap((expression) => operandsOf(interpreter, expression, false)),
    exits: parts.exits,
    ...(parts.exits && parts.endsFunction === true ? { endsFunction: true } : {}),
    assigns: assignedNames(node),
    changes: parts.before === undefined ? [] : namesOfChanged(parts.before, happened.changed),
    comparisons: happened.comparisons,
  };
}

/** The variables from which one of these objects can be reached. */
function namesOfChanged(before: SavedFrames, changed: readonly Fresh[]): readonly string[] {
  if (changed.length === 0) return [];
  const own = [...before.values].flatMap(([symbol, value]) => (reaches(value, changed) ? [symbol.getName()] : []));
  return before.outer === undefined ? own : [...own, ...namesOfChanged(before.outer, changed)];
}

function reaches(value: Value, objects: readonly Fresh[]): boolean {
  return alternatives(value).some((one) => {
    if (one.kind !== "fresh") return false;
    const { object } = one;
    const parts = [...object.fields.values(), ...object.parts.map((part) => part.value)];
    return objects.includes(object) || parts.some((part) => reaches(part, objects));
  });
}

/** The local names that occur inside a node and are bound outside of it, with the values that they have before it. */
export function localUses(interpreter: Interpreter, node: Node, frame: Frame | undefined): readonly LocalUse[] {
  const occurrences = new Map<ts.Symbol, Identifier[]>();
  for (const identifier of identifiersIn(node)) {
    const symbol = variableSymbol(identifier);
    // `this.limit` names a field, also where the field is declared as a parameter of the constructor.
    if (symbol === undefined || isPropertyName(identifier) || !isLocal(symbol, node)) continue;
    occurrences.set(symbol, [...(occurrences.get(symbol) ?? []), identifier]);
  }
  return [...occurrences].flatMap(([symbol, identifiers]) => {
    const [first] = identifiers;
    if (first === undefined) return [];
    const value = frame?.lookup(symbol);
    const binding = bindingOf(value, symbol, interpreter);
    const type = first.getType();
    return [
      {
        name: first.getText(),
        binding,
        columns: hasColumns(type) ? columnsOf(identifiers) : undefined,
        columnTypes: hasColumns(type) ? narrowedColumns(identifiers) : undefined,
        type: declaredType(first),
        term: value === undefined ? undefined : termOf(value),
        cannotTravel: binding === "sender" ? undefined : obstacle(value, type),
      } satisfies LocalUse,
    ];
  });
}

function bindingOf(value: Value | undefined, symbol: ts.Symbol, interpreter: Interpreter): LocalUse["binding"] {
  if (value?.kind === "ref" && value.destination.kind === "reply") return "sender";
  return interpreter.context.payloadSymbol === symbol ? "payload" : "variable";
}

function obstacle(value: Value | undefined, type: Type): string | undefined {
  for (const one of value === undefined ? [] : alternatives(value)) {
    switch (one.kind) {
      case "ref":
        return "a reference to a node: forward its id instead";
      case "peers":
      case "self":
        return "configuration under a local name: use the field itself";
      case "this":
      case "closure":
        return "a function";
      case "entries":
        return "an iterator";
      case "facility":
        return "a journal or a timer";
      case "data":
      case "state":
      case "fresh":
      case "either":
        break;
    }
  }
  return type.getCallSignatures().length > 0 ? "a function" : undefined;
}

/** The type of a variable as its author wrote it, or as it is at this use, where the way there has narrowed it. */
function declaredType(identifier: Identifier): string {
  const declaration = identifier.getSymbol()?.getValueDeclaration();
  if (
    declaration !== undefined &&
    (Node.isParameterDeclaration(declaration) || Node.isVariableDeclaration(declaration))
  ) {
    const written = declaration.getTypeNode();
    if (
      written !== undefined &&
      exactType(written.getType(), identifier) === exactType(identifier.getType(), identifier)
    )
      return written.getText();
  }
  return exactType(identifier.getType(), identifier);
}

/** The types of the columns that the way to their first use has narrowed: `m.note`, once it is known to be there. */
function narrowedColumns(identifiers: readonly Identifier[]): { readonly [column: string]: string } {
  const narrowed = new Map<string, string>();
  const seen = new Set<string>();
  for (const identifier of identifiers) {
    const access = identifier.getParent();
    if (!Node.isPropertyAccessExpression(access) || seen.has(access.getName())) continue;
    seen.add(access.getName());
    const property = identifier.getType().getProperty(access.getName());
    const declared = property === undefined ? [] : partsOf(property.getTypeAtLocation(identifier), access);
    const actual = partsOf(access.getType(), access);
    // Under exactOptionalPropertyTypes the type of a property that may be missing does not say so.
    const readable = property?.isOptional() === true ? [...declared, "undefined"] : declared;
    if (!readable.every((part) => actual.includes(part)))
      narrowed.set(access.getName(), exactType(access.getType(), access));
  }
  return Object.fromEntries(narrowed);
}

/** The members of a union, or the type itself, as text. */
function partsOf(type: Type, at: Node): readonly string[] {
  return (type.isUnion() ? type.getUnionTypes() : [type]).map((part) => exactType(part, at));
}

/** A type as text that is valid at a node, down to the literals in it. */
function exactType(type: Type, at: Node): string {
  return type.getText(at, ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope);
}

/** Whether reading `value.property` reads a part of plain data, so that the value may be narrowed to it. */
function hasColumns(type: Type): boolean {
  const bare = type.getNonNullableType();
  return (
    bare.isObject() &&
    bare.getProperties().every((p) => p.getDeclarations().every((d) => !isLanguageLibrary(d))) &&
    bare.getCallSignatures().length === 0
  );
}

function columnsOf(identifiers: readonly Identifier[]): readonly string[] | undefined {
  const names = new Set<string>();
  for (const identifier of identifiers) {
    const parent = identifier.getParent();
    if (
      !Node.isPropertyAccessExpression(parent) ||
      parent.getExpression() !== identifier ||
      parent.hasQuestionDotToken()
    )
      return undefined;
    // Methods that every object has are no columns.
    if (identifier.getType().getNonNullableType().getProperty(parent.getName()) === undefined) return undefined;
    names.add(parent.getName());
  }
  return [...names];
}
