import type { Protocol } from "../model/protocol.ts";
import type { Span } from "../model/span.ts";

const MAX_LENGTH = 60;

/** A piece of the source as it fits into a sentence, in backquotes; `otherwise` when the text is not at hand. */
export function quote(protocol: Protocol, span: Span, otherwise: string): string {
  const source = protocol.modules.find((module) => module.file === span.file);
  const text = source?.text.slice(span.start, span.end).replace(/\s+/g, " ").trim();
  const shown = text === undefined || text === "" ? otherwise : text;
  return `\`${shown.length <= MAX_LENGTH ? shown : `${shown.slice(0, MAX_LENGTH - 3)}...`}\``;
}

/** `a`, `a and b`, `a, b and c` */
export function list(items: readonly string[], conjunction = "and"): string {
  const last = items.at(-1);
  if (last === undefined) return "";
  return items.length === 1 ? last : `${items.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}

/** Names in backquotes, as a list. */
export function names(items: readonly string[], conjunction = "and"): string {
  return list(
    items.map((item) => `\`${item}\``),
    conjunction,
  );
}
