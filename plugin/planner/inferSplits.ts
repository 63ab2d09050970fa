/**
 * The ways in which a component could be given what its plan names. State that is used on both sides of the cut belongs to one
 * of them: to the new component, and then the effects on it leave the handlers that stay; or to what stays, and then the
 * effects on it go back. Which of the ways is right is for the rules to say; here they are put in the order in which they are tried.
 */
import { inferEffectFootprint, inferFootprint, stateFields } from "../analysis/inferFootprints.ts";
import { projectComponent, type PlacedCut } from "../analysis/projectComponent.ts";
import type { Effect } from "../model/effect.ts";
import type { Handler, Protocol, Role } from "../model/protocol.ts";
import type { Span } from "../model/span.ts";
import type { Decoupling, Moved, MovedPart, Part } from "../rules/rule.ts";

/** What the plan asks for a component, with its names resolved. */
export interface Wanted {
  readonly component: string;
  readonly handlers: readonly Moved[];
  /** Handlers that go whole because of fields: all that they do is about them. */
  readonly taken: readonly Moved[];
  /** Sends that are named. */
  readonly sends: readonly MovedPart[];
  readonly fields: readonly { readonly name: string; readonly request: Span | undefined }[];
  readonly hold: Span | undefined;
  readonly others: readonly Part[];
  /** What earlier steps took out of handlers of the role, for other components. */
  readonly left: readonly PlacedCut[];
}

export interface Candidate {
  readonly step: Decoupling;
  /** A handler that nobody named and of which nothing would stay, with the field that takes it along. */
  readonly emptied:
    { readonly handler: string; readonly field: string; readonly request: Span | undefined } | undefined;
}

export interface Candidates {
  readonly all: readonly Candidate[];
  /** What is meant most likely: what to speak of when none of them will do. */
  readonly likely: Candidate;
}

export function inferSplits(protocol: Protocol, role: Role, wanted: Wanted): Candidates {
  const whole = [...wanted.handlers, ...wanted.taken];
  const relayed = wanted.taken.length === 0 ? [] : [wanted.handlers];
  const all = [whole, ...relayed].flatMap((handlers) => candidatesWith(protocol, role, wanted, handlers));
  const plain: Candidate = { step: plainStep(protocol, role, wanted, whole), emptied: undefined };
  const likely = all.find(({ step }) => step.returned.length === 0) ?? plain;
  return { all: all.length === 0 ? [plain] : all, likely };
}

/** Whole handlers only, as if they could be told apart. */
function plainStep(protocol: Protocol, role: Role, wanted: Wanted, handlers: readonly Moved[]): Decoupling {
  const { component, sends, hold, others } = wanted;
  return {
    protocol,
    role,
    component,
    handlers,
    left: leftOf(wanted, handlers),
    parts: sends,
    returned: [],
    owned: [],
    hold,
    others: without(others, handlers),
  };
}

function candidatesWith(
  protocol: Protocol,
  role: Role,
  wanted: Wanted,
  handlers: readonly Moved[],
): readonly Candidate[] {
  const names = handlers.map(({ handler }) => handler);
  const others = without(wanted.others, handlers);
  const staying = others.flatMap((part) => projectComponent(role, part).handlers);
  const moved = projectComponent(role, { handlers: names, left: wanted.left, forwarded: [] }).handlers;
  const shared = sharedFields(role, moved, staying);
  const mine = fieldsOf(role, moved).filter((field) => !fieldsOf(role, staying).includes(field));
  const named = wanted.fields.map(({ name }) => name);
  const give = { protocol, role, wanted, handlers, others, moved, staying };
  const owning = withState(give, [...new Set([...named, ...shared, ...mine])], named);
  const found = owning === undefined ? [] : [owning];
  if (shared.length === 0 || named.some((field) => fieldsOf(role, staying).includes(field))) return found;
  const returning = withReturns(give, mine, shared);
  return returning === undefined ? found : [...found, returning];
}

interface Given {
  readonly protocol: Protocol;
  readonly role: Role;
  readonly wanted: Wanted;
  readonly handlers: readonly Moved[];
  readonly others: readonly Part[];
  /** The code of what moves, and of what stays, as far as it is there still. */
  readonly moved: readonly Handler[];
  readonly staying: readonly Handler[];
}

