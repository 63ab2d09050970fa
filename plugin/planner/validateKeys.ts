/** Whether the columns and handlers that a key names are there at all. */
import { findColumn } from "../analysis/keys/keyTerms.ts";
import { names } from "../analysis/quote.ts";
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { nearestName } from "../diagnostics/nearestName.ts";
import type { Forward } from "../model/component.ts";
import { findHandler, type Handler, type Role } from "../model/protocol.ts";
import type { RequestedComponent, RequestedKey } from "../model/requestedPlan.ts";

export function validateKeys(
  role: Role,
  { name, by }: RequestedComponent,
  handlers: readonly string[],
  forwards: readonly Forward[],
): readonly Finding[] {
  if (by === undefined) return [];
  const routed = [...new Set([...handlers, ...forwards.map(({ handler }) => handler)])]
    .flatMap((handler) => findHandler(role, handler) ?? [])
    .filter(({ trigger }) => trigger.kind === "message");
  switch (by.kind) {
    case "everywhere":
      return validateColumns(name, by.key, routed, by.span);
    case "perHandler": {
      const known = [...routed.map((handler) => handler.name), ...forwards.map((forward) => forward.name)];
      const strangers = Object.keys(by.keys).filter((key) => !known.includes(key));
      const findings = strangers.map((stranger) => {
        const meant = nearestName(stranger, known);
        const hint =
          meant === undefined
            ? known.length === 0
              ? ""
              : ` It handles ${names(known)}.`
            : ` Did you mean \`${meant}\`?`;
        return createFinding("RVN454", `\`${name}\` handles no \`${stranger}\`.${hint}`, by.span);
      });
      const keyed = Object.entries(by.keys).filter(([handler]) => known.includes(handler));
      const columns = keyed.flatMap(([handler, key]) => {
        const original = forwards.find((forward) => forward.name === handler)?.handler ?? handler;
        return validateColumns(
          name,
          key,
          routed.filter((one) => one.name === original),
          by.span,
        );
      });
      const widths = new Set(keyed.map(([, key]) => key.length));
      const uneven =
        widths.size > 1
          ? [
              createFinding(
                "RVN457",
                `The keys of \`${name}\` have different numbers of columns: messages with such keys never meet.`,
                by.span,
              ),
            ]
          : [];
      return [...findings, ...columns, ...uneven];
    }
  }
}

/** Reports the columns that none of these messages has. That some of them lack one is for the rules to judge. */
function validateColumns(
  component: string,
  key: RequestedKey,
  handlers: readonly Handler[],
  span: Finding["span"],
): readonly Finding[] {
  const columns = [
    ...new Set(handlers.flatMap(({ payload }) => payload?.columns ?? []).map(({ path }) => path.join("."))),
  ];
  return key.flatMap((part) => {
    if (part.kind !== "payload" || handlers.some((handler) => findColumn(handler, part.path) !== undefined)) return [];
    const column = part.path.join(".");
    const meant = nearestName(column, [...columns, "from.id"]);
    const hint =
      meant !== undefined
        ? `Did you mean \`${meant}\`?`
        : columns.length === 0
          ? "They have no columns."
          : `They have ${names(columns)}.`;
    const who = names(handlers.map(({ name }) => name));
    const message = `No message of \`${component}\`${who === "" ? "" : ` (${who})`} has a column \`${column}\`. ${hint}`;
    return [
      createFinding("RVN453", message, span, {
        related: handlers.map((handler) => ({
          message: `The message of \`${handler.name}\`.`,
          span: handler.payload?.span ?? handler.nameSpan,
        })),
      }),
    ];
  });
}
