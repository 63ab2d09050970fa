/**
 * Whether the components of a plan, each of which is right beside the others, are right together. A rule looks at what the
 * component that forwards may tell others too early; but what it forwards is also known, in whatever order the steps were
 * decided, to components that are connected with it by forwards of other state.
 *
 * Of a channel from S to R, where messages enter at R itself:
 * - In order only: an activation may have been forwarded by S, not yet be applied in R, and be known to a third component,
 *   which S has told of it, or which tells S things and meets what it did there. Nothing that such a component sends may
 *   lead to a message to R.
 * - Acknowledged: what S sends waits for R, and so do its acknowledgements. So those who wait for S wait for R as well.
 *   There remain those that tell S things and do not wait, and others that S waits for: forwards to these are not held back.
 */
import { inferMessageFlow } from "../analysis/inferMessageFlow.ts";
import { findPath } from "../analysis/inferStaleReads.ts";
import { quote } from "../analysis/quote.ts";
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Component, Forward } from "../model/component.ts";
import { findHandler, type Protocol, type Role } from "../model/protocol.ts";

interface Edge {
  readonly from: string;
  readonly to: Component;
  readonly forward: Forward;
}

export function refuseSequenceChains(
  protocol: Protocol,
  role: Role,
  components: readonly Component[],
): readonly Finding[] {
  const edges = components.flatMap((to) =>
    to.forwards.flatMap((forward): readonly Edge[] =>
      isStateful(forward) ? [{ from: forward.from, to, forward }] : [],
    ),
  );
  const found = edges.flatMap((edge) => {
    const teller = knowing(edges, edge)
      .flatMap((name) => components.find((component) => component.name === name) ?? [])
      .find((component) => leadsTo(protocol, role, component, edge.to));
    return teller === undefined ? [] : [refuse(protocol, edge, teller)];
  });
  return found.slice(0, 1);
}

/** The components that may know of what is forwarded, and tell of it, before it has been applied. */
function knowing(edges: readonly Edge[], { from, to, forward }: Edge): readonly string[] {
  const { channel = "once" } = forward;
  switch (channel) {
    case "once":
    case "repeatable":
      return [];
    case "ordered": {
      const elsewhere = edges.filter((edge) => edge.from !== to.name && edge.to !== to);
      return connected([from], elsewhere, ["up", "down"]);
    }
    case "acknowledged": {
      const others = edges.filter((edge) => edge.to !== to);
      const waitedFor = others.filter((edge) => edge.from === from && isAcknowledged(edge)).map((edge) => edge.to.name);
      const waiting = [from, ...connected([from], others.filter(isAcknowledged), ["up"])];
      const hasty = others
        .filter((edge) => waiting.includes(edge.to.name) && !isAcknowledged(edge))
        .map((edge) => edge.from);
      return [...waitedFor, ...hasty, ...connected(hasty, others, ["up"])];
    }
  }
}

/** What can be reached over these channels, without where it begins. */
function connected(
  begin: readonly string[],
  edges: readonly Edge[],
  directions: readonly ("up" | "down")[],
): readonly string[] {
  const found = new Set(begin);
  for (const name of found) {
    for (const { from, to } of edges) {
      if (directions.includes("down") && from === name) found.add(to.name);
      if (directions.includes("up") && to.name === name) found.add(from);
    }
  }
  return [...found].filter((name) => !begin.includes(name));
}

function leadsTo(protocol: Protocol, role: Role, teller: Component, { handlers }: Component): boolean {
  const inputs = handlers.filter((name) => findHandler(role, name)?.trigger.kind === "message");
  const causes = teller.handlers.map((handler) => ({ handler, effects: undefined }));
  return inputs.length > 0 && findPath(inferMessageFlow(protocol), role, causes, inputs) !== undefined;
}

function isStateful({ channel }: Forward): boolean {
  return channel !== undefined && channel !== "once";
}

function isAcknowledged({ forward }: Edge): boolean {
  return forward.channel === "acknowledged";
}

function refuse(protocol: Protocol, { from, to, forward }: Edge, teller: Component): Finding {
  const what = quote(protocol, forward.region, forward.name);
  return createFinding(
    "RVN227",
    `\`${to.name}\` follows what \`${from}\` forwards, ${what} for one, and \`${teller.name}\` may know of that first: what \`${teller.name}\` sends can lead to a message to \`${to.name}\`.`,
    forward.region,
    {
      related: [],
      scenario: [
        `\`${forward.handler}\` runs in \`${from}\`; what it forwards to \`${to.name}\` is slow, and \`${teller.name}\` comes to know of it.`,
        `Whoever hears of it from \`${teller.name}\` sends to \`${to.name}\`, which does not know yet.`,
      ],
      advice: `Let \`${to.name}\` and \`${teller.name}\` be one component, or have each wait for the next (\`hold: true\`) all the way to \`${to.name}\`.`,
    },
  );
}
