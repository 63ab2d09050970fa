/** What each handler reads and writes of its node's mutable state. */
import {
  timerCell,
  type Access,
  type Effect,
  type NotUnderstood,
  type TimerEffect,
  type WriteOperation,
} from "../model/effect.ts";
import { findStateField, type Handler, type Protocol, type Role } from "../model/protocol.ts";
import { cellsRead, type Cell, type Term } from "../model/term.ts";
import type { Span } from "../model/span.ts";

/** One access to the mutable state of the node. */
export interface StateAccess {
  readonly handler: string;
  readonly cell: Cell;
  /** Undefined: it reads. */
  readonly write: WriteOperation | undefined;
  readonly span: Span;
}

/** What one handler touches. */
export interface Footprint {
  readonly role: string;
  readonly handler: string;
  readonly accesses: readonly StateAccess[];
  /** Fields of the class that it uses in any way, configuration included. */
  readonly uses: readonly string[];
  /** Not empty: it may touch everything, for these reasons, and `accesses` says only what is known beside that. */
  readonly everything: readonly NotUnderstood[];
}

/** What one effect touches. */
export interface EffectFootprint {
  readonly reads: readonly Access[];
  readonly writes: Cell | undefined;
}

/** The footprints of all handlers that run inside the system. */
export function inferFootprints(protocol: Protocol): readonly Footprint[] {
  return protocol.roles
    .filter((role) => !role.external)
    .flatMap((role) => role.handlers.map((handler) => inferFootprint(role, handler)));
}

/** The footprint of one handler, through its private helpers. */
export function inferFootprint(role: Role, handler: Handler): Footprint {
  const { body } = handler;
  const fields = new Set(role.fields.map((field) => field.name));
  const base = { role: role.name, handler: handler.name };
  if (body === undefined) {
    const unseen = { why: "a handler whose body is not part of the program", span: handler.nameSpan };
    return { ...base, accesses: [], uses: [...fields], everything: [...role.notUnderstood, unseen] };
  }
  const reads = [...body.reads, ...body.effects.flatMap((effect) => inferEffectFootprint(effect).reads)];
  const writes = body.effects.flatMap((effect) => {
    const write = writeOf(effect);
    return write === undefined ? [] : [{ ...write, span: effect.span }];
  });
  const accesses = [
    ...distinct(reads).map(({ cell, span }) => ({ handler: handler.name, cell, write: undefined, span })),
    ...[...writes, ...firings(role, handler)].map(({ cell, operation, span }) => ({
      handler: handler.name,
      cell,
      write: operation,
      span,
    })),
  ].filter(({ cell }) => isState(role, cell.field));
  const touched = accesses.map(({ cell }) => cell.field.split(".")[0] ?? cell.field);
  return {
    ...base,
    accesses,
    uses: [...new Set([...body.members.filter((member) => fields.has(member)), ...touched])],
    everything: [...role.notUnderstood, ...body.notUnderstood],
  };
}

/** What one effect reads and writes. What its terms read is included even where lowering named no access for it. */
export function inferEffectFootprint(effect: Effect): EffectFootprint {
  const known = new Set(effect.reads.map(({ cell }) => cell.field));
  const unnamed = termsOf(effect)
    .flatMap(cellsRead)
    .filter((cell) => !known.has(cell.field))
    .map((cell) => ({ cell, span: effect.span }));
  return { reads: [...effect.reads, ...unnamed], writes: writeOf(effect)?.cell };
}

interface Write {
  readonly cell: Cell;
  readonly operation: WriteOperation;
}

/** What an effect changes of the state that handlers have in common. Nobody sees a journal, so an append changes none. */
function writeOf(effect: Effect): Write | undefined {
  switch (effect.kind) {
    case "write":
      return { cell: effect.cell, operation: effect.operation };
    case "timer":
      return {
        cell: timerCell(effect.field, effect.timer, effect.key),
        operation: effect.operation === "set" ? "set" : "delete",
      };
    case "send":
    case "append":
      return undefined;
  }
}

/**
 * A one-shot timer that fires is no longer pending. It is the timer with the key that the handler is given, unless
 * somewhere it is armed, or disarmed, without a key.
 */
function firings(role: Role, { trigger, nameSpan }: Handler): readonly (Write & { readonly span: Span })[] {
  if (trigger.kind !== "after") return [];
  const { timer } = trigger;
  const uses = role.handlers
    .flatMap(({ body }) => body?.effects ?? [])
    .filter((effect): effect is TimerEffect => effect.kind === "timer" && effect.timer === timer);
  const key: Term | undefined = isArmedByKey(uses) ? { kind: "timerKey" } : undefined;
  const fields = role.fields.filter(({ is }) => is.kind === "timers" && is.names.includes(timer));
  return fields.map(({ name }) => ({ cell: timerCell(name, timer, key), operation: "delete", span: nameSpan }));
}

function isArmedByKey(uses: readonly TimerEffect[]): boolean {
  return uses.length > 0 && uses.every(({ key }) => key !== undefined);
}

/** The mutable fields that a handler touches. */
export function stateFields(footprint: Footprint): readonly string[] {
  return [...new Set(footprint.accesses.map(({ cell }) => cell.field))];
}

/** Whether a field is mutable state. A field that is not known counts as such. */
export function isState(role: Role, name: string): boolean {
  const field = findStateField(role, name);
  return field === undefined || field.is.kind === "state";
}

/** The terms of an effect's guard and operands. */
export function termsOf(effect: Effect): readonly Term[] {
  const guards = effect.guard.map(({ term }) => term);
  switch (effect.kind) {
    case "write":
      return [...guards, ...effect.cell.keys, ...(effect.value === undefined ? [] : [effect.value])];
    case "send": {
      const { destination, payload } = effect;
      return [
        ...guards,
        ...(destination.kind === "one" ? [destination.id] : []),
        ...(payload === undefined ? [] : [payload]),
      ];
    }
    case "append":
      return [...guards, ...(effect.value === undefined ? [] : [effect.value])];
    case "timer":
      return [...guards, ...[effect.key, effect.milliseconds].filter((term) => term !== undefined)];
  }
}

/** One access per place and cell: lowering hands the same object to everything that depends on it. */
function distinct(accesses: readonly Access[]): readonly Access[] {
  const seen = new Set<string>();
  return accesses.filter(({ cell, span }) => {
    const name = JSON.stringify([span.file, span.start, span.end, cell.field, cell.keys, cell.aspect]);
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}
