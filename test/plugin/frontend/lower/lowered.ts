import type { HandlerBody } from "../../../../plugin/model/effect.ts";
import { printEffect } from "../../../../plugin/model/effect.ts";
import { printCell } from "../../../../plugin/model/term.ts";
import { openInMemory } from "../../../../plugin/frontend/openInMemory.ts";
import { readProtocol } from "../../../../plugin/frontend/readProtocol.ts";
import type { Protocol } from "../../../../plugin/model/protocol.ts";

const PRELUDE = `
import {
  After, Counter, Durable, Every, Forget, GrowMap, GrowSet, journal, MaxReg, On, Once, OnRecover, OnStart, peer, peers, pure,
  Role, self, Tally, timers, type Ref,
} from "riven";
@Role({ external: true })
export abstract class Client { abstract done(m: { id: string; value?: unknown }): void; abstract no(): void }
@Role()
export class Other {
  @On() take(m: { id: string; n?: number; all?: readonly string[]; value?: unknown }): void {}
}
`;

/** A protocol whose role `Node` has this class body; `top` goes above it. */
export function protocolOf(body: string, top = ""): Protocol {
  const text = `${PRELUDE}${top}\n@Role()\nexport class Node {
  private readonly clients = peers(() => Client);
  private readonly others = peers(() => Other);
  private readonly only = peer(() => Other);
  private readonly me = self();
${body}
}\n`;
  return readProtocol(openInMemory({ "protocol.ts": text }));
}

/** What the only handler called `h` of that class body is lowered to. */
export function bodyOf(body: string, top = "", handler = "h"): HandlerBody {
  const found = protocolOf(body, top)
    .roles.find((role) => role.name === "Node")
    ?.handlers.find((one) => one.name === handler)?.body;
  if (found === undefined) throw new Error(`no handler ${handler}`);
  return found;
}

/** The same as lines: effects, then reads, then what was not understood, then what may throw. */
export function lowered(body: string, top = "", handler = "h"): readonly string[] {
  const found = bodyOf(body, top, handler);
  return [
    ...found.effects.map((effect) => printEffect(effect).trim()),
    ...found.reads.map((access) => `reads ${printCell(access.cell)}`),
    ...found.notUnderstood.map((one) => `not understood: ${one.why}`),
    ...found.throws.map((one) => `may throw: ${one.why}`),
  ];
}
