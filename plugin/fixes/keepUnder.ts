/** A map that is kept under a column first: one map for each of its values, so that each can be kept elsewhere. */
import type { Edit } from "../diagnostics/finding.ts";
import type { Field, Role } from "../model/protocol.ts";
import { textOf, type FixContext } from "./candidate.ts";
import { usesOfField } from "./usesOfField.ts";

interface Access {
  readonly pattern: RegExp;
  /** The same, in the map that is kept under `key`. */
  readonly nested: (match: RegExpExecArray, key: string) => string;
}

/** Undefined when the field is no map of its own, or is used in a way that has no counterpart. */
export function keepUnder(
  context: FixContext,
  role: Role,
  field: Field,
  column: { readonly name: string; readonly type: string },
): readonly Edit[] | undefined {
  const declared = textOf(context, field.span);
  const [, types] = /=\s*new Map<(.*)>\(\);?$/.exec(declared) ?? [];
  const uses = types === undefined ? undefined : usesOfField(context, role, field, accessesTo(field.name, types));
  if (uses === undefined || declared.includes(":")) return undefined;
  const edits = uses.map(({ pattern, match, span, handler }): Edit | undefined => {
    const name = handler?.payload?.name;
    // The check says whether the message of a handler has the column.
    if (name === undefined) return undefined;
    const key = name.startsWith("{") ? column.name : `${name}.${column.name}`;
    return { span, newText: pattern.nested(match, key) };
  });
  const declaration = declared.replace(/<.*>/, `<${column.type}, Map<${types ?? ""}>>`);
  return edits.every((edit) => edit !== undefined) ? [{ span: field.span, newText: declaration }, ...edits] : undefined;
}

/** Calls whose arguments have no more than one call in them. */
const ARGUMENTS = String.raw`\(((?:[^()]|\([^()]*\))*)\)`;

function accessesTo(field: string, types: string): readonly Access[] {
  const call = (method: string): RegExp => new RegExp(String.raw`this\.${field}\.${method}${ARGUMENTS}`);
  return [
    {
      pattern: call("set"),
      nested: ([, args = ""], key) =>
        `this.${field}.set(${key}, (this.${field}.get(${key}) ?? new Map<${types}>()).set(${args}))`,
    },
    { pattern: call("get"), nested: ([, args = ""], key) => `this.${field}.get(${key})?.get(${args})` },
    { pattern: call("delete"), nested: ([, args = ""], key) => `this.${field}.get(${key})?.delete(${args})` },
    { pattern: call("has"), nested: ([, args = ""], key) => `(this.${field}.get(${key})?.has(${args}) === true)` },
  ];
}
