/** Text edits of the modifiers of a declaration. */
import { Node, type ModifierableNode } from "ts-morph";
import type { Fix } from "../../diagnostics/finding.ts";
import { spanBetween } from "./spanOf.ts";

type Edit = Fix["edits"][number];

/** Adds `private` (or `protected`), in the place of `public` where that is written. */
export function hide(declaration: Node & ModifierableNode, scope: "private" | "protected", root: string): Edit {
  const removed = removeModifier(declaration, "public", root);
  return removed === undefined ? addModifier(declaration, scope, root) : { ...removed, newText: `${scope} ` };
}

/** Puts a modifier before all others, where every accessibility modifier and `export` belong. */
export function addModifier(declaration: Node & ModifierableNode, text: string, root: string): Edit {
  const at = startAfterDecorators(declaration);
  return { span: spanBetween(declaration.getSourceFile(), at, at, root), newText: `${text} ` };
}

/** Puts text before a node that is there already. */
export function insertBefore(node: Node, text: string, root: string): Edit {
  return { span: spanBetween(node.getSourceFile(), node.getStart(), node.getStart(), root), newText: text };
}

/** Removes a modifier and the space behind it; undefined when it is not there. */
export function removeModifier(declaration: Node & ModifierableNode, text: string, root: string): Edit | undefined {
  const modifier = declaration.getModifiers().find((candidate) => candidate.getText() === text);
  if (modifier === undefined) return undefined;
  const source = declaration.getSourceFile();
  let end = modifier.getEnd();
  while (/\s/.test(source.getFullText().charAt(end))) end += 1;
  return { span: spanBetween(source, modifier.getStart(), end, root), newText: "" };
}

/** Where the first modifier stands, or would stand. */
function startAfterDecorators(declaration: Node & ModifierableNode): number {
  const modifier = declaration.getModifiers().find((candidate) => !Node.isDecorator(candidate));
  if (modifier !== undefined) return modifier.getStart();
  const decorators = Node.isDecoratable(declaration) ? declaration.getDecorators() : [];
  const last = decorators.at(-1);
  if (last === undefined) return declaration.getStart();
  const source = declaration.getSourceFile().getFullText();
  let at = last.getEnd();
  for (;;) {
    const trivia = /^(\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)/.exec(source.slice(at));
    if (trivia === null) return at;
    at += trivia[0].length;
  }
}
