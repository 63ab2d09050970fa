/** A rewrite as a planner would make it, for tests of emission: pieces of handlers are named by their text. */
import { joinRegions } from "../../plugin/analysis/cutRun.ts";
import type { Component, Forward, Partitioning, Proof, Rewrite } from "../../plugin/model/component.ts";
import type { Region } from "../../plugin/model/effect.ts";
import { findHandler, findRole, type Protocol, type Role } from "../../plugin/model/protocol.ts";

export interface ForwardByHand {
  readonly name: string;
  readonly handler: string;
  readonly from?: string;
  /** How the text of the statement begins. */
  readonly region: string;
  /** How the text of the last statement begins, when there are several. */
  readonly last?: string;
  /** Expressions that are evaluated before the move, by their text. */
  readonly hoisted?: { readonly [text: string]: { readonly name: string; readonly type: string } };
  readonly references?: Forward["references"];
  readonly channel?: Forward["channel"];
  readonly above?: Forward["above"];
  readonly wakes?: Forward["wakes"];
}

export interface ComponentByHand {
  readonly name: string;
  readonly handlers?: readonly string[];
  readonly forwards?: readonly ForwardByHand[];
  readonly partitioning?: Partitioning;
  readonly proofs?: readonly Proof[];
  readonly parks?: Component["parks"];
}

/** @param plans Components by role. The other roles stay as they are. */
export function rewriteByHand(
  protocol: Protocol,
  plans: { readonly [role: string]: readonly ComponentByHand[] },
): Rewrite {
  for (const name of Object.keys(plans))
    if (findRole(protocol, name) === undefined) throw new Error(`There is no role ${name}.`);
  return {
    roles: protocol.roles.map((role) => ({
      role: role.name,
      components: (plans[role.name] ?? [untouched(role)]).map((plan) => component(protocol, role, plan)),
    })),
  };
}

function untouched(role: Role): ComponentByHand {
  return { name: "main", handlers: role.handlers.map(({ name }) => name) };
}

function component(protocol: Protocol, role: Role, plan: ComponentByHand): Component {
  return {
    role: role.name,
    name: plan.name,
    handlers: plan.handlers ?? [],
    forwards: (plan.forwards ?? []).map((forward) => readForward(protocol, role, forward)),
    partitioning: plan.partitioning,
    proofs: plan.proofs ?? [],
    ...(plan.parks === undefined ? {} : { parks: plan.parks }),
  };
}

function readForward(protocol: Protocol, role: Role, plan: ForwardByHand): Forward {
  const text = protocol.modules.find(({ file }) => file === role.file)?.text ?? "";
  const root = findHandler(role, plan.handler)?.body?.root;
  const first = root === undefined ? undefined : findRegion(root, text, plan.region);
  const region = first === undefined || root === undefined ? undefined : findRun(root, text, first, plan.last);
  if (region === undefined) throw new Error(`No statement in ${plan.handler} begins with ${plan.region}.`);
  const references = plan.references ?? [];
  const hoisted = Object.entries(plan.hoisted ?? {}).flatMap(([expression, { name, type }]) =>
    occurrences(text, expression, region).map((start) => ({
      name,
      operand: {
        span: { ...region.span, start, end: start + expression.length },
        reads: [],
        throws: undefined,
        uses: [],
        type,
        conditional: false,
      },
    })),
  );
  return {
    name: plan.name,
    handler: plan.handler,
    from: plan.from ?? "main",
    region: region.span,
    effects: region.effects,
    live: region.uses.filter((use) => !references.some(({ name }) => name === use.name)),
    hoisted,
    references,
    ...(plan.channel === undefined ? {} : { channel: plan.channel }),
    ...(plan.above === undefined ? {} : { above: plan.above }),
    ...(plan.wakes === undefined ? {} : { wakes: plan.wakes }),
  };
}

/** The statements from one to another in its block; without another, the one alone. */
function findRun(region: Region, text: string, first: Region, last: string | undefined): Region | undefined {
  if (last === undefined) return first;
  const at = region.children.indexOf(first);
  if (at < 0) {
    for (const child of region.children) {
      const found = findRun(child, text, first, last);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const rest = region.children.slice(at + 1);
  const end = rest.findIndex(({ span }) => text.startsWith(last, span.start));
  return end < 0 ? undefined : joinRegions([first, ...rest.slice(0, end + 1)]);
}

function findRegion(region: Region, text: string, begin: string): Region | undefined {
  if (text.startsWith(begin, region.span.start)) return region;
  for (const child of region.children) {
    const found = findRegion(child, text, begin);
    if (found !== undefined) return found;
  }
  return undefined;
}

function occurrences(text: string, expression: string, { span }: Region): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(expression, span.start); at >= 0 && at < span.end; at = text.indexOf(expression, at + 1))
    found.push(at);
  return found;
}
