/** Names for what a rewrite introduces: readable, and taken by nothing that is visible at the place. */
import type { Operand, Region } from "../model/effect.ts";
import type { Handler, Protocol, Role } from "../model/protocol.ts";

const RESERVED = new Set(
  (
    "break case catch class const continue debugger default delete do else enum export extends false finally for " +
    "function if import in instanceof new null return super switch this throw true try typeof var void while with " +
    "yield let static implements interface package private protected public await async of arguments eval undefined " +
    "from constructor prototype"
  ).split(" "),
);

/** `wanted`, or `wanted2`, `wanted3` and so on. */
export function freshName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted) && !RESERVED.has(wanted)) return wanted;
  for (let n = 2; ; n += 1) {
    const candidate = `${wanted}${String(n)}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** A name for the value of an expression that is computed ahead: that of the state that it reads. */
export function operandName(operand: Pick<Operand, "reads">): string {
  const field = operand.reads[0]?.cell.field;
  if (field === undefined) return "value";
  const name = field.replace(/^[_$]+/, "");
  return name === "" ? "value" : name.charAt(0).toLowerCase() + name.slice(1);
}

/** Every name that code of this handler may see: locals, parameters, and the top of its module. */
export function visibleNames(protocol: Protocol, role: Role, handler: Handler): ReadonlySet<string> {
  const taken = new Set<string>(role.members.flatMap(({ names }) => names));
  const source = protocol.modules.find(({ file }) => file === role.file);
  for (const { name } of source?.declarations ?? []) taken.add(name);
  for (const parameter of [handler.payload, handler.from]) if (parameter !== undefined) taken.add(parameter.name);
  const visit = (region: Region): void => {
    for (const name of region.declares) taken.add(name);
    for (const { name } of region.uses) taken.add(name);
    for (const name of region.assigns) taken.add(name);
    region.children.forEach(visit);
  };
  if (handler.body !== undefined) visit(handler.body.root);
  return taken;
}

/** `propose` and `vote` make `proposeVote`; and `accepted`, which only keeps something in `_votes`, `acceptedVotes`. */
export function forwardName(handler: string, messagesOrFields: readonly string[]): string {
  const first = messagesOrFields[0]?.replace(/^[_$]+(?=.)/, "") ?? "";
  return handler + first.charAt(0).toUpperCase() + first.slice(1);
}
