/** What differs between the messages with one key, as far as the program says, may be what all of them agree on. */
import type { Edit, Finding, Fix } from "../diagnostics/finding.ts";
import type { Handler, Role } from "../model/protocol.ts";
import { subterms, type Term } from "../model/term.ts";
import { termsOf } from "../analysis/inferFootprints.ts";
import { insertAt, type FixContext } from "./candidate.ts";

export function promiseColumn(finding: Finding, context: FixContext): readonly Fix[] {
  return context.protocol.roles.flatMap((role) => {
    const concerned = role.handlers.flatMap((handler) => agreementsOf(handler, finding));
    const [first] = concerned;
    if (first === undefined || concerned.some(({ key, column }) => key !== first.key || column !== first.column))
      return [];
    const imported = importOf(context, role);
    if (imported === undefined) return [];
    const promise = `@Determines(${JSON.stringify(first.key)}, ${JSON.stringify(first.column)})\n`;
    return [
      {
        title: `Promise that all messages with one \`${first.key}\` have one \`${first.column}\`, if their senders agree on it`,
        promises: true,
        edits: [
          ...imported,
          ...concerned.map(({ handler: { span } }) =>
            insertAt(context, span.file, span.start, `${promise}${" ".repeat(span.column - 1)}`),
          ),
        ],
      },
    ];
  });
}

interface Agreement {
  readonly handler: Handler;
  readonly key: string;
  readonly column: string;
}

/** The columns that an effect at this place depends on, beside the one that marks it as done. */
function agreementsOf(handler: Handler, { span }: Finding): readonly Agreement[] {
  const effects = handler.body?.effects ?? [];
  const effect = effects.find(
    (one) => one.span.start === span.start && one.span.end === span.end && one.span.file === span.file,
  );
  if (effect === undefined || effect.kind !== "send") return [];
  const marks = effects.flatMap((one) =>
    one.kind === "write" && one.operation === "add" && one.guard.length > 0 ? one.cell.keys.slice(-1) : [],
  );
  const keys = new Set(marks.flatMap(columnsIn));
  const others = new Set(
    termsOf({ ...effect, guard: [] })
      .flatMap(columnsIn)
      .filter((column) => !keys.has(column)),
  );
  const [key, ...moreKeys] = keys;
  const [column, ...more] = others;
  if (key === undefined || column === undefined || moreKeys.length > 0 || more.length > 0) return [];
  return [{ handler, key, column }];
}

function columnsIn(term: Term): readonly string[] {
  return term.kind === "payload" && term.path.length === 1 ? term.path : subterms(term).flatMap(columnsIn);
}

/** What makes `Determines` known in the file of a role; nothing when it is. */
function importOf(context: FixContext, role: Role): readonly Edit[] | undefined {
  const text = context.texts.get(role.file) ?? "";
  const statement = /import\s*\{([^}]*)\}\s*from\s*["']riven["']/.exec(text);
  if (statement === null) return undefined;
  if (/\bDetermines\b/.test(statement[1] ?? "")) return [];
  return [insertAt(context, role.file, statement.index + statement[0].indexOf("{") + 1, " Determines,")];
}
