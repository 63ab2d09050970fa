/** A diagram for terminals. */
import type { Colours } from "../../../diagnostics/renderText.ts";
import type { Detail, Diagram, Lifeline, Mark, Panel, Row } from "../diagram/diagram.ts";
import { fit, fold } from "./fit.ts";

export interface TextOptions {
  /** Characters in a line. The two runs stand side by side where that leaves room for both. */
  readonly width: number;
  readonly colours: Colours;
}

/** What happened stands to the right of the lifelines; with less room for it, less is understood. */
const LEAST_TEXT = 30;
const MOST_TEXT = 76;
const BETWEEN = "   ";
/** `(12) ` */
const NUMBER = 5;
/** Of a long run the end is shown: that is where it goes wrong. */
const MOST_ROWS = 60;

/** A line, and how many characters of it are seen. */
interface Line {
  readonly text: string;
  readonly length: number;
}

export function renderDiagramAsText({ rewritten, original }: Diagram, options: TextOptions): string {
  const { colours } = options;
  // Some terminals say that they have no columns.
  const width = Math.max(options.width, LEAST_TEXT);
  const least = [rewritten, original].map((panel) => leastWidth(panel));
  const room = width - BETWEEN.length - least.reduce((sum, one) => sum + one, 0);
  if (room < 0) {
    return [rewritten, original]
      .map((panel) => renderPanel(panel, width, colours).map(({ text }) => text.trimEnd()))
      .map((lines) => lines.join("\n"))
      .join("\n\n");
  }
  const left = renderPanel(rewritten, (least[0] ?? 0) + Math.floor(room / 2), colours);
  const right = renderPanel(original, (least[1] ?? 0) + Math.ceil(room / 2), colours);
  const leftWidth = Math.max(...left.map(({ length }) => length));
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
    const { text, length } = left[i] ?? { text: "", length: 0 };
    return `${text}${" ".repeat(leftWidth - length)}${BETWEEN}${right[i]?.text ?? ""}`.trimEnd();
  }).join("\n");
}

function leastWidth({ lifelines }: Panel): number {
  return lifelines.length === 0 ? LEAST_TEXT : NUMBER + centresOf(lifelines).end + LEAST_TEXT;
}

function renderPanel(panel: Panel, width: number, colours: Colours): readonly Line[] {
  const { heading, lifelines, rows, remarks } = panel;
  const centres = centresOf(lifelines);
  // With many nodes the lines are longer than was asked for: of text cut any shorter nothing is understood.
  const textWidth = Math.max(Math.min(width - NUMBER - centres.end, MOST_TEXT), LEAST_TEXT);
  const hidden = Math.max(rows.length - MOST_ROWS, 0);
  const before = `${String(hidden)} earlier lines are left out`;
  return [
    painted(fit(heading, width), colours.bold),
    plain(""),
    ...(lifelines.length === 0 ? [] : headers(lifelines, centres, colours)),
    ...(hidden === 0 ? [] : [painted(before, colours.dim)]),
    ...rows.slice(hidden).flatMap((row) => renderRow(row, panel, centres, textWidth, colours)),
    ...(rows.length === 0 ? [] : [plain("")]),
    ...remarks.flatMap((remark) => renderRemark(remark, Math.min(width, MOST_TEXT), colours)),
  ];
}

interface Centres {
  /** Where each lifeline runs. */
  readonly at: readonly number[];
  readonly widths: readonly number[];
  /** Where the text begins. */
  readonly end: number;
}

function centresOf(lifelines: readonly Lifeline[]): Centres {
  const widths = lifelines.map(({ node, part }) => Math.max(labelWidth(node), labelWidth(part ?? "")) + 2);
  const at = widths.map((width, i) => widths.slice(0, i).reduce((sum, one) => sum + one, 0) + Math.floor(width / 2));
  return { at, widths, end: widths.reduce((sum, one) => sum + one, 0) + 1 };
}

const LONGEST_LABEL = 14;

function labelWidth(label: string): number {
  return Math.min(Math.max(label.length, 4), LONGEST_LABEL);
}

