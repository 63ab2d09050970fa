/** The components of one plan: the object that is the second argument of `plan`. */
import { Node, type CallExpression, type Expression } from "ts-morph";
import { nearestName } from "../diagnostics/nearestName.ts";
import {
  requestedColumn,
  type RequestedComponent,
  type RequestedKey,
  type RequestedMove,
} from "../model/requestedPlan.ts";
import type { Report } from "./reporter.ts";
import { literalName, literalOf, withoutAssertions, type Literal } from "./syntax/literalOf.ts";
import { spanOf } from "./syntax/spanOf.ts";

const STEP_PROPERTIES = ["moves", "by", "into", "hold"];

/** A component's name becomes part of a file name and of a class name. */
const COMPONENT_NAME = /^[a-z][A-Za-z0-9]*$/;

/** `voted`, or `propose -> Participant.vote`, with `#2` for the second such send. */
const MOVE = /^\s*[\w$]+\s*(->\s*[\w$]+(\s*\|\s*[\w$]+)*\.[\w$]+\s*(#[1-9]\d*)?\s*)?$/;

/** `id`, `order.sku`, `from.id`. */
const COLUMN = /^[\w$]+(\.[\w$]+)*$/;

/** The components that a call of `plan` asks for, less the parts that are reported. */
export function readComponents(
  call: CallExpression,
  role: string,
  root: string,
  report: Report,
): readonly RequestedComponent[] {
  const [, second] = call.getArguments();
  if (second === undefined) {
    report("RVN417", `The plan of ${role} names no component.`, call);
    return [];
  }
  const properties = propertiesOf(second, "The components of a plan", report);
  if (properties === undefined) return [];
  if (properties.length === 0) report("RVN417", `The plan of ${role} names no component.`, second);
  const components = properties.map((property) => readComponent(property, root, report));
  checkNames(properties, role, report);
  checkRests(properties, components, role, report);
  return components;
}

interface NamedValue {
  readonly name: string;
  readonly nameNode: Node;
  readonly value: Expression;
}

/** The properties of an object that is written out; undefined, and reported, when it is something else. */
function propertiesOf(node: Node, what: string, report: Report): readonly NamedValue[] | undefined {
  const bare = withoutAssertions(node as Expression); // arguments and initialisers are expressions
  if (!Node.isObjectLiteralExpression(bare)) {
    const isLiteral = literalOf(bare).kind === "literal";
    if (isLiteral) report("RVN413", `${what} are an object, not ${bare.getText()}.`, bare);
    else report("RVN411", `${what} are computed here. A plan is read, not run: write the object out.`, bare);
    return undefined;
  }
  return bare.getProperties().flatMap((property) => {
    const name = Node.isPropertyAssignment(property) ? literalName(property.getNameNode()) : undefined;
    if (!Node.isPropertyAssignment(property) || name === undefined) {
      report("RVN411", "A plan is read, not run: write this property out, as name: value.", property);
      return [];
    }
    return [{ name, nameNode: property.getNameNode(), value: property.getInitializerOrThrow() }];
  });
}

function readComponent({ name, nameNode, value }: NamedValue, root: string, report: Report): RequestedComponent {
  let moves: RequestedComponent["moves"];
  let by: RequestedComponent["by"];
  let into: RequestedComponent["into"];
  let hold: RequestedComponent["hold"];
  const properties = propertiesOf(value, `The properties of component ${name}`, report) ?? [];
  for (const property of properties) {
    switch (property.name) {
      case "moves":
        moves = readMoves(property.value, name, root, report);
        break;
      case "by":
        by = readBy(property.value, root, report);
        break;
      case "into":
        into = readInto(property.value, root, report);
        break;
      case "hold":
        hold = readHold(property.value, root, report);
        break;
      default: {
        const meant = nearestName(property.name, STEP_PROPERTIES);
        const hint = meant === undefined ? "A component has moves, by, into and hold." : `Did you mean ${meant}?`;
        report("RVN412", `A component has no property ${property.name}. ${hint}`, property.nameNode);
      }
    }
  }
  const span = spanOf(withoutAssertions(value), root);
  return { name, nameSpan: spanOf(nameNode, root), span, moves, by, hold, into };
}

function readMoves(value: Expression, component: string, root: string, report: Report): readonly RequestedMove[] {
  const bare = withoutAssertions(value);
  if (!Node.isArrayLiteralExpression(bare)) {
    const literal = literalOf(bare);
    if (literal.kind === "computed")
      report("RVN411", "What a component takes is computed here: write the list out.", literal.node);
    else report("RVN413", `moves is a list of names: ["voted"], not ${bare.getText()}.`, bare);
    return [];
  }
  const elements = bare.getElements();
  if (elements.length === 0) {
    report(
      "RVN417",
      `${component} takes nothing: leave moves out for what stays at the role's address, or remove it.`,
      bare,
    );
  }
  return elements.flatMap((element) => {
    const literal = literalOf(element);
    if (literal.kind === "computed") {
      report("RVN411", "What a component takes is computed here: write the name out.", literal.node);
      return [];
    }
    if (typeof literal.value !== "string" || !MOVE.test(literal.value)) {
      const message = `${element.getText()} names neither a handler ("voted"), a field ("votes") nor a send ("propose -> Participant.vote").`;
      report("RVN413", message, element);
      return [];
    }
    return [{ text: literal.value, span: spanOf(element, root) }];
  });
}

function readBy(value: Expression, root: string, report: Report): RequestedComponent["by"] {
  const bare = withoutAssertions(value);
  const span = spanOf(bare, root);
  if (Node.isObjectLiteralExpression(bare)) {
    const properties = propertiesOf(bare, "The keys of the handlers", report) ?? [];
    if (properties.length === 0) report("RVN413", "by names a key for no handler. Leave it out, or name one.", bare);
    const keys: { [handler: string]: RequestedKey } = {};
    for (const property of properties) {
      const key = readKey(property.value, report);
      if (key !== undefined) keys[property.name] = key;
    }
    return { kind: "perHandler", keys, span };
  }
  const key = readKey(bare, report);
  return key === undefined ? undefined : { kind: "everywhere", key, span };
}

function readKey(value: Expression, report: Report): RequestedKey | undefined {
  const literal = literalOf(value);
  if (literal.kind === "computed") {
    const message = 'A key is a column path ("id", "order.sku", "from.id") or a list of them, written out.';
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

function readInto(value: Expression, root: string, report: Report): RequestedComponent["into"] {
  const literal = literalOf(value);
  if (literal.kind === "computed") {
    report(
      "RVN411",
      "The number of partitions is computed here: write it out. A deployment may still choose another one.",
      literal.node,
    );
    return undefined;
  }
  if (typeof literal.value !== "number" || !Number.isSafeInteger(literal.value) || literal.value < 1) {
    report("RVN413", `into is a number of partitions: 1, 2, 3 or more, not ${value.getText()}.`, value);
    return undefined;
  }
  return { partitions: literal.value, span: spanOf(value, root) };
}

function readHold(value: Expression, root: string, report: Report): RequestedComponent["hold"] {
  const literal = literalOf(value);
  if (literal.kind === "computed") {
    report("RVN411", "Whether messages are held back is computed here: write true, or leave it out.", literal.node);
    return undefined;
  }
  if (typeof literal.value !== "boolean") {
    report("RVN413", `hold is true or false, not ${value.getText()}.`, value);
    return undefined;
  }
  return literal.value ? spanOf(value, root) : undefined;
}

function checkNames(properties: readonly NamedValue[], role: string, report: Report): void {
  const seen = new Set<string>();
  for (const { name, nameNode } of properties) {
    if (!COMPONENT_NAME.test(name)) {
      report(
        "RVN418",
        `${name} cannot name a component: its file and its class are called after it, so it has letters and digits and begins with a small letter.`,
        nameNode,
      );
    } else if (seen.has(name.toLowerCase())) {
      report("RVN418", `${role} has two components called ${name}.`, nameNode);
    }
    seen.add(name.toLowerCase());
  }
}

/** What stays at the role's address is one component, and is called `main` unless the plan gives it a name. */
function checkRests(
  properties: readonly NamedValue[],
  components: readonly RequestedComponent[],
  role: string,
  report: Report,
): void {
  const rests = properties.filter((_, i) => components[i]?.moves === undefined);
  const [first, ...others] = rests;
  for (const other of others) {
    const related = first === undefined ? [] : [{ message: `${first.name} has no moves either.`, at: first.nameNode }];
    report(
      "RVN419",
      `${other.name} has no moves, so it is what stays at the address of ${role}; only one component can be that.`,
      other.nameNode,
      { related },
    );
  }
  const main = properties.find(({ name }) => name === "main");
  if (main !== undefined && first === undefined) {
    report(
      "RVN418",
      `main is the name of what stays at the address of ${role}. Give the component that takes something away another name.`,
      main.nameNode,
    );
  }
}
