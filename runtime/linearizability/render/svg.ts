/** Histories as pictures: a row for each process, a bar for each operation, and a point where it takes effect. */
import type { Operation } from "../history.ts";
import { layOut, type Drawing, type Drawn } from "./timeline.ts";

export interface Picture<Input, Output> extends Drawing<Input, Output> {
  readonly title: string;
}

/** All lengths in pixels. */
const CHARACTER = 8;
const ROW = 44;
const BAR = 26;
const MARGIN = 16;
const HEADER = 44;
const FOOTER = 40;

const INK = "#1f2933";
const STYLES = {
  plain: { fill: "#dbeafe", stroke: "#3b6fb5" },
  open: { fill: "#f1f3f5", stroke: "#8a94a0" },
  marked: { fill: "#fde0dc", stroke: "#c0392b" },
} as const;

/** A whole SVG document. The same history gives the same picture. */
export function renderHistoryAsSvg<Input, Output>(
  operations: readonly Operation<Input, Output>[],
  picture: Picture<Input, Output>,
): string {
  const { rows, columns, drawn } = layOut(operations, picture);
  const left = MARGIN + (Math.max(0, ...rows.map((row) => row.length)) + 2) * CHARACTER;
  const legend = legendOf(drawn);
  const width = Math.max(
    left + columns * CHARACTER + MARGIN,
    2 * MARGIN + CHARACTER * Math.max(picture.title.length + 2, legend.length),
  );
  const height = HEADER + rows.length * ROW + FOOTER;
  const y = (row: number): number => HEADER + row * ROW;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(picture.title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13" fill="${INK}">`,
    `<text x="${MARGIN}" y="${MARGIN + 12}" font-weight="bold">${escaped(picture.title)}</text>`,
    ...rows.flatMap((row, i) => [
      `<line x1="${left}" y1="${y(i) + ROW / 2}" x2="${width - MARGIN}" y2="${y(i) + ROW / 2}" stroke="#e3e7eb"/>`,
      `<text x="${left - CHARACTER}" y="${y(i) + ROW / 2 + 5}" text-anchor="end">${escaped(row)}</text>`,
    ]),
    ...drawn.map((one) => bar(one, left, y(one.row) + (ROW - BAR) / 2)),
    ...drawn.flatMap((one) => point(one, left, y(one.row) + (ROW - BAR) / 2)),
    `<text x="${MARGIN}" y="${height - MARGIN}" font-size="12" fill="#52606d">${escaped(legend)}</text>`,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function bar(one: Drawn<unknown, unknown>, left: number, top: number): string {
  const { fill, stroke } = one.isMarked ? STYLES.marked : one.isOpen ? STYLES.open : STYLES.plain;
  const x = left + one.from * CHARACTER;
  const width = (one.to - one.from + 1) * CHARACTER - 2;
  const end = x + width;
  const dashed = one.isOpen ? ' stroke-dasharray="4 3"' : "";
  return [
    `<rect x="${x}" y="${top}" width="${width}" height="${BAR}" rx="3" fill="${fill}" stroke="${stroke}"${dashed}/>`,
    `<line x1="${x}" y1="${top - 3}" x2="${x}" y2="${top + BAR + 3}" stroke="${stroke}" stroke-width="2"/>`,
    ...(one.isOpen
      ? []
      : [`<line x1="${end}" y1="${top - 3}" x2="${end}" y2="${top + BAR + 3}" stroke="${stroke}" stroke-width="2"/>`]),
    `<text x="${x + CHARACTER}" y="${top + BAR / 2 + 5}">${escaped(one.label)}</text>`,
  ].join("");
}

/** At the lower edge of the bar, so that it does not hide what is written there. */
function point({ effect }: Drawn<unknown, unknown>, left: number, top: number): readonly string[] {
  if (effect === undefined) return [];
  const x = left + effect.column * CHARACTER + CHARACTER / 2;
  const bottom = top + BAR;
  return [
    `<circle cx="${x}" cy="${bottom}" r="4" fill="#1e7f4f" stroke="#ffffff"/>` +
      `<text x="${x + 6}" y="${bottom + 10}" font-size="9" fill="#1e7f4f">${effect.place}</text>`,
  ];
}

function legendOf(drawn: readonly Drawn<unknown, unknown>[]): string {
  return [
    ...(drawn.some(({ isMarked }) => isMarked) ? ["red: these contradict each other"] : []),
    ...(drawn.some(({ isOpen }) => isOpen) ? ["dashed: may take effect at any later time, or never"] : []),
    ...(drawn.some(({ effect }) => effect !== undefined) ? ["green: takes effect, in this order"] : []),
    "not to scale",
  ].join(" · ");
}

function escaped(text: string): string {
  return text.replace(/[&<>"'\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (character) => ENTITIES[character] ?? "\uFFFD");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