function headers(lifelines: readonly Lifeline[], { widths }: Centres, colours: Colours): readonly Line[] {
  const line = (labelOf: (lifeline: Lifeline) => string): string =>
    " ".repeat(NUMBER) + lifelines.map((lifeline, i) => centred(labelOf(lifeline), widths[i] ?? 0)).join("");
  const hasParts = lifelines.some(({ part }) => part !== undefined);
  return [
    painted(
      line(({ node }) => node),
      colours.bold,
    ),
    ...(hasParts ? [plain(line(({ part }) => part ?? ""))] : []),
  ];
}

function centred(label: string, width: number): string {
  const text = fit(label, width - 2);
  const before = Math.floor((width - text.length) / 2);
  return " ".repeat(before) + text + " ".repeat(width - text.length - before);
}

function renderRow(
  row: Row,
  { rows, lifelines }: Panel,
  centres: Centres,
  width: number,
  colours: Colours,
): readonly Line[] {
  const paint = paintOf(row.mark, colours);
  const number = row.number === undefined ? "" : `(${String(row.number)})`;
  const sender = row.arrow?.row === undefined ? undefined : rows[row.arrow.row]?.number;
  const from = sender === undefined || sender === row.number ? "" : ` from (${String(sender)})`;
  const text = `${fit(row.text, width - from.length)}${from}`;
  const drawn = drawRow(row, centres, lifelines.length);
  const blank = drawRow(undefined, centres, lifelines.length);
  return [
    joined([
      painted(number.padStart(NUMBER - 1), paint),
      plain(" "),
      painted(drawn, row.mark ? paint : asIs),
      painted(text, paint),
    ]),
    ...row.details.flatMap((detail) =>
      fold(detail.text, width - 2).map((part, i) =>
        joined([
          plain(" ".repeat(NUMBER) + blank),
          painted(`${i === 0 ? "→" : " "} ${part}`, paintOf(detail.mark, colours)),
        ]),
      ),
    ),
  ];
}

/** The lifelines, and the arrow between two of them. */
function drawRow(row: Row | undefined, { at, end }: Centres, count: number): string {
  const characters = Array.from({ length: end }, () => " ");
  for (let i = 0; i < count; i++) characters[at[i] ?? 0] = "│";
  if (row === undefined) return characters.join("");
  const to = at[row.at] ?? 0;
  const from = row.arrow === undefined ? to : (at[row.arrow.lifeline] ?? to);
  const step = Math.sign(to - from);
  if (step !== 0) {
    const stop = row.lost ? to - 3 * step : to;
    for (let x = from + step; x !== stop; x += step) characters[x] = characters[x] === "│" ? "┼" : "─";
    characters[from] = step > 0 ? "├" : "┤";
    characters[stop - (row.lost ? 0 : step)] = row.lost ? "╳" : step > 0 ? "▶" : "◀";
  }
  if (!row.lost) characters[to] = dotOf(row);
  else if (step === 0) characters[to] = "╳";
  return characters.join("");
}

function dotOf({ mark, number, name }: Row): string {
  if (mark === "difference" || mark === "cycle") return "◆";
  if (mark === "fault" && name === "crash") return "╳";
  return number === undefined ? "○" : "●";
}

function renderRemark({ text, mark }: Detail, width: number, colours: Colours): readonly Line[] {
  return fold(text, width).map((part) => painted(part, paintOf(mark, colours)));
}

type Paint = (text: string) => string;

function asIs(text: string): string {
  return text;
}

function paintOf(mark: Mark | undefined, colours: Colours): Paint {
  switch (mark) {
    case "difference":
    case "cycle":
      return colours.red;
    case "fault":
      return colours.yellow;
    case undefined:
      return asIs;
  }
}

function plain(text: string): Line {
  return { text, length: Array.from(text).length };
}

function painted(text: string, paint: Paint): Line {
  return { text: text === "" ? "" : paint(text), length: Array.from(text).length };
}

function joined(parts: readonly Line[]): Line {
  return {
    text: parts.map(({ text }) => text).join(""),
    length: parts.reduce((sum, { length }) => sum + length, 0),
  };
}
