/** The places where a class uses a field, each as one of several patterns: what is none of them is not understood. */
import type { Field, Handler, Role } from "../model/protocol.ts";
import type { Span } from "../model/span.ts";
import { spanIn, type FixContext } from "./candidate.ts";

export interface FieldUse<Pattern> {
  readonly pattern: Pattern;
  readonly match: RegExpExecArray;
  readonly span: Span;
  /** Undefined: it is in a helper. */
  readonly handler: Handler | undefined;
}

/** All uses of a field, in order; undefined when one is of no pattern. Earlier patterns are preferred. */
export function usesOfField<Pattern extends { readonly pattern: RegExp }>(
  context: FixContext,
  { span: { file, start, end }, handlers }: Role,
  { name }: Field,
  patterns: readonly Pattern[],
): readonly FieldUse<Pattern>[] | undefined {
  const text = context.texts.get(file)?.slice(0, end) ?? "";
  const uses: FieldUse<Pattern>[] = [];
  const any = [...patterns.map(({ pattern }) => pattern.source), String.raw`this\.${name}\b`];
  for (const { index, 0: found } of text.matchAll(new RegExp(any.map((one) => `(?:${one})`).join("|"), "g"))) {
    if (index < start) continue;
    const use = patterns
      .map((pattern) => ({ pattern, match: matchAt(pattern.pattern, text, index) }))
      .find(({ match }) => match?.[0].length === found.length);
    if (use?.match == null) return undefined;
    const handler = handlers.find(
      (one) => one.span.file === file && one.span.start <= index && index + found.length <= one.span.end,
    );
    uses.push({
      pattern: use.pattern,
      match: use.match,
      span: spanIn(context, file, index, index + found.length),
      handler,
    });
  }
  return uses;
}

function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  const sticky = new RegExp(pattern.source, "y");
  sticky.lastIndex = index;
  return sticky.exec(text);
}
