import type { Component, Rewrite } from "../model/component.ts";
import { findRole, type Protocol, type Role } from "../model/protocol.ts";
import { readClassParts } from "./classParts.ts";
import { emitComponent } from "./emitComponent.ts";
import type { EmittedFile } from "./emittedFile.ts";
import { emitIndex } from "./emitIndex.ts";
import { emitRouting } from "./emitRouting.ts";
import { outputClasses } from "./outputClasses.ts";
import { selectCode } from "./selectCode.ts";
import { readSourceText } from "./sourceText.ts";
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
  const sources = new Map(
    protocol.modules.map((module) => [module.file, { module, source: readSourceText(module.text) }]),
  );
  const files = rewrite.roles.flatMap((rewritten) => {
    const role = findRole(protocol, rewritten.role);
    const origin = sources.get(role?.file ?? "");
    if (role === undefined || origin === undefined || !classes.some((output) => output.role === role.name)) return [];
    return rewritten.components.flatMap((component) =>
      emitComponent({ protocol, ...origin, folder, ending, role, rewritten, component, classes }),
    );
  });
  const membersOf = (role: Role, component: Component): ReadonlySet<string> => {
    const origin = sources.get(role.file);
    const rewritten = rewrite.roles.find(({ role: name }) => name === role.name);
    if (origin === undefined || rewritten === undefined || !classes.some((output) => output.role === role.name))
      return new Set(role.fields.map(({ name }) => name)); // the author's own class
    const parts = readClassParts(role, origin.module, origin.source);
    return selectCode(role, rewritten, component, parts, origin.source).needed;
  };
  return [
    ...files,
    emitRouting(protocol, rewrite, folder, membersOf),
    emitIndex(protocol, rewrite, classes, folder, ending),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}
