/**
 * Dependencies between the columns of messages: that in every message of a name one column is a certain function of others
 * (or of the sender), because everybody who sends it computes it so. (Chu et al., appendix B.2.1, union and intersection.)
 *
 * The greatest fixpoint: first assume the union of all equations that some send statement suggests, then remove each that some
 * statement that sends the message does not justify, given what is still assumed of the message that the statement answers to;
 * until nothing is removed. By induction over the steps of a run, what is left holds for every message: the
 * first message that broke an equation would have been sent by a statement that justifies it from messages which kept theirs.
 * What clients send justifies nothing, nor what a handler sends that is not understood; what is read from state is equal to
 * nothing, since other messages have written it. Names are compared, not meanings: a function is what its module says.
 */
import type { SendEffect } from "../../model/effect.ts";
import { findHandler, findRole, type Handler, type Protocol } from "../../model/protocol.ts";
import { pureForm } from "../../model/pureForm.ts";
import { sameTerm, type Term } from "../../model/term.ts";
import { inferMessageFlow, sendersOf, type Sender } from "../inferMessageFlow.ts";
import { areEqual, formsOf, leavesOf, type Equation } from "./equations.ts";

/** A statement that sends a message, or somebody of whom no statement is known. */
export interface SendSite {
  readonly by: Sender;
  /** Undefined: what is sent is not known. */
  readonly from: Handler | undefined;
  readonly payload: Term | undefined;
}

export interface RefutedEquation extends Equation {
  /** The first sender that does not keep to it. */
  readonly by: Sender;
}

export interface MessageDependencies {
  readonly kept: readonly Equation[];
  /** What some statements keep to, and others do not. */
  readonly refuted: readonly RefutedEquation[];
}

/** What is known of each message, by `role.handler`. */
export type Dependencies = ReadonlyMap<string, MessageDependencies>;

const MOST_EQUATIONS = 48;

export function inferDependencies(protocol: Protocol): Dependencies {
  const sites = sitesOf(protocol);
  let known = new Map<string, readonly Equation[]>([...sites].map(([name]) => [name, []]));
  for (let grown = true; grown;) {
    grown = false;
    for (const [name, { handler, sends }] of sites) {
      const before = known.get(name) ?? [];
      const suggested = sends.flatMap((site) => suggestedBy(handler, site, equationsAt(known, site)));
      const more = distinct([...before, ...suggested]).slice(0, MOST_EQUATIONS);
      if (more.length === before.length) continue;
      known.set(name, more);
      grown = true;
    }
  }
  const refuted = new Map<string, RefutedEquation[]>();
  for (let shrunk = true; shrunk;) {
    shrunk = false;
    const next = new Map(known);
    for (const [name, { sends }] of sites) {
      const before = known.get(name) ?? [];
      const failing = before.flatMap((equation) => {
        const site = sends.find((one) => !isJustified(one, equation, equationsAt(known, one)));
        return site === undefined ? [] : [{ equation, by: site.by }];
      });
      if (failing.length === 0) continue;
      refuted.set(name, [...(refuted.get(name) ?? []), ...failing.map(({ equation, by }) => ({ ...equation, by }))]);
      next.set(
        name,
        before.filter((one) => !failing.some(({ equation }) => equation === one)),
      );
      shrunk = true;
    }
    known = next;
  }
  return new Map(
    [...sites.keys()].map((name) => [name, { kept: known.get(name) ?? [], refuted: refuted.get(name) ?? [] }]),
  );
}

export function messageName(role: string, handler: string): string {
  return `${role}.${handler}`;
}

interface Sites {
  readonly handler: Handler;
  readonly sends: readonly SendSite[];
}

/** Everything that sends each message. */
function sitesOf(protocol: Protocol): ReadonlyMap<string, Sites> {
  const flow = inferMessageFlow(protocol);
  const inside = protocol.roles.filter(({ external }) => !external).flatMap(({ handlers }) => handlers);
  const messages = inside.filter(({ trigger }) => trigger.kind === "message");
  return new Map(
    messages.map((handler) => [
      messageName(handler.role, handler.name),
      { handler, sends: sendersOf(flow, handler.role, handler.name).map((by) => siteOf(protocol, by)) },
    ]),
  );
}

function siteOf(protocol: Protocol, by: Sender): SendSite {
  if (by.kind !== "send") return { by, from: undefined, payload: undefined };
  const role = findRole(protocol, by.role);
  const from = role === undefined ? undefined : findHandler(role, by.handler);
  const send = from?.body?.effects.find(
    (effect): effect is SendEffect => effect.kind === "send" && effect.id === by.effect,
  );
  return { by, from, payload: send?.payload };
}

