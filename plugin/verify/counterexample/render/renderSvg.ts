/** A diagram as a picture. One file, no scripts, no fonts of its own; for light and for dark pages. */
import type { Detail, Diagram, Lifeline, Mark, Panel, Row } from "../diagram/diagram.ts";
import { fit, fold } from "./fit.ts";
import { STYLE } from "./svgStyle.ts";

/** Of the monospaced fonts that the style asks for, the widest. */
const CHARACTER = 7.25;
const MARGIN = 28;
const ROW = 32;
const LINE = 17;
const HEADER = 46;
const BETWEEN_PANELS = 44;
const TEXT_GAP = 18;
/** Characters in a line to the right of the lifelines; what is longer is in the tooltip. */
const MOST_TEXT = 58;
const REMARK_WIDTH = 64;
const LEAST_COLUMN = 84;
const LONGEST_LABEL = 20;

interface Placed {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

export function renderDiagramAsSvg({ title, summary, rewritten, original }: Diagram): string {
  const left = renderPanel(rewritten);
  const right = renderPanel(original);
  const width = 2 * MARGIN + left.width + BETWEEN_PANELS + right.width;
  const summaryLines = fold(summary, Math.floor((width - 2 * MARGIN) / CHARACTER));
  const top = MARGIN + 30 + summaryLines.length * LINE + 22;
  const height = top + Math.max(left.height, right.height) + MARGIN;
  const divider = MARGIN + left.width + BETWEEN_PANELS / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}" role="img" aria-label="${escape(`${title}: ${summary}`)}">`,
    `<style>${STYLE}</style>`,
    `<defs>${(["plain", "difference", "cycle", "fault"] as const).map(arrowHead).join("")}</defs>`,
    `<rect class="page" width="100%" height="100%"/>`,
    label(title, MARGIN, MARGIN + 14, "title"),
    ...summaryLines.map((line, i) => label(line, MARGIN, MARGIN + 40 + i * LINE, "summary")),
    `<line class="divider" x1="${px(divider)}" y1="${px(top)}" x2="${px(divider)}" y2="${px(height - MARGIN)}"/>`,
    group(MARGIN, top, left.svg),
    group(MARGIN + left.width + BETWEEN_PANELS, top, right.svg),
    "</svg>",
    "",
  ].join("\n");
}

function renderPanel(panel: Panel): Placed {
  const { heading, lifelines, rows, remarks } = panel;
  const columns = columnsOf(lifelines);
  const textAt = columns.end + TEXT_GAP;
  const texts = rows.flatMap((row) => [fit(textOf(row, rows), MOST_TEXT), ...row.details.flatMap(linesOf)]);
  const remarkLines = remarks.flatMap(({ text, mark }) =>
    fold(text, REMARK_WIDTH).map((line, i) => ({ line, mark, first: i === 0 })),
  );
  const longest = (lines: readonly string[]): number => Math.max(0, ...lines.map((line) => line.length)) * CHARACTER;
  const width = Math.max(
    rows.length === 0 ? 0 : textAt + longest(texts),
    longest(remarkLines.map(({ line }) => line)) + 14,
    heading.length * 8.6,
  );
  const tops = rows.map((_, i) =>
    rows.slice(0, i).reduce((sum, row) => sum + heightOf(row), 26 + (lifelines.length === 0 ? 0 : HEADER + 14)),
  );
  const end = rows.reduce((sum, row) => sum + heightOf(row), tops[0] ?? 26);
  const remarksTop = end + (rows.length === 0 ? 14 : 26);
  let y = remarksTop;
  const remarkSvg = remarkLines.map(({ line, mark, first }, i) => {
    y += i === 0 ? 0 : first ? LINE + 8 : LINE;
    const bar = `<rect class="bar ${mark ?? "plain"}" x="0" y="${px(y - 12)}" width="3" height="${px(LINE)}"/>`;
    return `${bar}${label(line, 12, y, `text ${mark ?? ""}`)}`;
  });
  const svg = [
    label(heading, 0, 10, "heading"),
    ...rows.map((row, i) => renderBackground(row, tops[i] ?? 0, width)),
    ...lifelines.map((lifeline, i) => renderLifeline(lifeline, columns.at[i] ?? 0, columns.widths[i] ?? 0, end)),
    ...rows.map((row, i) => renderArrow(row, columns.at, tops, i)),
    ...rows.map((row, i) => renderRow(row, rows, columns.at, tops[i] ?? 0, textAt)),
    ...remarkSvg,
  ].join("\n");
  return { svg, width, height: Math.max(end, y) + 8 };
}

interface Columns {
  readonly at: readonly number[];
  readonly widths: readonly number[];
  readonly end: number;
}

function columnsOf(lifelines: readonly Lifeline[]): Columns {
  const widths = lifelines.map(({ node, part }) => {
    const longest = Math.min(Math.max(node.length, part?.length ?? 0), LONGEST_LABEL);
    return Math.max(longest * CHARACTER + 20, LEAST_COLUMN);
  });
  const starts = widths.map((_, i) => widths.slice(0, i).reduce((sum, one) => sum + one + 8, 0));
  return {
    widths,
    at: widths.map((width, i) => (starts[i] ?? 0) + width / 2),
    end: widths.reduce((sum, one) => sum + one + 8, 0),
  };
}

