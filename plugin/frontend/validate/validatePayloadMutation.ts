import { Node, type Expression, type Type } from "ts-morph";
import { excerpt } from "../syntax/excerpt.ts";
import { withoutAssertions } from "../syntax/literalOf.ts";
import { mutationsIn, type Mutation } from "../syntax/mutations.ts";
import { walk } from "../syntax/walk.ts";
import type { Check, Validator } from "./check.ts";
import type { Origins } from "./origins.ts";

/** RVN123 and RVN136: payloads are frozen; changing one throws, and so does changing state that is one. */
export const validatePayloadMutation: Validator = (check) => {
  const kept = check.units.flatMap((unit) => keptPayloads(unit, check.origins));
  for (const mutation of check.units.flatMap(mutationsIn)) {
    if (mutation.kind === "object") checkMutation(mutation, kept, check);
  }
};

/** A part of a payload that is made part of the state. */
interface Kept {
  readonly field: Node;
  readonly path: readonly string[];
  readonly at: Node;
}

function checkMutation(mutation: Mutation, kept: readonly Kept[], { origins, report }: Check): void {
  for (const { kind, root, path, isCopy } of origins.of(mutation.target)) {
    if (isCopy) continue;
    if (kind === "payload") {
      report(
        "RVN123",
        `${excerpt(mutation.node)} changes the payload of a message, which is frozen, so it throws.`,
        mutation.node,
      );
      return;
    }
    const alias = kept.find((part) => part.field === root && part.path.every((step, i) => path[i] === step));
    if (alias === undefined) continue;
    report(
      "RVN136",
      `${excerpt(mutation.node)} changes state that is part of a payload, which is frozen, so it throws.`,
      mutation.node,
      {
        related: [{ message: "The payload becomes part of the state here.", at: alias.at }],
      },
    );
    return;
  }
}

function keptPayloads(unit: Node, origins: Origins): readonly Kept[] {
  const kept: Kept[] = [];
  const keep = (place: Expression, steps: readonly string[], value: Node | undefined): void => {
    if (value === undefined || !Node.isExpression(value)) return;
    const parts = payloadParts(value, origins);
    if (parts.length === 0) return;
    for (const { kind, root, path, isCopy } of origins.of(place)) {
      if (kind !== "state" || isCopy) continue;
      for (const part of parts) kept.push({ field: root, path: [...path, ...steps, ...part], at: value });
    }
  };
  walk(unit, (node) => {
    if (Node.isBinaryExpression(node) && node.getOperatorToken().getText() === "=") {
      const left = node.getLeft();
      if (Node.isElementAccessExpression(left)) keep(left.getExpression(), ["[]"], node.getRight());
      else if (Node.isPropertyAccessExpression(left)) keep(left, [], node.getRight());
    }
    const callee = Node.isCallExpression(node) ? node.getExpression() : undefined;
    if (!Node.isCallExpression(node) || !Node.isPropertyAccessExpression(callee)) return;
    const [first, second] = node.getArguments();
    if (callee.getName() === "set") keep(callee.getExpression(), ["[]"], second);
    if (["add", "push", "unshift"].includes(callee.getName())) keep(callee.getExpression(), ["[]"], first);
  });
  return kept;
}

/** The paths inside a value that lead to objects of a payload; the empty path is the value itself. */
function payloadParts(value: Expression, origins: Origins): readonly (readonly string[])[] {
  const bare = withoutAssertions(value);
  if (Node.isObjectLiteralExpression(bare)) {
    const parts = new Map<string, readonly (readonly string[])[]>();
    for (const property of bare.getProperties()) {
      if (Node.isSpreadAssignment(property)) {
        const from = property.getExpression();
        const isPayload = origins.of(from).some(({ kind }) => kind === "payload");
        for (const name of objectProperties(from.getType(), from)) parts.set(name, isPayload ? [[]] : []);
      } else if (Node.isPropertyAssignment(property)) {
        parts.set(property.getName(), payloadParts(property.getInitializerOrThrow(), origins));
      } else if (Node.isShorthandPropertyAssignment(property)) {
        parts.set(property.getName(), payloadParts(property.getNameNode(), origins));
      }
    }
    return [...parts].flatMap(([name, inside]) => inside.map((path) => [name, ...path]));
  }
  if (!isMutable(bare.getType())) return [];
  return origins.of(bare).flatMap(({ kind, isCopy }) => {
    if (kind !== "payload") return [];
    return isCopy ? copiedParts(bare) : [[]];
  });
}

function copiedParts(value: Expression): readonly (readonly string[])[] {
  const type = value.getType();
  const element = type.getArrayElementType();
  if (element !== undefined) return isMutable(element) ? [["[]"]] : [];
  return objectProperties(type, value).map((name) => [name]);
}

function objectProperties(type: Type, at: Node): readonly string[] {
  return type
    .getProperties()
    .filter((property) => isMutable(property.getTypeAtLocation(at)))
    .map((property) => property.getName());
}

function isMutable(type: Type): boolean {
  return type.isUnion() ? type.getUnionTypes().some(isMutable) : type.isObject() || type.isIntersection();
}
