/** Puts a file together from generated text and pieces of the author's source, which keep their places in the map. */
import MagicString, { Bundle } from "magic-string";
import type { Range } from "./sourceText.ts";

/** Other text instead of a piece of the source. */
export interface Edit extends Range {
  readonly text: string;
}

/** A file, and which part of the source it is. */
export interface Origin extends Range {
  readonly file: string;
}

export class PieceWriter {
  private readonly bundle = new Bundle({ separator: "" });
  private readonly sources: readonly (Range & { readonly text: MagicString })[];

  /** @param origins With how the map names each file: its path as seen from the generated file. */
  constructor(
    private readonly text: string,
    origins: readonly Origin[],
  ) {
    this.sources = origins.map(({ file, start, end }) => ({
      start,
      end,
      text: new MagicString(text.slice(start, end), { filename: file }),
    }));
  }

  /** Text that has no place in the source. */
  generated(text: string): void {
    this.bundle.addSource({ content: new MagicString(text) });
  }

  /** A piece of the source, with edits inside it; of two that overlap the earlier one counts. LF throughout. */
  original({ start, end }: Range, edits: readonly Edit[] = []): void {
    if (start === end) return;
    const source = this.sources.find((one) => one.start <= start && end <= one.end);
    if (source === undefined) throw new Error(`There is no source from ${String(start)} to ${String(end)}.`);
    const piece = source.text.snip(start - source.start, end - source.start);
    let done = start;
    for (const edit of [...edits, ...this.carriageReturns(start, end)].sort(
      (a, b) => a.start - b.start || b.end - a.end,
    )) {
      if (edit.start < done || edit.end > end) continue;
      const [from, to] = [edit.start - source.start, edit.end - source.start];
      if (from === to) piece.appendLeft(from, edit.text);
      else if (edit.text === "") piece.remove(from, to);
      else piece.update(from, to, edit.text);
      done = edit.end;
    }
    this.bundle.addSource({ content: piece });
  }

  private carriageReturns(start: number, end: number): readonly Edit[] {
    return [...this.text.slice(start, end).matchAll(/\r(?=\n)/g)].map(({ index }) => ({
      start: start + index,
      end: start + index + 1,
      text: "",
    }));
  }

  toString(): string {
    return this.bundle.toString();
  }

  /** The source map of what was written so far, as the fields of its file. */
  map(file: string): { readonly [key: string]: unknown } {
    const { version, sources, names, mappings } = this.bundle.generateMap({ hires: "boundary", includeContent: false });
    return { version, file, sources, names, mappings };
  }
}
