/** A counterexample for people: the diagram of both runs, and the code that it speaks of. */
import { codeFrameColumns } from "@babel/code-frame";
import { count, indented, wrap, type Colours } from "../../diagnostics/renderText.ts";
import type { Diagram, RunSetup, ShrinkEffort } from "../../verify/index.ts";
import { renderDiagramAsText } from "../../verify/counterexample/render/renderText.ts";
import type { InvolvedFragment, InvolvedHandler, SourcePlace } from "./sourcePlaces.ts";

export interface CounterexampleView {
  readonly setup: RunSetup;
  /** Undefined when it was read from a file. */
  readonly effort: ShrinkEffort | undefined;
  readonly diagram: Diagram | undefined;
  readonly handlers: readonly InvolvedHandler[];
}

export interface CounterexampleStyle {
  readonly colours: Colours;
  readonly width: number;
  /** How a file is called in front of people, and what is in it. */
  readonly name: (file: string) => string;
  readonly text: (file: string) => string | undefined;
}

/** Longer handlers are shown from where they begin. */
const LONGEST_FRAME = 16;
/** Nobody looks up more places than this; the numbers in the diagram name the rest. */
const MOST_HANDLERS = 6;

export function renderCounterexample(view: CounterexampleView, style: CounterexampleStyle): string {
  const { setup, effort, diagram, handlers } = view;
  const { colours, width } = style;
  return [
    colours.dim(wrap(describeSize(setup, effort))),
    ...(diagram === undefined ? [] : [renderDiagramAsText(diagram, { width, colours })]),
    ...handlers.slice(0, MOST_HANDLERS).map((handler) => renderHandler(handler, style)),
  ].join("\n\n");
}

function describeSize({ clients, operations, partitions, faults }: RunSetup, effort: ShrinkEffort | undefined): string {
  const asked =
    `${count(clients, "client")}, ${count(operations, "operation")} ${clients === 1 ? "" : "of each"}`.trim();
  const setup = [
    asked,
    ...(partitions === undefined ? [] : [count(partitions, "partition")]),
    faults === false ? "no faults" : "with faults",
  ].join(", ");
  if (effort === undefined || effort.tried === 0) return `The run: ${setup}.`;
  const { tried, stepsBefore, stepsAfter } = effort;
  return `Shrunk from ${count(stepsBefore, "step")} to ${String(stepsAfter)} in ${count(tried, "run")}: ${setup}.`;
}

function renderHandler({ numbers, original, fragments }: InvolvedHandler, style: CounterexampleStyle): string {
  const { colours } = style;
  const who = numbers.map((number) => `(${String(number)})`).join(" ");
  return [
    `${colours.bold(who)} ${original === undefined ? "a handler that is not in the folder of the protocol" : renderPlace(original, style)}`,
    ...fragments.map((fragment) => indented(renderFragment(fragment, style), "  ")),
  ].join("\n\n");
}

function renderFragment({ place, from }: InvolvedFragment, style: CounterexampleStyle): string {
  const lines =
    from && (from[0] === from[1] ? `line ${String(from[0])}` : `lines ${String(from[0])} to ${String(from[1])}`);
  const origin = lines === undefined ? "" : style.colours.dim(`, made of ${lines}`);
  return renderPlace(place, style, `runs as `, origin);
}

function renderPlace(
  { name, file, line, endLine }: SourcePlace,
  { colours, text, name: nameOf }: CounterexampleStyle,
  before = "",
  after = "",
): string {
  const heading = `${before}${name}  ${colours.cyan(`${nameOf(file)}:${String(line)}`)}${after}`;
  const source = text(file);
  if (source === undefined) return heading;
  const shown = Math.min(endLine, line + LONGEST_FRAME - 1);
  const cut = source.split(/\r?\n/).slice(0, shown).join("\n");
  const options = { linesAbove: 0, linesBelow: shown - line, highlightCode: colours.isColorSupported };
  return `${heading}\n${codeFrameColumns(cut, { start: { line } }, { ...options, forceColor: colours.isColorSupported })}`;
}
