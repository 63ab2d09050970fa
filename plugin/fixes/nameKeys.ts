/** A message that has the key under another name than the others: the plan may say which column it is, for each handler. */
import { inferFootprint } from "../analysis/inferFootprints.ts";
import type { Finding, Fix } from "../diagnostics/finding.ts";
import type { Handler, Role } from "../model/protocol.ts";
import type { RequestedComponent } from "../model/requestedPlan.ts";
import { componentsConcerned, type FixContext } from "./candidate.ts";

export function nameKeys(finding: Finding, context: FixContext): readonly Fix[] {
  return componentsConcerned(finding, context).flatMap(({ role, component }) => {
    const { by } = component;
    const handler = role.handlers.find(({ payload, nameSpan }) => [payload?.span, nameSpan].includes(finding.span));
    const [key, ...more] = by?.kind === "everywhere" ? by.key : [];
    if (handler === undefined || by === undefined || key === undefined || key.kind === "pure" || more.length > 0)
      return [];
    const usual = key.kind === "sender" ? "from.id" : key.path.join(".");
    const others = handlersOf(role, component, context).filter(({ name }) => name !== handler.name);
    return columnsOf(handler).map((column) => {
      const keys = [...others.map(({ name }) => [name, usual] as const), [handler.name, column] as const];
      const written = keys.map(([name, key]) => `${name}: ${JSON.stringify(key)}`).join(", ");
      return {
        title: `Route \`${handler.name}\` by \`${column}\`, and the others by \`${usual}\``,
        edits: [{ span: by.span, newText: `{ ${written} }` }],
      };
    });
  });
}

function columnsOf({ payload, from }: Handler): readonly string[] {
  const columns = (payload?.columns ?? []).filter(({ keyable, optional }) => keyable && !optional);
  return [...columns.map(({ path }) => path.join(".")), ...(from === undefined ? [] : ["from.id"])];
}

/** The handlers whose messages, or what is forwarded of them, a component may be sent. */
function handlersOf(role: Role, component: RequestedComponent, { plans }: FixContext): readonly Handler[] {
  const messages = role.handlers.filter(({ trigger }) => trigger.kind === "message");
  const components = plans.find((plan) => plan.role === role.name)?.components ?? [];
  const named = (one: RequestedComponent): readonly string[] => (one.moves ?? []).map(({ text }) => text.trim());
  if (component.moves === undefined) {
    const elsewhere = new Set(components.flatMap(named));
    return messages.filter(({ name }) => !elsewhere.has(name));
  }
  const mine = named(component);
  return messages.filter((handler) => {
    const fields = inferFootprint(role, handler).accesses.map(({ cell }) => cell.field);
    const isNamed = mine.some((text) => text === handler.name || text.startsWith(`${handler.name} `));
    return isNamed || fields.some((field) => mine.includes(field));
  });
}
