/** The value that a statement needs is computed before it, where the state is, and travels with the message. */
import { freshName, operandName, visibleNames } from "../analysis/freshNames.ts";
import type { Finding, Fix } from "../diagnostics/finding.ts";
import type { HandlerBody, Operand, Region } from "../model/effect.ts";
import { contains, type Span } from "../model/span.ts";
import { indentAt, insertAt, textOf, type FixContext } from "./candidate.ts";

export function computeBefore(finding: Finding, context: FixContext): readonly Fix[] {
  return context.protocol.roles.flatMap((role) =>
    role.handlers.flatMap((handler): readonly Fix[] => {
      const { body } = handler;
      const operand = body === undefined ? undefined : operandAt(body.root, finding.span);
      if (body === undefined || operand === undefined || operand.throws !== undefined) return [];
      const name = freshName(operandName(operand), visibleNames(context.protocol, role, handler));
      const text = textOf(context, operand.span);
      return statementsAround(context, body.root, operand.span)
        .filter(({ span }) => isUnchangedSince(body, span, operand))
        .map(({ span }) => ({
          title: `Compute \`${text}\` before, as \`${name}\``,
          edits: [
            insertAt(context, span.file, span.start, `const ${name} = ${text};\n${indentAt(context, span)}`),
            { span: operand.span, newText: name },
          ],
        }));
    }),
  );
}

function operandAt(region: Region, span: Span): Operand | undefined {
  const here = region.operands.find((operand) => contains(operand.span, span) && contains(span, operand.span));
  if (here !== undefined) return here;
  for (const child of region.children) {
    const found = operandAt(child, span);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The statements that an expression is in, from the outermost one: those that begin a line. */
function statementsAround(context: FixContext, region: Region, span: Span): readonly Region[] {
  const inside = region.children.filter((child) => contains(child.span, span));
  return inside.flatMap((child) => [
    ...(child.kind !== "block" && beginsLine(context, child.span) ? [child] : []),
    ...statementsAround(context, child, span),
  ]);
}

function beginsLine({ texts }: FixContext, { file, start }: Span): boolean {
  const before = texts.get(file)?.slice(0, start) ?? "";
  return before.slice(before.lastIndexOf("\n") + 1).trim() === "";
}

/** Whether nothing between the beginning of a statement and the expression in it changes what the expression reads. */
function isUnchangedSince(body: HandlerBody, statement: Span, { reads, effects = [] }: Operand): boolean {
  const fields = new Set(reads.map(({ cell }) => cell.field));
  const changed = body.effects.some(
    (effect) => effect.kind === "write" && fields.has(effect.cell.field) && !isBefore(effect.span, statement),
  );
  return effects.length === 0 && !changed;
}

/** Whether it has happened when a statement of the same text begins; what is in a helper may happen anywhere. */
function isBefore(effect: Span, statement: Span): boolean {
  return effect.file === statement.file && effect.end <= statement.start;
}
