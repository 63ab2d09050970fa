/** Text edits: what they make of a text, and where things come to stand. */
import type { Span } from "../model/span.ts";
import type { Edit } from "./finding.ts";

/** The text of one file with its edits, which do not overlap. Edits at one place apply in the order given. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let [result, end] = ["", 0];
  for (const { span, newText } of inOrder(edits)) {
    result += text.slice(end, span.start) + newText;
    end = span.end;
  }
  return result + text.slice(end);
}

/** Whether two edits are about the same piece of text, so that they cannot both be meant. */
export function overlap(edits: readonly Edit[]): boolean {
  const ordered = inOrder(edits);
  return ordered.some(({ span }, i) => {
    const previous = ordered[i - 1]?.span;
    return previous?.file === span.file && span.start < previous.end;
  });
}

/**
 * Where the beginning of a span comes to stand: between these offsets. Not one place, since what is inserted exactly there
 * may belong before it or to it, and what is replaced has no inner places.
 */
export function placeAfter(
  { file, start }: Span,
  edits: readonly Edit[],
): { readonly from: number; readonly to: number } {
  const place = { from: start, to: start };
  for (const { span, newText } of edits.filter((edit) => edit.span.file === file)) {
    const growth = newText.length - (span.end - span.start);
    if (span.end < start || (span.end === start && span.start < start)) {
      place.from += growth;
      place.to += growth;
    } else if (span.start <= start) {
      place.from -= start - span.start;
      place.to += newText.length - (start - span.start);
    }
  }
  return place;
}

function inOrder(edits: readonly Edit[]): readonly Edit[] {
  return edits.toSorted((a, b) =>
    a.span.file === b.span.file ? a.span.start - b.span.start : a.span.file < b.span.file ? -1 : 1,
  );
}
