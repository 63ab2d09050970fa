/** The fix for a field that keeps references: keep their ids, where every use of the field allows that. */
import { Node, type Expression, type PropertyDeclaration, type SourceFile } from "ts-morph";
import type { Fix } from "../../diagnostics/finding.ts";
import { isOnlyRef } from "../syntax/rivenTypes.ts";
import { spanBetween, spanOf } from "../syntax/spanOf.ts";

type Edit = Fix["edits"][number];

const TAKES_ELEMENT: ReadonlySet<string> = new Set([
  "add",
  "has",
  "delete",
  "push",
  "unshift",
  "includes",
  "indexOf",
  "get",
]);
const HARMLESS: ReadonlySet<string> = new Set(["size", "length", "clear"]);

/**
 * Replaces `Ref<...>` by `string` in the declaration of a field, and `ref` by `ref.id` wherever one goes in. Undefined
 * when something uses the references that come out: what that should become is not mechanical.
 */
export function keepIdsFix(field: PropertyDeclaration, sources: readonly SourceFile[], root: string): Fix | undefined {
  const types = field.getDescendants().filter((node) => Node.isTypeReference(node) && isOnlyRef(node.getType()));
  if (types.length === 0) return undefined;
  const edits: Edit[] = types.map((node) => ({ span: spanOf(node, root), newText: "string" }));
  for (const use of usesOf(field, sources)) {
    const edit = editOfUse(use, root);
    if (edit === "unclear") return undefined;
    if (edit !== "none") edits.push(edit);
  }
  return { title: `Keep ids in ${field.getName()}`, edits };
}

function usesOf(field: PropertyDeclaration, sources: readonly SourceFile[]): readonly Node[] {
  return sources.flatMap((source) =>
    source
      .getDescendants()
      .filter(
        (node) =>
          Node.isPropertyAccessExpression(node) && node.getNameNode().getSymbol()?.getValueDeclaration() === field,
      ),
  );
}

function editOfUse(use: Node, root: string): Edit | "none" | "unclear" {
  const parent = use.getParent();
  if (Node.isBinaryExpression(parent) && parent.getLeft() === use && parent.getOperatorToken().getText() === "=") {
    return goingIn(parent.getRight(), root);
  }
  if (!Node.isPropertyAccessExpression(parent) || parent.getExpression() !== use) return "unclear";
  const name = parent.getName();
  if (HARMLESS.has(name)) return "none";
  if (name === "id")
    return { span: spanBetween(use.getSourceFile(), use.getEnd(), parent.getEnd(), root), newText: "" };
  const call = parent.getParent();
  if (!Node.isCallExpression(call) || call.getExpression() !== parent) return "unclear";
  const [first, second] = call.getArguments();
  const isKey = name === "set" && second !== undefined && !isOnlyRef(second.getType());
  if (!Node.isExpression(first) || !(isKey || TAKES_ELEMENT.has(name))) return "unclear";
  return goingIn(first, root);
}

function goingIn(value: Expression, root: string): Edit | "none" | "unclear" {
  if (value.getType().isUndefined()) return "none";
  const isSimple = Node.isIdentifier(value) || Node.isPropertyAccessExpression(value) || Node.isCallExpression(value);
  if (!isSimple || !isOnlyRef(value.getType())) return "unclear";
  return { span: spanBetween(value.getSourceFile(), value.getEnd(), value.getEnd(), root), newText: ".id" };
}
