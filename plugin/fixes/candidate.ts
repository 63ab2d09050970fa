/** A candidate: a change that may mend a finding. Whether it does is found out by compiling it, not by arguing here. */
import type { Edit, Finding, Fix } from "../diagnostics/finding.ts";
import type { Protocol, Role } from "../model/protocol.ts";
import type { RequestedComponent, RequestedPlan } from "../model/requestedPlan.ts";
import { contains, type Span } from "../model/span.ts";

/** What candidates are made from. */
export interface FixContext {
  readonly protocol: Protocol;
  readonly plans: readonly RequestedPlan[];
  /** The files of the protocol and its plan, by the path in spans. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Proposes changes for a finding, the best one first. Cheap: whether a change is right is not decided here. */
export type Proposer = (finding: Finding, context: FixContext) => readonly Fix[];

export function textOf({ texts }: FixContext, { file, start, end }: Span): string {
  return texts.get(file)?.slice(start, end) ?? "";
}

/** The place of a piece of a file's text. */
export function spanIn({ texts }: FixContext, file: string, start: number, end: number): Span {
  const text = texts.get(file) ?? "";
  const [first, last] = [positionOf(text, start), positionOf(text, end)];
  return { file, start, end, line: first.line, column: first.column, endLine: last.line, endColumn: last.column };
}

export function insertAt(context: FixContext, file: string, offset: number, newText: string): Edit {
  return { span: spanIn(context, file, offset, offset), newText };
}

/** The white space that the line of a place begins with. */
export function indentAt({ texts }: FixContext, { file, start }: Span): string {
  const before = texts.get(file)?.slice(0, start) ?? "";
  return /^[ \t]*/.exec(before.slice(before.lastIndexOf("\n") + 1))?.[0] ?? "";
}

function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

/** A component of a plan that a finding is about. */
export interface Concerned {
  readonly role: Role;
  readonly component: RequestedComponent;
}

/** The components of the plan that a finding names a place of, here or in what is related. */
export function componentsConcerned({ span, related }: Finding, { protocol, plans }: FixContext): readonly Concerned[] {
  const places = [span, ...related.map((one) => one.span)];
  return plans.flatMap((plan) => {
    const role = protocol.roles.find(({ name }) => name === plan.role);
    if (role === undefined) return [];
    return plan.components
      .filter((component) => {
        const whole = component.span;
        return whole !== undefined && places.some((place) => contains(whole, place));
      })
      .map((component) => ({ role, component }));
  });
}
