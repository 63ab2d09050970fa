/** The value that a statement needs is computed before it, where the state is, and travels with the message. */
import { freshName, operandName, visibleNames } from "../analysis/freshNames.ts";
import type { Finding, Fix } from "../diagnostics/finding.ts";
import type { Access, HandlerBody, Region } from "../model/effect.ts";
import type { Handler } from "../model/protocol.ts";
import { contains, type Span } from "../model/span.ts";
import { indentAt, insertAt, textOf, type FixContext } from "./candidate.ts";

export function computeBefore({ span }: Finding, context: FixContext): readonly Fix[] {
  return context.protocol.roles.flatMap((role) =>
    role.handlers.flatMap((handler): readonly Fix[] => {
      const { body } = handler;
      const reads = body === undefined ? [] : readsOnly(body, span);
      if (body === undefined || reads.length === 0) return [];
      const name = freshName(operandName({ reads }), visibleNames(context.protocol, role, handler));
      const text = textOf(context, span);
      return statementsAround(context, body.root, span)
        .filter((statement) => isUnchangedSince(body, statement.span, reads))
        .filter((statement) => meansTheSame(handler, text, textOf(context, statement.span)))
        .map((statement) => ({
          title: `Compute \`${text}\` before, as \`${name}\``,
          edits: [
            insertAt(
              context,
              span.file,
              statement.span.start,
              `const ${name} = ${text};\n${indentAt(context, statement.span)}`,
            ),
            { span, newText: name },
          ],
        }));
    }),
  );
}

/** What an expression reads, if that is all that it does: evaluated earlier, it may neither throw nor change anything. */
function readsOnly({ reads, throws, effects }: HandlerBody, span: Span): readonly Access[] {
  const doesMore = [...throws, ...effects].some((one) => contains(span, one.span));
  return doesMore ? [] : reads.filter((read) => contains(span, read.span));
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

/** Whether nothing from the beginning of a statement on changes what the expression reads. */
function isUnchangedSince(body: HandlerBody, statement: Span, reads: readonly Access[]): boolean {
  const fields = new Set(reads.map(({ cell }) => cell.field));
  return !body.effects.some(
    ({ span, ...effect }) =>
      effect.kind === "write" &&
      fields.has(effect.cell.field) &&
      // What is in a helper may happen anywhere.
      !(span.file === statement.file && span.end <= statement.start),
  );
}

/** Whether the names in an expression are those of the parameters, in front of the statement as well as inside. */
function meansTheSame({ payload, from }: Handler, expression: string, statement: string): boolean {
  const names = [...expression.matchAll(/(?<![\w$.])[A-Za-z_$][\w$]*/g)].map(([name]) => name);
  const parameters = [payload?.name, from?.name, "this"];
  return names.every((name) => {
    const declared = new RegExp(String.raw`\b(?:const|let|var)\b[^;=]*\b${name}\b|\b${name}\b[^()=;]*\)?\s*=>`);
    return !name.includes("$") && parameters.includes(name) && !declared.test(statement);
  });
}
