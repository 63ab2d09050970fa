/**
 * A number of messages becomes a set of those who sent them: what comes twice counts once. That is what a quorum means, and
 * it is not what a sum means; so it is offered where the number is only compared.
 */
import { inferMessageFlow, sendersOf } from "../analysis/inferMessageFlow.ts";
import type { Edit, Finding, Fix } from "../diagnostics/finding.ts";
import type { Field, Handler, Protocol, Role } from "../model/protocol.ts";
import { contains, type Span } from "../model/span.ts";
import { insertAt, textOf, type FixContext } from "./candidate.ts";
import { usesOfField } from "./usesOfField.ts";

export function countSenders(finding: Finding, context: FixContext): readonly Fix[] {
  return context.protocol.roles.flatMap((role) => {
    const field = fieldCounted(role, finding.span);
    if (field === undefined || field.span.file !== role.span.file) return [];
    const declared = textOf(context, field.span);
    for (const style of STYLES) {
      const declaration = style.declaration(declared);
      if (declaration === undefined) continue;
      const edits = editsIn(context, role, field, style);
      if (edits === undefined) continue;
      const title = `Keep in \`${field.name}\` who was counted, not how many`;
      return [{ title, edits: [{ span: field.span, newText: declaration }, ...edits] }];
    }
    return [];
  });
}

/** One way to keep a count, and how the same is kept as a set. */
interface Style {
  /** The declaration of the field with sets in the place of numbers; undefined: it is not of this style. */
  readonly declaration: (text: string) => string | undefined;
  /** Every use of the field, as groups of a pattern: what is left of it after all of these is not understood. */
  readonly uses: (field: string) => readonly Use[];
}

interface Use {
  readonly pattern: RegExp;
  /** `source` is who is counted, where somebody is. */
  readonly replacement: (match: RegExpExecArray, source: string) => string;
  readonly counts: boolean;
}

const COMPARED = String.raw`(?=\)?\s*(?:>=|===|!==|<|>|<=))`;
const NEW_SET = "new Set<string>()";

const STYLES: readonly Style[] = [
  {
    declaration: (text) => changed(text, /(\bMap<[^<>]+,\s*)number(>)/g, "$1Set<string>$2"),
    uses: (field) => {
      const old = String.raw`\(this\.${field}\.get\(([^()]+)\)\s*\?\?\s*0\)`;
      return [
        {
          pattern: new RegExp(String.raw`${old}\s*\+\s*1\b`),
          replacement: ([, key = ""], source) => `(this.${field}.get(${key}) ?? ${NEW_SET}).add(${source})`,
          counts: true,
        },
        {
          pattern: new RegExp(String.raw`${old}${COMPARED}`),
          replacement: ([, key = ""]) => `(this.${field}.get(${key})?.size ?? 0)`,
          counts: false,
        },
        {
          pattern: new RegExp(String.raw`this\.${field}\.(?:set|has|delete)\(`),
          replacement: ([text]) => text,
          counts: false,
        },
      ];
    },
  },
  {
    declaration: (text) => changed(text, /(\bRecord<[^<>]+,\s*)number(>)/g, "$1Set<string>$2"),
    uses: (field) => {
      const old = String.raw`\(this\.${field}\[([^[\]]+)\]\s*\?\?\s*0\)`;
      return [
        {
          pattern: new RegExp(String.raw`${old}\s*\+\s*1\b`),
          replacement: ([, key = ""], source) => `(this.${field}[${key}] ?? ${NEW_SET}).add(${source})`,
          counts: true,
        },
        {
          pattern: new RegExp(String.raw`${old}${COMPARED}`),
          replacement: ([, key = ""]) => `(this.${field}[${key}]?.size ?? 0)`,
          counts: false,
        },
        {
          pattern: new RegExp(String.raw`this\.${field}\[[^[\]]+\](?=\s*=[^=])`),
          replacement: ([text]) => text,
          counts: false,
        },
      ];
    },
  },
  {
    declaration: (text) =>
      /\breadonly\b/.test(text)
        ? undefined
        : changed(text, /(\w+)(?:\s*:\s*number)?\s*=\s*0\b/g, `readonly $1 = ${NEW_SET}`),
    uses: (field) => [
      {
        pattern: new RegExp(String.raw`(?:\+\+this\.${field}\b|\(?this\.${field}\s*\+=\s*1\)?)${COMPARED}`),
        replacement: (_, source) => `this.${field}.add(${source}).size`,
        counts: true,
      },
      {
        pattern: new RegExp(String.raw`\+\+this\.${field}\b|this\.${field}\+\+|this\.${field}\s*\+=\s*1\b`),
        replacement: (_, source) => `this.${field}.add(${source})`,
        counts: true,
      },
      {
        pattern: new RegExp(String.raw`this\.${field}\b${COMPARED}`),
        replacement: () => `this.${field}.size`,
        counts: false,
      },
    ],
  },
];

