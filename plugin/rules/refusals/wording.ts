/** How refusals talk about a protocol: in its own names, with example values. */
import { findColumn } from "../../analysis/keys/keyTerms.ts";
import type { StateAccess } from "../../analysis/inferFootprints.ts";
import { isForwardedValue } from "../../analysis/projectComponent.ts";
import { names, quote } from "../../analysis/quote.ts";
import type { Related } from "../../diagnostics/finding.ts";
import type { Handler, Protocol, Role } from "../../model/protocol.ts";
import { findHandler } from "../../model/protocol.ts";
import type { Span } from "../../model/span.ts";
import type { Decoupling } from "../rule.ts";
import type { Split } from "../split.ts";
import { printCell, printTerm, sameTerm, subterms, type Cell, type Term } from "../../model/term.ts";

/** The expression of an access, as the author wrote it. */
export function quoteAccess(protocol: Protocol, access: StateAccess): string {
  return quote(protocol, access.span, printCell(access.cell));
}

export function verbOf(access: StateAccess): "reads" | "writes" {
  return access.write === undefined ? "reads" : "writes";
}

/** A term as it reads in this handler: its payload may have another name than `m`. */
export function printIn(handler: Handler | undefined, term: Term): string {
  if (term.kind === "timerKey" && handler?.trigger.kind === "after")
    return handler.trigger.key?.name ?? printTerm(term);
  if (term.kind === "pure" && isForwardedValue(term)) return term.name;
  const name = handler?.payload?.name;
  if (term.kind !== "payload" || name === undefined) return printTerm(term);
  return [...(/^[\p{ID_Continue}$]+$/u.test(name) ? [name] : []), ...term.path].join(".");
}

/** The columns that a value is computed from. */
export function columnsBehind(term: Term): readonly Term[] {
  if (term.kind === "payload" || term.kind === "sender") return [term];
  const found = subterms(term).flatMap(columnsBehind);
  return found.filter((one, i) => found.findIndex((other) => sameTerm(one, other)) === i);
}

/** A value that a column could have: `ballot1`, `client1`, `7`. Equal columns get equal values. */
export function exampleOf(handler: Handler | undefined, term: Term): string {
  switch (term.kind) {
    case "payload":
      return exampleOfColumn(handler, term.path);
    case "sender": {
      const [role = "sender"] = handler?.from?.roles ?? [];
      return `${lowerFirst(role)}1`;
    }
    case "literal":
      return typeof term.value === "string" ? term.value : printTerm(term);
    case "timerKey": {
      const name = handler?.trigger.kind === "after" ? handler.trigger.key?.name : undefined;
      return `${name ?? "key"}1`;
    }
    case "element":
      return "x1";
    case "self":
    case "configuration":
    case "read":
    case "pure":
    case "record":
    case "choice":
    case "mixed":
    case "unknown":
      return printTerm(term);
  }
}

/** `votes[ballot1]`, with example values for its keys. */
export function exampleCell(handler: Handler | undefined, cell: Cell): string {
  return `\`${cell.field}${cell.keys.map((key) => `[${exampleOf(handler, key)}]`).join("")}\``;
}

/** `reserve` for sku1: a handler with the example of what the access is keyed by. */
export function exampleRun(role: Role, access: StateAccess): string {
  const handler = findHandler(role, access.handler);
  const key = access.cell.keys.find((term) => term.kind === "payload" || term.kind === "sender");
  return key === undefined ? `\`${access.handler}\`` : `\`${access.handler}\` for ${exampleOf(handler, key)}`;
}

/** Where the plan asks for it, as a related place. */
export function askedFor(request: Span | undefined, what: string): readonly Related[] {
  return request === undefined ? [] : [{ message: `The plan asks for ${what} here.`, span: request }];
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function exampleOfColumn(handler: Handler | undefined, path: readonly string[]): string {
  const type = handler === undefined ? undefined : findColumn(handler, path)?.type;
  if (type === "number" || type === "bigint") return "7";
  const name = path.at(-1) ?? "message";
  if (name !== "id") return `${name}1`;
  // A bare `id` is that of the thing that the payload is: a Ballot has ballot1.
  const owner = path.at(-2) ?? /^[A-Z][A-Za-z0-9]*$/.exec(handler?.payload?.type ?? "")?.[0] ?? "id";
  return `${lowerFirst(owner)}1`;
}

/** What travels for a split, and that the halves have nothing else in common. */
export function describeSplit(step: Decoupling, { cuts, receiver }: Split): readonly string[] {
  const travels = cuts.map(({ handler, cut }) => {
    const values = [
      ...cut.live.flatMap(({ name, columns }) => columns?.map((column) => `${name}.${column}`) ?? [name]),
      ...cut.references.map(({ name }) => name),
      ...cut.hoisted.map(({ name }) => name),
    ];
    const what = quote(step.protocol, cut.region.span, handler);
    return `${what} of \`${handler}\` runs in \`${receiver.component}\`${values.length === 0 ? "" : `; ${names(values)} ${values.length === 1 ? "travels" : "travel"}`}.`;
  });
  return [
    ...travels,
    step.owned.length === 0
      ? `\`${step.component}\` and the rest use no state in common.`
      : `${names(step.owned)} ${step.owned.length === 1 ? "is" : "are"} used in \`${step.component}\` and nowhere else.`,
  ];
}
