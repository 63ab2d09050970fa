/** Where text comes to stand when other text is changed. */
import fc from "fast-check";
import { applyEdits, overlap, placeAfter } from "../../../plugin/diagnostics/applyEdits.ts";
import type { Edit } from "../../../plugin/diagnostics/finding.ts";

function edit(start: number, end: number, newText: string): Edit {
  return { span: { file: "a.ts", start, end, line: 1, column: start + 1, endLine: 1, endColumn: end + 1 }, newText };
}

/** Edits that do not overlap, of a text of this length. */
const edits = (length: number): fc.Arbitrary<readonly Edit[]> =>
  fc
    .array(fc.tuple(fc.nat(length), fc.string({ maxLength: 4 })), { maxLength: 4 })
    .map((places) => places.toSorted(([a], [b]) => a - b))
    .map((places) =>
      places.flatMap(([place, text], i) =>
        i % 2 === 1 ? [] : [edit(place, places[i + 1]?.[0] ?? place, text.replaceAll("@", "!"))],
      ),
    );

test("what is not edited is found again where it is said to be", () => {
  const cases = fc
    .string({ maxLength: 20 })
    .chain((text) => fc.tuple(fc.constant(text), fc.nat(text.length), edits(text.length)));
  fc.assert(
    fc.property(cases, ([original, at, changes]) => {
      // A mark that is nowhere else, at a place that no edit is at.
      if (changes.some(({ span }) => span.start <= at && at <= span.end)) return;
      const plain = original.replaceAll("@", "!");
      const marked = `${plain.slice(0, at)}@${plain.slice(at)}`;
      const moved = changes.map((one) =>
        one.span.start > at ? edit(one.span.start + 1, one.span.end + 1, one.newText) : one,
      );
      const { from, to } = placeAfter(edit(at, at, "").span, changes);
      expect(from).toBe(to);
      expect(applyEdits(marked, moved).indexOf("@")).toBe(from);
    }),
  );
});

test("what is inserted exactly there may belong before it or to it", () => {
  expect(placeAfter(edit(3, 5, "").span, [edit(3, 3, "ab")])).toEqual({ from: 3, to: 5 });
  expect(placeAfter(edit(3, 5, "").span, [edit(1, 4, "abcdef")])).toEqual({ from: 1, to: 7 });
  expect(placeAfter(edit(3, 5, "").span, [edit(0, 3, "")])).toEqual({ from: 0, to: 0 });
});

test("edits at one place apply in the order given, and those of one piece of text do not fit together", () => {
  expect(applyEdits("xyz", [edit(1, 1, "a"), edit(1, 1, "b"), edit(2, 3, "")])).toBe("xaby");
  expect(overlap([edit(1, 1, "a"), edit(1, 1, "b")])).toBe(false);
  expect(overlap([edit(1, 3, "a"), edit(2, 4, "b")])).toBe(true);
});