/** The component owns the fields; undefined when that takes everything from all who share them, so that nothing is split. */
function withState(
  { protocol, role, wanted, handlers, others, staying }: Given,
  owned: readonly string[],
  asked: readonly string[],
): Candidate | undefined {
  const { component, sends, hold } = wanted;
  const left = leftOf(wanted, handlers);
  const parts = staying.flatMap((handler) => {
    const effects = effectsAbout(handler, owned);
    const field = fieldOf(handler, effects, owned, asked);
    if (field === undefined || effects.length === 0) return [];
    const request = wanted.fields.find(({ name }) => name === field)?.request ?? handlers[0]?.request;
    return [{ handler, effects, field, request: request ?? wanted.fields[0]?.request }];
  });
  const isEmptied = ({ handler, effects, field }: (typeof parts)[number]): boolean =>
    !asked.includes(field) && effects.length === (handler.body?.effects.length ?? 0);
  const emptied = parts.find(isEmptied);
  if (parts.length > 0 && parts.every(isEmptied)) return undefined;
  const gone = new Set(parts.flatMap(({ handler, effects }) => effects.map((id) => `${handler.name} ${String(id)}`)));
  const rest = sends.flatMap((part): readonly MovedPart[] => {
    const effects = part.effects.filter((id) => !gone.has(`${part.handler} ${String(id)}`));
    return effects.length === 0 ? [] : [{ ...part, effects }];
  });
  const stateful = parts.map(({ handler, effects, field, request }): MovedPart => ({
    handler: handler.name,
    effects,
    field,
    request,
  }));
  return {
    step: {
      protocol,
      role,
      component,
      handlers,
      left,
      parts: [...stateful, ...rest],
      returned: [],
      owned,
      hold,
      others,
    },
    emptied:
      emptied === undefined
        ? undefined
        : { handler: emptied.handler.name, field: emptied.field, request: emptied.request },
  };
}

/** The fields that are shared stay; undefined when that leaves nothing of a handler that moves. */
function withReturns(
  { protocol, role, wanted, handlers, others, moved }: Given,
  owned: readonly string[],
  shared: readonly string[],
): Candidate | undefined {
  const { component, sends, hold } = wanted;
  const left = leftOf(wanted, handlers);
  const returned = handlers.flatMap(({ handler, request }) => {
    const found = moved.find(({ name }) => name === handler);
    const effects = found === undefined ? [] : effectsAbout(found, shared);
    const [field] = found === undefined ? [] : fieldsOf(role, [found]).filter((one) => shared.includes(one));
    return found === undefined || field === undefined ? [] : [{ found, part: { handler, request, effects, field } }];
  });
  const isEmptied = returned.some(({ found, part }) => part.effects.length === (found.body?.effects.length ?? 0));
  if (isEmptied || returned.every(({ part }) => part.effects.length === 0)) return undefined;
  const back = returned.map(({ part }): MovedPart => part).filter(({ effects }) => effects.length > 0);
  return {
    step: { protocol, role, component, handlers, left, parts: sends, returned: back, owned, hold, others },
    emptied: undefined,
  };
}

function leftOf({ left }: Wanted, handlers: readonly Moved[]): readonly PlacedCut[] {
  return left.filter((cut) => handlers.some(({ handler }) => handler === cut.handler));
}

/** The components without the handlers that move. */
function without(others: readonly Part[], handlers: readonly Moved[]): readonly Part[] {
  const names = handlers.map(({ handler }) => handler);
  return others.map((part) => ({ ...part, handlers: part.handlers.filter((name) => !names.includes(name)) }));
}

/** Fields that both sides use and one of them writes. */
function sharedFields(role: Role, moved: readonly Handler[], staying: readonly Handler[]): readonly string[] {
  const accesses = [...moved, ...staying].flatMap((handler) => inferFootprint(role, handler).accesses);
  const theirs = fieldsOf(role, staying);
  return fieldsOf(role, moved).filter(
    (field) =>
      theirs.includes(field) && accesses.some(({ cell, write }) => cell.field === field && write !== undefined),
  );
}

/** The effects on fields, and the sends, timers and records that they guard or feed. Other state stays where it is. */
function effectsAbout({ body }: Handler, fields: readonly string[]): readonly number[] {
  const isAbout = (effect: Effect): boolean => {
    if (effect.kind === "write") return fields.includes(effect.cell.field);
    const { reads, writes } = inferEffectFootprint(effect);
    return (
      (writes !== undefined && fields.includes(writes.field)) || reads.some(({ cell }) => fields.includes(cell.field))
    );
  };
  return (body?.effects ?? []).filter(isAbout).map(({ id }) => id);
}

/** The field that takes effects along, one that the plan asks for if there is one; undefined when none does. */
function fieldOf(
  { body }: Handler,
  effects: readonly number[],
  owned: readonly string[],
  asked: readonly string[],
): string | undefined {
  const fields = (body?.effects ?? [])
    .filter(({ id }) => effects.includes(id))
    .flatMap((effect) => {
      const { reads, writes } = inferEffectFootprint(effect);
      return [...(writes === undefined ? [] : [writes.field]), ...reads.map(({ cell }) => cell.field)];
    })
    .filter((field) => owned.includes(field));
  return fields.find((field) => asked.includes(field)) ?? fields[0];
}

function fieldsOf(role: Role, handlers: readonly Handler[]): readonly string[] {
  return [...new Set(handlers.flatMap((handler) => stateFields(inferFootprint(role, handler))))];
}
