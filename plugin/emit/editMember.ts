/** What changes in a member that stays in a component. */
import { departureEdits } from "./forwardCall.ts";
import type { OutputClass } from "./outputClasses.ts";
import { parameterEdits, readParameterList, type ParameterList } from "./parameterEdits.ts";
import type { Edit } from "./pieceWriter.ts";
import { remainingRanges, type Departure, type SelectedCode, type Staying } from "./selectCode.ts";
import { freeNames, readSourceText, subtract, type Range, type SourceText } from "./sourceText.ts";

/** Another component, which this one forwards to. */
export interface Neighbour {
  readonly component: string;
  /** The member that holds the sender to it. */
  readonly field: string;
  readonly output: OutputClass;
}

export interface EditedMember extends Staying {
  readonly edits: readonly Edit[];
  /** What of its text is still there. */
  readonly remaining: readonly Range[];
}

export function editMember(
  staying: Staying,
  selected: SelectedCode,
  neighbours: readonly Neighbour[],
  source: SourceText,
): EditedMember {
  const { part, departures } = staying;
  const decorators = part.member.decorators.map((decorator) => withSpaceBehind(decorator, source.text));
  const calls = editsOf(departures, neighbours, source);
  const code = remainingRanges(part, departures).flatMap((range) => subtract(range, decorators));
  const parameters = editsOfParameters(staying, selected, code, calls, source);
  const removed = parameters.filter(({ text }) => text === "");
  return {
    ...staying,
    edits: [...decorators, ...calls, ...parameters],
    remaining: code.flatMap((range) => subtract(range, removed)),
  };
}

function editsOfParameters(
  { part, departures }: Staying,
  { members, needed }: SelectedCode,
  code: readonly Range[],
  calls: readonly Edit[],
  source: SourceText,
): readonly Edit[] {
  const { name, kind } = part.member;
  if (departures.length === 0 && kind !== "constructor") return []; // as the author wrote it
  const list = readParameterList(part, source);
  if (list === undefined) return [];
  const used = new Set([
    ...freeNames(source, [...code.flatMap((range) => subtract(range, [list])), ...defaultsIn(list)]).keys(),
    ...calls.flatMap(({ text }) => [...freeNames(readSourceText(text), [{ start: 0, end: text.length }]).keys()]),
  ]);
  const isCalledHere = kind !== "handler" || members.some(({ part: { member } }) => member.uses.includes(name));
  return parameterEdits(list, used, needed, isCalledHere);
}

/** Behind the names that parameters bind: their types, and defaults, which may refer to other parameters. */
function defaultsIn({ parameters }: ParameterList): readonly Range[] {
  return parameters.flatMap(({ names, end }) => {
    const last = names.at(-1);
    return last === undefined ? [] : [{ start: last.end, end }];
  });
}

/** The calls that stand where statements have left. */
export function editsOf(
  departures: readonly Departure[],
  neighbours: readonly Neighbour[],
  source: SourceText,
): readonly Edit[] {
  return departures.flatMap((departure) => {
    const neighbour = neighbours.find(({ component }) => component === departure.target);
    return neighbour === undefined ? [] : departureEdits(departure, neighbour.field, source);
  });
}

/** Removes a decorator together with the white space that separates it from what follows. */
export function withSpaceBehind({ start, end }: Range, text: string): Edit {
  const space = /^\s*/.exec(text.slice(end))?.[0] ?? "";
  return { start, end: end + space.length, text: "" };
}
