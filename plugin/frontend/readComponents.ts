/** The components of one plan: the object that is the second argument of `plan`. */
import { Node, type CallExpression, type Expression } from "ts-morph";
import { nearestName } from "../diagnostics/nearestName.ts";
import type { RequestedComponent, RequestedMove } from "../model/requestedPlan.ts";
import { propertiesOf, type NamedValue } from "./planProperties.ts";
import { readBy, type PlanPlace } from "./readKeys.ts";
import type { Report } from "./reporter.ts";
import { literalOf, withoutAssertions } from "./syntax/literalOf.ts";
import type { RoleDeclaration } from "./syntax/roleDeclarations.ts";
import { spanOf } from "./syntax/spanOf.ts";

const STEP_PROPERTIES = ["moves", "by", "into", "hold"];

/** A component's name becomes part of a file name and of a class name. */
const COMPONENT_NAME = /^[a-z][A-Za-z0-9]*$/;

/** `voted`, or `propose -> Participant.vote`, with `#2` for the second such send. */
const MOVE = /^\s*[\w$]+\s*(->\s*[\w$]+(\s*\|\s*[\w$]+)*\.[\w$]+\s*(#[1-9]\d*)?\s*)?$/;

/** The components that a call of `plan` asks for, less the parts that are reported. */
export function readComponents(
  call: CallExpression,
  role: RoleDeclaration,
  root: string,
  report: Report,
): readonly RequestedComponent[] {
  const [, second] = call.getArguments();
  if (second === undefined) {
    report("RVN417", `The plan of ${role.name} names no component.`, call);
    return [];
  }
  const properties = propertiesOf(second, "The components of a plan", report);
  if (properties === undefined) return [];
  if (properties.length === 0) report("RVN417", `The plan of ${role.name} names no component.`, second);
  const components = properties.map((property) => readComponent(property, { owner: role.node, root }, report));
  checkNames(properties, role.name, report);
  checkRests(properties, components, role.name, report);
  return components;
}

function readComponent({ name, nameNode, value }: NamedValue, place: PlanPlace, report: Report): RequestedComponent {
  const { root } = place;
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
        by = readBy(property.value, place, report);
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