function changed(text: string, pattern: RegExp, replacement: string): string | undefined {
  const result = text.replace(pattern, replacement);
  return result === text ? undefined : result;
}

/** The field whose count goes up at this place. */
function fieldCounted(role: Role, span: Span): Field | undefined {
  const effects = role.handlers.flatMap(({ body }) => body?.effects ?? []);
  const counting = effects.find((effect) => effect.kind === "write" && contains(span, effect.span));
  return counting?.kind === "write" ? role.fields.find(({ name }) => name === counting.cell.field) : undefined;
}

/** All uses of the field in the class; undefined when one is of no known pattern, or nobody can be counted there. */
function editsIn(context: FixContext, role: Role, field: Field, style: Style): readonly Edit[] | undefined {
  const uses = usesOfField(context, role, field, style.uses(field.name));
  const counting = (uses ?? []).filter(({ pattern }) => pattern.counts);
  const sources = counting.map(({ handler }) => (handler === undefined ? undefined : sourceIn(handler)));
  if (uses === undefined || sources.includes(undefined)) return undefined;
  const replaced = uses.flatMap(({ pattern, match, span, handler }) => {
    const newText = pattern.replacement(match, (handler === undefined ? undefined : sourceIn(handler)) ?? "");
    return newText === match[0] ? [] : [{ span, newText }];
  });
  const compared = counting.flatMap(({ handler, span }) =>
    handler === undefined ? [] : comparisonsOf(context, handler, span.start),
  );
  const asked = new Set(
    counting.flatMap(({ handler }) => (handler?.from === undefined && handler !== undefined ? [handler] : [])),
  );
  const parameters = [...asked].map((handler) => senderParameter(context, role, handler));
  return parameters.every((edit) => edit !== undefined) ? [...replaced, ...compared, ...parameters] : undefined;
}

/** Who is counted in a handler, as its code would say it. */
function sourceIn({ from, trigger }: Handler): string | undefined {
  return trigger.kind === "message" ? `${from?.name ?? "from"}.id` : undefined;
}

/** `const n = <count>; ... n >= 2`: what is compared is the size, since the variable is the set now. */
function comparisonsOf(context: FixContext, handler: Handler, at: number): readonly Edit[] {
  const text = context.texts.get(handler.span.file) ?? "";
  const [, name] = /\b(?:const|let)\s+([\w$]+)\s*=\s*$/.exec(text.slice(handler.span.start, at)) ?? [];
  if (name === undefined) return [];
  const rest = text.slice(at, handler.span.end);
  return [...rest.matchAll(new RegExp(String.raw`(?<![\w$.])${name}\b${COMPARED}`, "g"))].map(({ index }) =>
    insertAt(context, handler.span.file, at + index + name.length, ".size"),
  );
}

/** The parameter that says who sent a message, for a handler that only one role sends to. */
function senderParameter(context: FixContext, role: Role, handler: Handler): Edit | undefined {
  const senders = new Set(
    sendersOf(inferMessageFlow(context.protocol), role.name, handler.name).map((sender) => sender.role),
  );
  const [only, ...others] = [...senders];
  const place = handler.payload?.span;
  if (only === undefined || others.length > 0 || place === undefined || !importsRef(context.protocol, role))
    return undefined;
  return insertAt(context, place.file, place.end, `, from: Ref<${only}>`);
}

function importsRef({ modules }: Protocol, role: Role): boolean {
  const declarations = modules.find(({ file }) => file === role.file)?.declarations ?? [];
  return declarations.some(({ name, imported }) => name === "Ref" && imported?.module === "riven");
}
