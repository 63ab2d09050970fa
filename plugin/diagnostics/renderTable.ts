/** Rows of equal length as lines: the first column to the left, the others, which are numbers, to the right. */
export function renderTable(rows: readonly (readonly string[])[], indent = ""): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) => {
      const cells = row.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      );
      return `${indent}${cells.join("   ")}`.trimEnd();
    })
    .join("\n");
}
