/** One component as a file: its class, cut out of the author's, and the source map that leads back. */
import { posix } from "node:path";
import type { Component, ReplicatedSend, Replication, RewrittenRole } from "../model/component.ts";
import type { Role } from "../model/protocol.ts";
import { readClassParts, type ClassMember, type ClassParts } from "./classParts.ts";
import { printHeader, printSourceMap, type EmittedFile } from "./emittedFile.ts";
import { editMember, editsOf, withSpaceBehind, type EditedMember, type Neighbour } from "./editMember.ts";
import { arrivalEdits, needsSemicolon, printMethodHead, printMethodPrologue } from "./forwardCall.ts";
import { printForwardType } from "./forwardShape.ts";
import { printImports, type ImportedName } from "./imports.ts";
import { beginsLine, hasBlankLine, indentationAt } from "./layout.ts";
import { resolveNames, type NamingContext } from "./moduleNames.ts";
import { camelCase, freshName } from "./names.ts";
import type { OutputClass } from "./outputClasses.ts";
import { PieceWriter, type Edit, type Origin } from "./pieceWriter.ts";
import { arrivingRanges, selectCode, type Arrival, type SelectedCode } from "./selectCode.ts";
import { freeNames, readSourceText, subtract, within, type SourceText } from "./sourceText.ts";
import { specifierOf } from "./specifiers.ts";

export interface ComponentToEmit extends NamingContext {
  readonly role: Role;
  readonly rewritten: RewrittenRole;
  readonly component: Component;
  /** The classes of all components of the role. */
  readonly classes: readonly OutputClass[];
  /** The files that its text comes from. */
  readonly origins: readonly Origin[];
}

/** The file of a component, and its source map. */
export function emitComponent(input: ComponentToEmit): readonly EmittedFile[] {
  const { role, rewritten, component, module, source } = input;
  const output = classOf(input, component.name);
  const parts = readClassParts(role, module, source);
  const selected = selectCode(role, rewritten, component, parts, source);
  const neighbours = findNeighbours(input, selected);
  const members = selected.members.map((staying) => editMember(staying, selected, neighbours, source));
  const names = usedNames(input, parts, members, selected.arrivals);
  const { imports, copied } = resolveNames(names, input);

  const origins = input.origins.map((origin) => ({
    ...origin,
    file: posix.relative(posix.dirname(output.path), origin.file),
  }));
  const writer = new PieceWriter(module.text, origins);
  writer.generated(printComponentHeader(role, component));
  writer.generated(printImports([...imports, ...importsOfNeighbours(input, neighbours)]));
  for (const [i, range] of copied.entries()) {
    const gap = source.text.slice(copied[i - 1]?.end ?? 0, range.start);
    writer.generated(i > 0 && /^\r?\n$/.test(gap) ? "\n" : "\n\n".slice(i === 0 ? 1 : 0));
    writer.original(range, range.edits);
  }
  writer.generated(copied.length > 0 ? "\n\n" : "\n");
  writer.original(parts.head, headEdits(role, parts, output.name, source));
  writeBody(writer, { input, parts, members, neighbours, arrivals: selected.arrivals });
  const file = posix.basename(output.path);
  writer.generated(`\n//# sourceMappingURL=${file}.map\n`);
  return [
    { path: output.path, text: writer.toString() },
    { path: `${output.path}.map`, text: printSourceMap(writer.map(file)) },
  ];
}

function printComponentHeader(role: Role, { name, proofs, partitioning }: Component): string {
  const sections = proofs.map(({ rule, statement, facts }) => [
    `${rule.charAt(0).toUpperCase()}${rule.slice(1)}: ${statement}`,
    ...facts.map((fact) => `- ${fact}`),
  ]);
  const copies = partitioning?.replication === undefined ? [] : [describeCopies(partitioning.replication)];
  return printHeader(`from ${role.file}: component ${name} of role ${role.name}`, [...sections, ...copies]);
}

/** What of a partitioned component is not spread. */
function describeCopies({ coordinator, fields, handlers }: Replication): readonly string[] {
  return [
    `Every partition has a copy of ${fields.join(", ")}. These run on all partitions, in the order that ${coordinator} gives them:`,
    ...Object.entries(handlers).map(([handler, { sends }]) => {
      const sent = Object.entries(sends).map(([message, send]) => `${message} ${describeSend(send)}`);
      return `- ${[handler, ...sent].join("; ")}`;
    }),
  ];
}

function describeSend(send: ReplicatedSend): string {
  switch (send.kind) {
    case "once":
      return "is sent by the first partition";
    case "each":
      return "is sent by every partition";
    case "sealed":
      return `is put together from all partitions: ${send.columns.map(({ path }) => path.join(".")).join(", ")}`;
  }
}

function findNeighbours(input: ComponentToEmit, { members, arrivals }: SelectedCode): readonly Neighbour[] {
  const { role } = input;
  const taken = new Set([...role.members, ...role.fields].map(({ name }) => name));
  const targets = [...members, ...arrivals].flatMap(({ departures }) => departures.map(({ target }) => target));
  return [...new Set(targets)].sort().map((component) => ({
    component,
    field: freshName(camelCase(component), taken),
    output: classOf(input, component),
  }));
}

function classOf({ classes, role }: ComponentToEmit, component: string): OutputClass {
  const found = classes.find((output) => output.role === role.name && output.component === component);
  if (found === undefined) throw new Error(`${role.name} has no component ${component}.`);
  return found;
}

