/** Histories as text: a line for each process. */
import type { Operation } from "../history.ts";
import { layOut, type Drawing } from "./timeline.ts";

/**
 *     0  [write 1  ]      [read → 2 ]
 *     1        [write 2 ]
 *
 * An open operation has no closing bracket; operations that are marked have `<` and `>` instead of brackets.
 */
export function renderHistory<Input, Output>(
  operations: readonly Operation<Input, Output>[],
  drawing: Drawing<Input, Output>,
): string {
  const { rows, columns, drawn } = layOut(operations, drawing);
  const width = Math.max(0, ...rows.map((row) => row.length));
  const lines = rows.map((row) => ({ name: row.padStart(width), cells: Array.from({ length: columns }, () => " ") }));
  for (const { row, from, to, label, isOpen, isMarked } of drawn) {
    const cells = lines[row]?.cells;
    if (cells === undefined) continue;
    const inside = label.padEnd(to - from - 1, isOpen ? "·" : " ");
    const text = `${isMarked ? "<" : "["}${inside}${isOpen ? "·" : isMarked ? ">" : "]"}`;
    for (let i = 0; i < text.length; i++) cells[from + i] = text.charAt(i);
  }
  return lines.map(({ name, cells }) => `${name}  ${cells.join("")}`.trimEnd()).join("\n");
}