/** What is assumed of the message that the statement answers to. Timers and starts have none. */
function equationsAt(known: ReadonlyMap<string, readonly Equation[]>, { from }: SendSite): readonly Equation[] {
  return from === undefined ? [] : (known.get(messageName(from.role, from.name)) ?? []);
}

/** The equations that hold for what one statement sends. */
function suggestedBy(handler: Handler, site: SendSite, equations: readonly Equation[]): readonly Equation[] {
  const columns = (handler.payload?.columns ?? []).filter(({ keyable, optional }) => keyable && !optional);
  const sent = columns.flatMap(({ path }) => {
    const value = valueAt(site.payload, path);
    return value === undefined ? [] : [{ column: { kind: "payload", path } as const, value }];
  });
  const sources: readonly { readonly column: Term; readonly value: Term }[] = [
    ...sent,
    { column: { kind: "sender" }, value: { kind: "self" } },
  ];
  return sent.flatMap(({ column, value }) => {
    const others = sources.filter((source) => !sameTerm(source.column, column));
    const named = others.map((other) => ({ column: other.column, forms: formsOf(other.value, equations) }));
    return formsOf(value, equations).flatMap((form): readonly Equation[] => {
      const is = inColumns(form, named);
      return is === undefined || leavesOf(is).length === 0 || !isFunction(is) ? [] : [{ of: column, is }];
    });
  });
}

/** A term of the sending handler in columns of what it sends; undefined: they do not suffice. */
function inColumns(
  term: Term,
  sources: readonly { readonly column: Term; readonly forms: readonly Term[] }[],
): Term | undefined {
  if (term.kind === "literal") return term;
  const source = sources.find(({ forms }) => forms.some((form) => sameTerm(form, term)));
  if (source !== undefined) return source.column;
  if (term.kind !== "pure") return undefined;
  const args = term.args.flatMap((arg) => inColumns(arg, sources) ?? []);
  return args.length === term.args.length ? { ...term, args } : undefined;
}

function isJustified(site: SendSite, { of, is }: Equation, equations: readonly Equation[]): boolean {
  const left = sentAs(site, of);
  const right = sentAs(site, is);
  if (left === undefined || right === undefined || !isFunction(left) || !isFunction(right)) return false;
  return areEqual(left, right, equations);
}

/** A term of the message in terms of the handler that sends it; undefined when that is not known. */
function sentAs(site: SendSite, term: Term): Term | undefined {
  switch (term.kind) {
    case "payload":
      return valueAt(site.payload, term.path);
    case "sender":
      return { kind: "self" };
    case "literal":
      return term;
    case "pure": {
      const args = term.args.flatMap((arg) => sentAs(site, arg) ?? []);
      return args.length === term.args.length ? { ...term, args } : undefined;
    }
    default:
      return undefined;
  }
}

/** What a payload has at a path; undefined when that is not known. */
function valueAt(payload: Term | undefined, path: readonly string[]): Term | undefined {
  const [name, ...rest] = path;
  if (payload === undefined || name === undefined) return payload;
  switch (payload.kind) {
    case "payload":
      return { kind: "payload", path: [...payload.path, ...path] };
    case "record": {
      const field = Object.hasOwn(payload.fields, name) ? payload.fields[name] : undefined;
      if (field !== undefined) return valueAt(field, rest);
      const [spread, ...others] = payload.spreads;
      return others.length === 0 ? valueAt(spread, path) : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a term is the value of its function at its arguments, in whatever handler it stands. */
export function isFunction(term: Term): boolean {
  if (term.kind !== "pure") return true;
  const form = pureForm(term.name, term.args.length);
  const isChoice = form?.kind === "conditional" || term.name === "??";
  if (form === undefined || (isChoice && term.certain !== true)) return false;
  return term.args.every((arg) => isFunction(arg) && !(form.kind === "tuple" && mayBeList(arg)));
}

/** Of what lists are made of, and spread into them, a term does not say where in the list it is. */
function mayBeList(element: Term): boolean {
  if (element.kind !== "pure") return false;
  const form = pureForm(element.name, element.args.length);
  return form?.kind !== "template" && form?.kind !== "prefix" && element.name !== "String";
}

function distinct(equations: readonly Equation[]): readonly Equation[] {
  return equations.filter(
    ({ of, is }, i) => equations.findIndex((other) => sameTerm(other.of, of) && sameTerm(other.is, is)) === i,
  );
}
