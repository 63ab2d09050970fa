/** What a component is spread by: `by`, as a plan says it. */
import { Node, type ClassDeclaration, type Expression } from "ts-morph";
import { isPrintable, unexportedIn } from "../analysis/keys/printableKey.ts";
import {
  requestedColumn,
  type RequestedComponent,
  type RequestedKey,
  type RequestedKeyPart,
} from "../model/requestedPlan.ts";
import { printTerm, subterms, type Term } from "../model/term.ts";
import { lowerKey } from "./lower/lowerKey.ts";
import { propertiesOf } from "./planProperties.ts";
import type { Report } from "./reporter.ts";
import { literalOf, withoutAssertions, type Literal } from "./syntax/literalOf.ts";
import { spanOf } from "./syntax/spanOf.ts";

/** `id`, `order.sku`, `from.id`. */
const COLUMN = /^[\w$]+(\.[\w$]+)*$/;

/** Where a plan stands: the class that it is for, and the project's root. */
export interface PlanPlace {
  readonly owner: ClassDeclaration;
  readonly root: string;
}

/** A key for all messages, or one for each handler. */
export function readBy(value: Expression, place: PlanPlace, report: Report): RequestedComponent["by"] {
  const bare = withoutAssertions(value);
  const span = spanOf(bare, place.root);
  if (Node.isObjectLiteralExpression(bare)) {
    const properties = propertiesOf(bare, "The keys of the handlers", report) ?? [];
    if (properties.length === 0) report("RVN413", "by names a key for no handler. Leave it out, or name one.", bare);
    const keys: { [handler: string]: RequestedKey } = {};
    for (const property of properties) {
      const key = readKey(property.value, place, report);
      if (key !== undefined) keys[property.name] = key;
    }
    return { kind: "perHandler", keys, span };
  }
  const key = readKey(bare, place, report);
  return key === undefined ? undefined : { kind: "everywhere", key, span };
}

function readKey(value: Expression, place: PlanPlace, report: Report): RequestedKey | undefined {
  const bare = withoutAssertions(value);
  if (Node.isArrowFunction(bare) || Node.isFunctionExpression(bare)) return readFunction(bare, place, report);
  const literal = literalOf(bare);
  if (literal.kind === "computed") {
    const message =
      'A key is a column path ("id", "order.sku", "from.id"), a list of them, or a function of the message, written out.';
    report("RVN411", message, literal.node);
    return undefined;
  }
  const columns: readonly Literal[] = Array.isArray(literal.value)
    ? (literal.value as readonly Literal[])
    : [literal.value];
  if (columns.length === 0) {
    report("RVN413", "A key needs at least one column.", value);
    return undefined;
  }
  const parts = columns.map((column) =>
    typeof column === "string" && COLUMN.test(column) ? requestedColumn(column) : undefined,
  );
  if (!parts.every((part) => part !== undefined)) {
    report(
      "RVN413",
      `${value.getText()} is not a key: a key is a column path ("id", "order.sku", "from.id") or a list of them.`,
      value,
    );
    return undefined;
  }
  return parts;
}

/** `(m) => hash(m.value)`, `({ shop, sku }, from) => [shop, sku, from.id]` */
function readFunction(
  key: Parameters<typeof lowerKey>[0],
  { owner, root }: PlanPlace,
  report: Report,
): RequestedKey | undefined {
  const { parts, problems } = lowerKey(key, owner, (node) => spanOf(node, root));
  const [problem] = problems;
  if (problem !== undefined) {
    report("RVN420", `Senders cannot evaluate this key: ${problem.why}.`, problem.span);
    return undefined;
  }
  if (parts.length === 0) {
    report("RVN413", "A key needs at least one column.", key.getBody());
    return undefined;
  }
  const flaws = parts.flatMap((part) => flawOf(part) ?? []);
  for (const flaw of flaws) report("RVN420", flaw, key.getBody());
  return flaws.length > 0 ? undefined : parts.filter(isKeyPart);
}

function isKeyPart(part: Term): part is RequestedKeyPart {
  return part.kind === "payload" || part.kind === "sender" || part.kind === "pure";
}

/** Why a term cannot be part of a key; undefined when it can. */
function flawOf(part: Term): string | undefined {
  if (part.kind === "payload" && part.path.length === 0) return "The whole message is no key: name the columns.";
  const [kept] = unexportedIn(part);
  if (kept !== undefined) {
    return `Senders cannot evaluate this key: ${kept.file} keeps ${kept.name} to itself. Export it.`;
  }
  if (!isKeyPart(part) || !isPrintable(part)) {
    return `Senders cannot evaluate this key: ${printTerm(part)} is more than a function of columns, the sender and constants.`;
  }
  return usesMessage(part) ? undefined : "This key is the same for all messages: they would all go to one partition.";
}

function usesMessage(term: Term): boolean {
  return term.kind === "payload" || term.kind === "sender" || subterms(term).some(usesMessage);
}
