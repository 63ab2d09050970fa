import type { Component, Rewrite } from "../model/component.ts";
import { findRole, type Protocol, type Role } from "../model/protocol.ts";
import { readClassParts } from "./classParts.ts";
import { emitComponent } from "./emitComponent.ts";
import type { EmittedFile } from "./emittedFile.ts";
import { emitIndex } from "./emitIndex.ts";
import { emitRouting } from "./emitRouting.ts";
import { outputClasses } from "./outputClasses.ts";
import { selectCode } from "./selectCode.ts";
import { gatherRoleText } from "./roleText.ts";
import { importEnding } from "./specifiers.ts";

/**
 * Writes a rewritten protocol out as TypeScript: a class with its source map for every component of the roles that a
 * plan touches, `routing.ts` and `index.ts`. Equal input gives equal bytes.
 *
 * @param options.folder Where the files go, relative to the project's root, with forward slashes.
 * @throws EmissionError when the author's text does not allow it: a role that is not exported, for instance.
 */
export function emitComponents(
  protocol: Protocol,
  rewrite: Rewrite,
  options: { readonly folder: string },
): readonly EmittedFile[] {
  const folder = options.folder.replace(/\/+$/, "");
  const ending = importEnding(protocol);
  const classes = outputClasses(protocol, rewrite, folder);
  const texts = new Map(
    rewrite.roles.flatMap((rewritten) => {
      const role = findRole(protocol, rewritten.role);
      if (role === undefined || !classes.some((output) => output.role === role.name)) return [];
      const text = gatherRoleText(role, rewritten, protocol.modules);
      return text === undefined ? [] : [[role.name, text] as const];
    }),
  );
  const files = [...texts.values()].flatMap((text) =>
    text.rewritten.components.flatMap((component) =>
      emitComponent({ protocol, ...text, folder, ending, component, classes }),
    ),
  );
  const membersOf = (role: Role, component: Component): ReadonlySet<string> => {
    const text = texts.get(role.name);
    const shifted = text?.rewritten.components.find(({ name }) => name === component.name);
    if (text === undefined || shifted === undefined) return new Set(role.fields.map(({ name }) => name)); // the author's own class
    const parts = readClassParts(text.role, text.module, text.source);
    return selectCode(text.role, text.rewritten, shifted, parts, text.source).needed;
  };
  return [
    ...files,
    emitRouting(protocol, rewrite, folder, ending, membersOf),
    emitIndex(protocol, rewrite, classes, folder, ending),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}
