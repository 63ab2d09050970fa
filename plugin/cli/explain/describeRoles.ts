/** What Riven found in a protocol, as plain JSON: what `riven explain` prints, as text or as it is. */
import { printEffect, printSend, type HandlerBody } from "../../model/effect.ts";
import type { Field, Handler, Protocol, Role } from "../../model/protocol.ts";
import { printPlace, type Span } from "../../model/span.ts";
import { printCell } from "../../model/term.ts";

export type RoleDescription = {
  readonly name: string;
  readonly place: string;
  readonly external: boolean;
  readonly state: readonly FieldDescription[];
  readonly configuration: readonly FieldDescription[];
  readonly handlers: readonly HandlerDescription[];
};

export type FieldDescription = { readonly name: string; readonly is: string };

export type HandlerDescription = {
  readonly name: string;
  /** `on propose(m: Ballot) from Client`, `every 500 ms tick()` */
  readonly signature: string;
  /** The cells that it observes and changes, keyed by where their keys come from. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly sends: readonly string[];
  readonly effects: readonly string[];
  /** What the analysis does not follow; anything here makes the footprint everything. */
  readonly notUnderstood: readonly string[];
  readonly mayThrow: readonly string[];
};

/** How a file of the protocol is called in front of people. */
type NameOfFile = (file: string) => string;

export function describeRoles(protocol: Protocol, name: NameOfFile): readonly RoleDescription[] {
  return protocol.roles.map((role) => describeRole(role, name));
}

function describeRole(role: Role, name: NameOfFile): RoleDescription {
  return {
    name: role.name,
    place: place(role.nameSpan, name),
    external: role.external,
    state: role.fields.filter(({ is }) => is.kind === "state").map(describeField),
    configuration: role.fields.filter(({ is }) => is.kind !== "state").map(describeField),
    handlers: role.handlers.map((handler) => describeHandler(handler, name)),
  };
}

function describeField({ name, type, is, durable }: Field): FieldDescription {
  switch (is.kind) {
    case "state":
      return { name, is: durable ? `${type}, durable` : type };
    case "configuration":
      return { name, is: type };
    case "peers":
      return { name, is: `every ${is.role}` };
    case "peer":
      return { name, is: `the ${is.role}` };
    case "self":
      return { name, is: "the node itself" };
    case "journal":
    case "timers":
      return { name, is: type };
  }
}

function describeHandler(handler: Handler, name: NameOfFile): HandlerDescription {
  const { body } = handler;
  const problems = (list: readonly { readonly why: string; readonly span: Span }[]): readonly string[] =>
    list.map(({ why, span }) => `${why} (${place(span, name)})`);
  return {
    name: handler.name,
    signature: printSignature(handler),
    reads: body === undefined ? [] : distinct(body.reads.map(({ cell }) => printCell(cell))),
    writes: body === undefined ? [] : writes(body),
    sends: body === undefined ? [] : distinct(sends(handler.name, body)),
    effects: body === undefined ? [] : body.effects.map(printEffect),
    notUnderstood: body === undefined ? [] : problems(body.notUnderstood),
    mayThrow: body === undefined ? [] : problems(body.throws),
  };
}

function printSignature({ name, trigger, payload, from }: Handler): string {
  switch (trigger.kind) {
    case "message": {
      const sender = from === undefined ? "" : ` from ${from.roles.join(" or ")}`;
      const order = trigger.fifo ? ", in the order of each sender" : "";
      return `on ${name}(${payload === undefined ? "" : `${payload.name}: ${payload.type}`})${sender}${order}`;
    }
    case "every":
      return `every ${String(trigger.milliseconds)} ms ${name}()`;
    case "after":
      return `after ${trigger.timer} ${name}(${trigger.key === undefined ? "" : `${trigger.key.name}: ${trigger.key.type}`})`;
    case "start":
      return `at the start ${name}()`;
    case "recover":
      return `at a recovery ${name}()`;
  }
}

function writes({ effects }: HandlerBody): readonly string[] {
  return distinct(
    effects.flatMap((effect) => (effect.kind === "write" ? [`${effect.operation} ${printCell(effect.cell)}`] : [])),
  );
}

function sends(handler: string, { effects }: HandlerBody): readonly string[] {
  return effects.flatMap((effect) => (effect.kind === "send" ? [printSend(handler, effect)] : []));
}

function place(span: Span, name: NameOfFile): string {
  return printPlace({ ...span, file: name(span.file) });
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
