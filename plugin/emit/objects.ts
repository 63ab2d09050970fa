import { LINE_WIDTH } from "./emittedFile.ts";

/** How far an object may reach on its line: what it is a property of stands before it. */
const OBJECT_WIDTH = LINE_WIDTH - 60;

/** An object literal: on one line where that is short, otherwise with a line for each property. */
export function printObject(properties: readonly string[]): string {
  const line = `{ ${properties.join(", ")} }`;
  if (line.length <= OBJECT_WIDTH && !line.includes("\n")) return line;
  return ["{", ...properties.flatMap((property) => indented(`${property},`)), "}"].join("\n");
}

/** As an object is, an array. */
export function printList(elements: readonly string[]): string {
  const line = `[${elements.join(", ")}]`;
  if (line.length <= OBJECT_WIDTH && !line.includes("\n")) return line;
  return ["[", ...elements.flatMap((element) => indented(`${element},`)), "]"].join("\n");
}

/** The lines of a text, one level further in. */
export function indented(text: string): readonly string[] {
  return text.split("\n").map((line) => `  ${line}`);
}
