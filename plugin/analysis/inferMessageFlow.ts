/** Who can send what to whom. External roles count as one node that can turn anything received into anything sent. */
import type { SendEffect } from "../model/effect.ts";
import type { Handler, Protocol, Role } from "../model/protocol.ts";
import type { Span } from "../model/span.ts";

/** Something that can send a message. */
export type Sender =
  | {
      readonly kind: "send";
      readonly role: string;
      readonly handler: string;
      readonly effect: number;
      readonly span: Span;
    }
  /** The outside world, in one of its roles. */
  | { readonly kind: "external"; readonly role: string; readonly span: Span }
  /** A handler that is not understood: it may send anything to anyone. */
  | { readonly kind: "unknown"; readonly role: string; readonly handler: string; readonly span: Span };

/** A message on its way to a handler. */
export interface FlowEdge {
  readonly from: Sender;
  readonly to: { readonly role: string; readonly handler: string };
}

export interface MessageFlow {
  readonly edges: readonly FlowEdge[];
  /** The roles outside of the system: what one of them receives, any of them may know. */
  readonly externals: readonly string[];
}

/** Every way in which a message can come to a handler. */
export function inferMessageFlow(protocol: Protocol): MessageFlow {
  const inside = protocol.roles.filter((role) => !role.external);
  const targets = protocol.roles.flatMap((role) =>
    role.handlers.filter(isReachable).map((handler) => ({ role, handler })),
  );
  const sends = inside.flatMap((role) => role.handlers.flatMap((handler) => sendEdges(role, handler)));
  const unknown = inside.flatMap((role) =>
    role.handlers.flatMap((handler) => {
      const [why] = [...role.notUnderstood, ...(handler.body?.notUnderstood ?? [])];
      if (why === undefined) return [];
      const from: Sender = { kind: "unknown", role: role.name, handler: handler.name, span: why.span };
      return targets.map((target) => ({ from, to: { role: target.role.name, handler: target.handler.name } }));
    }),
  );
  const outside = protocol.roles
    .filter((role) => role.external)
    .flatMap((external) =>
      targets
        .filter(({ role, handler }) => !role.external && mayComeFrom(handler, external))
        .map(({ role, handler }) => ({
          from: { kind: "external", role: external.name, span: external.nameSpan } as const,
          to: { role: role.name, handler: handler.name },
        })),
    );
  return {
    edges: [...sends, ...unknown, ...outside],
    externals: protocol.roles.filter(({ external }) => external).map(({ name }) => name),
  };
}

/** Everything that can send this message. */
export function sendersOf(flow: MessageFlow, role: string, handler: string): readonly Sender[] {
  return flow.edges.filter(({ to }) => to.role === role && to.handler === handler).map(({ from }) => from);
}

/**
 * Whether something that `cause` sends can, through any other nodes, lead to `effect` being handled. A message to a
 * node can lead to any message that the node sends, since what it does may depend on all that it has received.
 */
export function canLeadTo(
  flow: MessageFlow,
  cause: { readonly role: string; readonly handler: string },
  effect: { readonly role: string; readonly handler: string },
): boolean {
  const OUTSIDE = "";
  const node = (role: string): string => (flow.externals.includes(role) ? OUTSIDE : role);
  const direct = flow.edges.filter(
    ({ from }) => from.kind !== "external" && from.role === cause.role && from.handler === cause.handler,
  );
  const reached = new Set<string>();
  const pending = [...direct];
  for (let edge = pending.pop(); edge !== undefined; edge = pending.pop()) {
    if (edge.to.role === effect.role && edge.to.handler === effect.handler) return true;
    const next = node(edge.to.role);
    if (reached.has(next)) continue;
    reached.add(next);
    pending.push(...flow.edges.filter(({ from }) => node(from.role) === next));
  }
  return false;
}

/** The `@Fifo` handlers that a send may reach. */
export function fifoTargets(protocol: Protocol, send: SendEffect): readonly Handler[] {
  return protocol.roles
    .filter((role) => send.roles.includes(role.name))
    .flatMap((role) => role.handlers)
    .filter((handler) => handler.name === send.message && isFifo(handler));
}

export function isFifo(handler: Handler): boolean {
  return handler.trigger.kind === "message" && handler.trigger.fifo;
}

function isReachable(handler: Handler): boolean {
  return handler.trigger.kind === "message";
}

function sendEdges(role: Role, handler: Handler): readonly FlowEdge[] {
  const effects = handler.body?.effects ?? [];
  return effects
    .filter((effect): effect is SendEffect => effect.kind === "send")
    .flatMap((send) =>
      send.roles.map((receiver) => ({
        from: { kind: "send", role: role.name, handler: handler.name, effect: send.id, span: send.span } as const,
        to: { role: receiver, handler: send.message },
      })),
    );
}

/** A handler that does not name its sender may be called by anyone. */
function mayComeFrom(handler: Handler, external: Role): boolean {
  return handler.from === undefined || handler.from.roles.includes(external.name);
}