function importsOfNeighbours(
  { folder, ending, module }: ComponentToEmit,
  neighbours: readonly Neighbour[],
): readonly ImportedName[] {
  if (neighbours.length === 0) return [];
  return [
    { specifier: "riven", name: "component", local: componentName(module.declarations), typeOnly: false },
    ...neighbours.map(({ output: { name, path } }) => ({
      specifier: specifierOf(path, folder, ending),
      name,
      local: name,
      typeOnly: true,
    })),
  ];
}

/** What `component` of the package is called in a file whose author may use that name. */
function componentName(declarations: readonly { readonly name: string }[]): string {
  return freshName("component", new Set(declarations.map(({ name }) => name)));
}

/** The names of the module's top level that the component refers to, and whether it does so as to values. */
function usedNames(
  { module, role, source }: ComponentToEmit,
  parts: ClassParts,
  members: readonly EditedMember[],
  arrivals: readonly Arrival[],
): ReadonlyMap<string, { readonly asValue: boolean }> {
  const used = new Map<string, { readonly asValue: boolean }>();
  const note = (names: ReadonlyMap<string, { readonly asValue: boolean }>, known: readonly string[]): void => {
    for (const name of known) {
      const found = names.get(name);
      if (found !== undefined) used.set(name, { asValue: found.asValue || used.get(name)?.asValue === true });
    }
  };
  const topLevel = module.declarations.map(({ name }) => name);
  for (const { part, remaining } of members) note(freeNames(source, remaining), part.member.names);
  for (const arrival of arrivals) {
    const owner = parts.members.find((part) => within(part, arrival));
    note(freeNames(source, arrivingRanges(arrival)), owner?.member.names ?? []);
    const types = `${printForwardType(arrival.shape)}; ${arrival.sender?.type ?? ""}`;
    const inTypes = freeNames(readSourceText(types), [{ start: 0, end: types.length }]);
    note(new Map([...inTypes.keys()].map((name) => [name, { asValue: false }])), topLevel);
  }
  note(freeNames(source, subtract({ start: role.nameSpan.end, end: parts.head.end }, parts.heritage)), topLevel);
  return used;
}

function headEdits(
  role: Role,
  { head, decorators, heritage }: ClassParts,
  name: string,
  { text }: SourceText,
): readonly Edit[] {
  const start = decorators.at(-1)?.end ?? head.start;
  const words = /(?<=\bexport\s+)default\s+/.exec(text.slice(head.start, role.nameSpan.start));
  return [
    ...decorators.map((decorator) => withSpaceBehind(decorator, text)),
    ...(words === null || start > role.nameSpan.start
      ? []
      : [{ start: head.start + words.index, end: head.start + words.index + words[0].length, text: "" }]),
    { start: role.nameSpan.start, end: role.nameSpan.end, text: name },
    ...heritage.map((range) => ({ ...range, text: "" })),
  ];
}

interface Body {
  readonly input: ComponentToEmit;
  readonly parts: ClassParts;
  readonly members: readonly EditedMember[];
  readonly neighbours: readonly Neighbour[];
  readonly arrivals: readonly Arrival[];
}

/** Everything behind the opening brace of the class, the closing one included. */
function writeBody(writer: PieceWriter, body: Body): void {
  const { input, parts, members, neighbours, arrivals } = body;
  const { source, module } = input;
  const indentation = memberIndentation(parts, source);
  const fields = members.findLastIndex(({ part }) => part.member.kind === "field");
  const senders = neighbours.map(({ field, output, component }) => {
    const call = `${componentName(module.declarations)}<${output.name}>(${JSON.stringify(component)})`;
    return `\n${indentation}private readonly ${field} = ${call};`;
  });

  if (fields < 0) writer.generated(senders.join(""));
  for (const [i, { part, edits }] of members.entries()) {
    const previous = members[i - 1]?.part;
    const isSeparate = previous === undefined ? false : separated(parts, previous, part, source);
    const followsSenders = senders.length > 0 && i === fields + 1;
    writer.generated(isSeparate || followsSenders ? "\n\n" : "\n");
    writer.generated(beginsLine(source.text, part.start) ? indentationAt(source.text, part.start) : indentation);
    writer.original(part, edits);
    if (i === fields) writer.generated(senders.join(""));
  }
  for (const [i, arrival] of arrivals.entries()) {
    writer.generated(members.length + senders.length + i > 0 ? "\n\n" : "\n");
    writeArrival(writer, arrival, body, indentation);
  }
  writer.generated("\n");
  writer.original(parts.close);
}

/** How far the members of the class are indented. */
function memberIndentation({ members }: ClassParts, { text }: SourceText): string {
  const onItsOwn = members.find(({ start }) => beginsLine(text, start));
  const found = onItsOwn === undefined ? "" : indentationAt(text, onItsOwn.start);
  return found === "" ? "  " : found;
}

/** Whether the author has an empty line somewhere between two members. */
function separated({ members }: ClassParts, from: ClassMember, to: ClassMember, { text }: SourceText): boolean {
  const between = members.slice(members.indexOf(from), members.indexOf(to) + 1);
  return between.some((part, i) => hasBlankLine(text.slice(between[i - 1]?.end ?? part.start, part.start)));
}

function writeArrival(writer: PieceWriter, arrival: Arrival, { input, neighbours }: Body, indentation: string): void {
  const { source } = input;
  const inside = indentation + indentation;
  writer.generated(printMethodHead(arrival, classOf(input, arrival.shape.forward.from).name, indentation));
  writer.generated(`\n${inside}${printMethodPrologue(arrival.shape, inside)}`);
  writer.original(arrival, [
    ...arrivalEdits(arrival, source, inside),
    ...editsOf(arrival.departures, neighbours, source),
  ]);
  writer.generated(`${needsSemicolon(arrival, source) ? ";" : ""}\n${indentation}}`);
}
