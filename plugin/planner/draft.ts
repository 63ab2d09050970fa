/** Components while the plan is being applied. */
import { forwardName, freshName } from "../analysis/freshNames.ts";
import type { Cut } from "../analysis/inferCuts.ts";
import type { PlacedCut } from "../analysis/projectComponent.ts";
import type { Forward, Proof, Waiting } from "../model/component.ts";
import type { Effect } from "../model/effect.ts";
import { findHandler, type Role } from "../model/protocol.ts";
import type { RequestedComponent } from "../model/requestedPlan.ts";
import type { HandlerCut, Part } from "../rules/rule.ts";
import type { ResolvedComponent } from "./resolveMoves.ts";

export interface Draft {
  readonly name: string;
  /** Whether the rules have been asked about it. */
  readonly isDecided: boolean;
  /** They have refused it together with the state that it needs, so that its partitions are nothing to speak of. */
  readonly isRefused: boolean;
  readonly request: RequestedComponent | undefined;
  /** Handlers whose messages enter here. */
  readonly handlers: readonly string[];
  /** What left these handlers. */
  readonly left: readonly PlacedCut[];
  /** What came here. */
  readonly forwarded: readonly HandlerCut[];
  readonly parks: { readonly [handler: string]: Waiting };
  readonly proofs: readonly Proof[];
}

/** Everything stays until it moves. */
export function stayingDraft(role: Role, components: readonly ResolvedComponent[]): Draft {
  const moved = new Set(
    components.flatMap(({ handlers, taken }) => [...handlers, ...taken].map(({ handler }) => handler)),
  );
  const request = components.find((component) => component.request.moves === undefined)?.request;
  const handlers = role.handlers.map(({ name }) => name).filter((name) => !moved.has(name));
  return draftOf(request?.name ?? "main", request, handlers, true);
}

/** Where the messages of the handlers enter that the plan names. */
export function movingDraft({ request, handlers }: ResolvedComponent): Draft {
  return draftOf(
    request.name,
    request,
    handlers.map(({ handler }) => handler),
    false,
  );
}

function draftOf(
  name: string,
  request: RequestedComponent | undefined,
  handlers: readonly string[],
  isDecided: boolean,
): Draft {
  return { name, request, handlers, left: [], forwarded: [], parks: {}, proofs: [], isDecided, isRefused: false };
}

/** A draft as the rules see it. */
export function partOf(drafts: readonly Draft[], { name, handlers, left, forwarded }: Draft): Part {
  return {
    name,
    handlers,
    left,
    forwarded: forwarded.map(({ handler, cut, channel }) => ({
      name: handler,
      handler,
      cut,
      from: entryOf(drafts, handler),
      channel: channel ?? "once",
    })),
  };
}

/** Gives every statement that left a name that nothing in the class has. */
export function nameForwards(
  role: Role,
  drafts: readonly Draft[],
): readonly { readonly draft: Draft; readonly forwards: readonly Forward[] }[] {
  const taken = new Set([...role.handlers, ...role.members, ...role.fields].map(({ name }) => name));
  return drafts.map((draft) => ({
    draft,
    forwards: draft.forwarded.map(({ handler, cut, channel, above, wakes }): Forward => {
      const name = freshName(forwardName(handler, messagesOf(role, handler, cut)), taken);
      taken.add(name);
      const { region, effects, live, references, hoisted } = cut;
      return {
        name,
        handler,
        from: entryOf(drafts, handler),
        region: region.span,
        effects,
        live,
        hoisted,
        ...(references.length === 0 ? {} : { references }),
        ...(channel === undefined ? {} : { channel }),
        ...(above === undefined ? {} : { above }),
        ...(wakes === undefined ? {} : { wakes }),
      };
    }),
  }));
}

function entryOf(drafts: readonly Draft[], handler: string): string {
  return drafts.find(({ handlers }) => handlers.includes(handler))?.name ?? "main";
}

/** What a forward is called after: what it sends, or what it changes. */
function messagesOf(role: Role, handler: string, { effects }: Cut): readonly string[] {
  const all = (findHandler(role, handler)?.body?.effects ?? []).filter(({ id }) => effects.includes(id));
  const sent = all.flatMap((effect) => (effect.kind === "send" ? [effect.message] : []));
  return [...sent, ...all.flatMap(changedBy)];
}

function changedBy(effect: Effect): readonly string[] {
  switch (effect.kind) {
    case "write":
      return [effect.cell.field];
    case "timer":
      return [effect.timer];
    case "append":
      return [effect.journal];
    case "send":
      return [];
  }
}
