/** The two ends of a forward as text: the call that stands where a statement was, and the method that receives it. */
import { LINE_WIDTH } from "./emittedFile.ts";
import { printForwardType, printTravellingValues, type ForwardShape } from "./forwardShape.ts";
import { beginsLine, indentationAt, lineStart } from "./layout.ts";
import type { Edit } from "./pieceWriter.ts";
import type { Arrival, Departure } from "./selectCode.ts";
import type { SourceText } from "./sourceText.ts";

/**
 * What turns a statement that leaves into the call that forwards to it. The expressions that are evaluated before the
 * move stay where they are in the source, so that they keep their places in the map.
 *
 * @param field The member that holds the sender to the other component.
 */
export function departureEdits(departure: Departure, field: string, { text }: SourceText): readonly Edit[] {
  const { shape, start, end } = departure;
  const hoisted = hoistedOnce(shape);
  const values = printTravellingValues(shape);
  const pieces = [
    ...values,
    ...hoisted.map(({ name, operand }) => `${name}: ${text.slice(operand.span.start, operand.span.end)}`),
  ];
  const begin = `this.${field}.${shape.forward.name}(`;
  const finish = endsStatement(shape, text) ? ");" : ")";
  if (pieces.length === 0) return [{ start, end, text: `${begin}${shape.sender === undefined ? "" : "{}"}${finish}` }];

  const indentation = indentationAt(text, start);
  const column = beginsLine(text, start) ? indentation.length : start - lineStart(text, start);
  const wide = column + `${begin}{ ${pieces.join(", ")} }${finish}`.length > LINE_WIDTH;
  const [open, between, close] = wide
    ? [`{\n${indentation}  `, `,\n${indentation}  `, `,\n${indentation}}`]
    : ["{ ", ", ", " }"];

  const edits: Edit[] = [];
  let before = begin + open + values.map((value) => value + between).join("");
  if (hoisted.length === 0) before = before.slice(0, -between.length);
  let at = start;
  for (const { name, operand } of hoisted) {
    edits.push({ start: at, end: operand.span.start, text: `${before}${name}: ` });
    [at, before] = [operand.span.end, between];
  }
  edits.push({ start: at, end, text: `${hoisted.length === 0 ? before : ""}${close}${finish}` });
  return edits;
}

/** The hoisted expressions in the order of the source; equal ones travel under one name, and are evaluated once. */
function hoistedOnce({ forward }: ForwardShape): ForwardShape["forward"]["hoisted"] {
  const sorted = [...forward.hoisted].sort((a, b) => a.operand.span.start - b.operand.span.start);
  return sorted.filter(({ name }, i) => sorted.findIndex((other) => other.name === name) === i);
}

/** Whether the call has to end the statement itself, because what it replaces did. */
function endsStatement({ forward: { region } }: ForwardShape, text: string): boolean {
  if (/[;}]$/.test(text.slice(region.start, region.end))) return true;
  return !/^\s*[;),\]]/.test(text.slice(region.end));
}

/** The first lines of the method that receives a forward, up to and with the opening brace. */
export function printMethodHead({ shape, sender }: Arrival, forwarder: string, indentation: string): string {
  const { forward, values, nodes } = shape;
  const used = [
    ...values.filter((value) => value.used).map(({ name }) => name),
    ...nodes.map(({ idName }) => idName),
    ...hoistedOnce(shape).map(({ name }) => name),
  ];
  const payload = `${used.length === 0 ? "_" : `{ ${used.join(", ")} }`}: ${printForwardType(shape)}`;
  const from = sender === undefined ? [] : [`${sender.name}: ${sender.type}`];
  const isEmpty = values.length + nodes.length + forward.hoisted.length === 0 && shape.sender === undefined;
  const parameters = isEmpty ? [] : [payload, ...from];
  const line = `${indentation}${forward.name}(${parameters.join(", ")}): void {`;
  const origin = sender === undefined ? "" : `; \`${sender.name}\` is who sent that`;
  const comment = `${indentation}/** What ${forwarder} forwards of each \`${forward.handler}\`${origin}. */\n`;
  if (line.length <= LINE_WIDTH) return comment + line;
  const lines = parameters.map((parameter) => `${indentation}  ${parameter},\n`).join("");
  return `${comment}${indentation}${forward.name}(\n${lines}${indentation}): void {`;
}

/** The statements before the moved one: the nodes that it sends to, found again by their ids. */
export function printMethodPrologue({ nodes }: ForwardShape, indentation: string): string {
  return nodes
    .map(({ name, idName, field }) => `const ${name} = this.${field}.at(${idName});\n${indentation}`)
    .join("");
}

/** What turns the statement into the body of that method: the names of hoisted values, and its new indentation. */
export function arrivalEdits(arrival: Arrival, source: SourceText, indentation: string): readonly Edit[] {
  const names = arrival.shape.forward.hoisted.map(({ name, operand: { span } }) => ({
    start: span.start,
    end: span.end,
    text: name,
  }));
  return [...names, ...indentEdits(arrival, source, indentation)];
}

/** Whether the moved text needs a semicolon to be a statement. */
export function needsSemicolon({ shape: { forward }, start, end }: Arrival, { text }: SourceText): boolean {
  return start !== end && !/[;}]$/.test(text.slice(forward.region.start, forward.region.end));
}

/** Moves every line but the first from the indentation that the text has to the one that it gets. */
function indentEdits({ start, end }: Arrival, { text, tokens }: SourceText, indentation: string): readonly Edit[] {
  const old = indentationAt(text, start);
  const edits: Edit[] = [];
  for (let line = text.indexOf("\n", start) + 1; line > 0 && line < end; line = text.indexOf("\n", line) + 1) {
    const frozen = tokens.some(
      ({ kind, ...token }) => kind === "template" && token.start < line && line <= token.end - 1,
    );
    const present = indentationAt(text, line);
    if (frozen || /^[ \t]*\r?\n/.test(text.slice(line))) continue; // a template's text is not layout
    const next = present.startsWith(old) ? indentation + present.slice(old.length) : indentation;
    if (next !== present) edits.push({ start: line, end: line + present.length, text: next });
  }
  return edits;
}
