/** Which classes come out, how they are called, and which roles stay as they are. */
import type { Component, RewrittenRole, Rewrite } from "../model/component.ts";
import { findRole, type Protocol, type Role } from "../model/protocol.ts";
import { EmissionError } from "./emissionError.ts";
import type { ImportedName } from "./imports.ts";
import { componentClass, componentFile, freshName } from "./names.ts";
import { specifierOf, type ImportEnding } from "./specifiers.ts";

/** The class that a component becomes. */
export interface OutputClass {
  readonly role: string;
  readonly component: string;
  readonly name: string;
  /** Relative to the project's root. */
  readonly path: string;
}

/** The classes of the roles that a plan touches, in the order of the rewrite. */
export function outputClasses(protocol: Protocol, rewrite: Rewrite, folder: string): readonly OutputClass[] {
  // A generated class must not be called like anything that its statements refer to.
  const taken = new Set(protocol.modules.flatMap(({ declarations }) => declarations.map(({ name }) => name)));
  return rewrite.roles
    .filter((rewritten) => isTouched(rewritten) && findRole(protocol, rewritten.role)?.external === false)
    .flatMap(({ role, components }) =>
      components.map(({ name: component }) => ({
        role,
        component,
        name: freshName(componentClass(role, component), taken),
        path: `${folder}/${componentFile(role, component)}`,
      })),
    );
}

/** Whether anything of a role is other than the author wrote it. */
function isTouched({ components }: RewrittenRole): boolean {
  const [only, ...others] = components;
  return others.length > 0 || (only !== undefined && !isUntouched(only));
}

function isUntouched({ forwards, partitioning, proofs }: Component): boolean {
  return forwards.length === 0 && partitioning === undefined && proofs.length === 0;
}

/**
 * How a generated file imports the class of a role as the author wrote it.
 *
 * @throws EmissionError when the author's module does not export it.
 */
export function originalRole(protocol: Protocol, role: Role, folder: string, ending: ImportEnding): ImportedName {
  if (!role.exported) {
    throw new EmissionError(`Generated code has to import the role ${role.name}: export the class.`, role.nameSpan);
  }
  const text = protocol.modules.find(({ file }) => file === role.file)?.text ?? "";
  const isDefault = /\bexport\s+default\s[^;{]*$/.test(text.slice(role.span.start, role.nameSpan.start));
  return {
    specifier: specifierOf(role.file, folder, ending),
    name: isDefault ? "default" : role.name,
    local: role.name,
    typeOnly: false,
  };
}

/** The files that a protocol was read from, for headers. */
export function filesOf(protocol: Protocol): string {
  return [...new Set(protocol.roles.map(({ file }) => file))].sort().join(", ");
}