function renderLifeline({ node, part, external }: Lifeline, x: number, width: number, end: number): string {
  const top = 26;
  const middle = top + HEADER / 2;
  const kind = external ? "external" : "inside";
  return [
    `<line class="lifeline" x1="${px(x)}" y1="${px(top + HEADER)}" x2="${px(x)}" y2="${px(end)}"/>`,
    `<rect class="node ${kind}" x="${px(x - width / 2)}" y="${String(top)}" width="${px(width)}" height="${String(HEADER)}" rx="7"/>`,
    part === undefined
      ? label(fit(node, LONGEST_LABEL), x, middle + 4.5, "name centred")
      : label(fit(node, LONGEST_LABEL), x, middle - 4, "name centred") +
        label(fit(part, LONGEST_LABEL), x, middle + 13, "part centred"),
  ].join("");
}

/** A tint for what stands out. */
function renderBackground({ mark, details }: Row, top: number, width: number): string {
  if (mark === undefined) return "";
  const height = ROW - 4 + details.flatMap(linesOf).length * LINE;
  return `<rect class="tint ${mark}" x="-8" y="${px(top + 2)}" width="${px(width + 16)}" height="${px(height)}" rx="5"/>`;
}

/** From where the message left to where it came: steep ones have been on their way for long. */
function renderArrow(row: Row, at: readonly number[], tops: readonly number[], index: number): string {
  const { arrow, lost, mark } = row;
  if (arrow === undefined) return "";
  const [x1, x2] = [at[arrow.lifeline] ?? 0, at[row.at] ?? 0];
  const y2 = middleOf(tops[index] ?? 0);
  const y1 = arrow.row === undefined ? y2 : middleOf(tops[arrow.row] ?? 0);
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length === 0) return "";
  const along = (distance: number): readonly [number, number] => [
    x1 + ((x2 - x1) * distance) / length,
    y1 + ((y2 - y1) * distance) / length,
  ];
  const [startX, startY] = along(11);
  const [endX, endY] = along(lost ? length * 0.72 : length - 12);
  const kind = mark ?? "plain";
  const line = `<line class="arrow ${kind}${lost ? " lost" : ""}" x1="${px(startX)}" y1="${px(startY)}" x2="${px(endX)}" y2="${px(endY)}"${lost ? "" : ` marker-end="url(#head-${kind})"`}/>`;
  return lost ? line + cross(endX, endY, kind) : line;
}

function renderRow(row: Row, rows: readonly Row[], at: readonly number[], top: number, textAt: number): string {
  const { mark, details, full } = row;
  const [x, y] = [at[row.at] ?? 0, middleOf(top)];
  return [
    `<g class="row"><title>${escape(full.join("\n"))}</title>`,
    row.lost ? "" : renderDot(row, x, y),
    label(fit(textOf(row, rows), MOST_TEXT), textAt, y + 4.5, `text ${mark ?? ""}`),
    ...details
      .flatMap(linesOf)
      .map((line, i) => label(line, textAt, y + 4.5 + (i + 1) * LINE, `text ${mark ?? "detail"}`)),
    "</g>",
  ].join("");
}

function renderDot({ number, mark, name }: Row, x: number, y: number): string {
  const kind = mark ?? "plain";
  if (number === undefined && mark === "fault" && name === "crash") return cross(x, y, kind);
  if (number === undefined) return `<circle class="seen ${kind}" cx="${px(x)}" cy="${px(y)}" r="4.5"/>`;
  return `<circle class="dot ${kind}" cx="${px(x)}" cy="${px(y)}" r="10"/>${label(String(number), x, y + 4, "number centred")}`;
}

function cross(x: number, y: number, kind: string): string {
  const [left, right, above, below] = [px(x - 5), px(x + 5), px(y - 5), px(y + 5)];
  return `<path class="cross ${kind}" d="M${left} ${above}L${right} ${below}M${left} ${below}L${right} ${above}"/>`;
}

/** The name of what happened, with where its message came from when that has a number. */
function textOf({ text, arrow, number }: Row, rows: readonly Row[]): string {
  const sender = arrow?.row === undefined ? undefined : rows[arrow.row]?.number;
  const from = sender === undefined || sender === number ? "" : ` from (${String(sender)})`;
  return `${fit(text, MOST_TEXT - from.length)}${from}`;
}

function linesOf({ text }: Detail): readonly string[] {
  return fold(text, MOST_TEXT - 2).map((line, i) => `${i === 0 ? "→" : " "} ${line}`);
}

function heightOf({ details }: Row): number {
  return ROW + details.flatMap(linesOf).length * LINE;
}

function middleOf(top: number): number {
  return top + ROW / 2;
}

function arrowHead(kind: Mark | "plain"): string {
  return `<marker id="head-${kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="head ${kind}" d="M0 0.5L10 5L0 9.5z"/></marker>`;
}

function group(x: number, y: number, content: string): string {
  return `<g transform="translate(${px(x)} ${px(y)})">\n${content}\n</g>`;
}

function label(text: string, x: number, y: number, kind: string): string {
  return `<text class="${kind.trim()}" x="${px(x)}" y="${px(y)}">${escape(text)}</text>`;
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escape(text: string): string {
  const plain = text.replace(/[^\t\n\P{Cc}]/gu, "·").replace(/\p{Cs}/gu, "\uFFFD");
  return plain.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
