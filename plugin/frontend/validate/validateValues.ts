import { Node, type CallExpression, type ParameterDeclaration, type PropertyDeclaration, type Type } from "ts-morph";
import type { Fix } from "../../diagnostics/finding.ts";
import { rivenName } from "../syntax/rivenName.ts";
import { isRef, latticeOf } from "../syntax/rivenTypes.ts";
import { walk } from "../syntax/walk.ts";
import type { Check, Validator } from "./check.ts";
import { keepIdsFix } from "./keepIdsFix.ts";
import { notPlain, type NotPlain } from "./plainData.ts";
import type { RoleCode } from "./roleCode.ts";

/** RVN121, 122, 125, 126 and 144: what messages carry, what nodes keep, and what collections are keyed by. */
export const validateValues: Validator = (check) => {
  for (const code of check.roles) {
    checkPayloadTypes(code, check);
    if (!code.role.external) checkFields(code, check);
  }
  for (const unit of check.units) {
    walk(unit, (node) => {
      if (Node.isCallExpression(node)) checkSend(node, check);
      if (Node.isNewExpression(node)) checkCollection(node, check);
    });
  }
};

function checkPayloadTypes({ role, classes, entries }: RoleCode, { report }: Check): void {
  const methods = role.external
    ? classes.flatMap((node) => node.getMethods()).filter((method) => method.isAbstract())
    : entries.filter(({ trigger }) => trigger.name === "On").map(({ method }) => method);
  for (const method of methods) {
    const payload = method.getParameters()[0];
    if (payload === undefined || isRef(payload.getType())) continue;
    const problem = notPlain(payload.getType(), payload);
    if (problem === undefined) continue;
    const path = ["the payload of " + method.getName(), ...problem.path];
    complain(problem, "RVN121", path, payload.getTypeNode() ?? payload, report);
  }
}

function checkFields({ role, classes }: RoleCode, check: Check): void {
  for (const node of classes) {
    for (const field of node.getProperties())
      if (!field.isStatic() && !isBound(field)) checkField(field, role.name, check);
    const parameters = node.getConstructors().flatMap((constructor) => constructor.getParameters());
    for (const parameter of parameters) if (parameter.isParameterProperty()) checkField(parameter, role.name, check);
  }
}

const BINDINGS: ReadonlySet<string> = new Set(["peers", "peer", "self", "component", "journal", "timers"]);

/** Whether a field is bound to what the node offers, not state. */
function isBound(field: PropertyDeclaration): boolean {
  const initializer = field.getInitializer();
  return Node.isCallExpression(initializer) && BINDINGS.has(rivenName(initializer.getExpression()) ?? "");
}

function checkField(
  field: PropertyDeclaration | ParameterDeclaration,
  role: string,
  { report, mutated, open }: Check,
): void {
  const type = field.getType();
  const isFixed = field.isReadonly() && !mutated.has(field);
  // A function in a field that nobody assigns is a helper, written in another way.
  if (isFixed && (type.getCallSignatures().length > 0 || isUnchanging(type))) return;
  if (latticeOf(type) !== undefined) return; // see validateLattices
  const problem = notPlain(type, field);
  if (problem === undefined) return;
  const isRefField = problem.kind === "ref" && Node.isPropertyDeclaration(field);
  const fix = isRefField ? keepIdsFix(field, open.sources, open.root) : undefined;
  const path = [`${role}.${field.getName()}`, ...problem.path];
  complain(problem, "RVN122", path, field.getNameNode(), report, fix === undefined ? [] : [fix]);
}

/** Instances of the library that have no state: as a fixed field they are configuration. */
function isUnchanging(type: Type): boolean {
  return ["RegExp", "TextEncoder", "TextDecoder", "KeyObject"].includes(type.getSymbol()?.getName() ?? "");
}

/** A value may have more than the type of the payload says: `send({ ...extra })`, an instance where an interface is asked for. */
function checkSend(call: CallExpression, { report }: Check): void {
  const callee = call.getExpression();
  const [argument] = call.getArguments();
  if (argument === undefined || !Node.isPropertyAccessExpression(callee) || !isRef(callee.getExpression().getType()))
    return;
  const problem = notPlain(argument.getType(), argument);
  if (problem !== undefined)
    complain(problem, "RVN121", [`what ${callee.getName()} is sent`, ...problem.path], argument, report);
}

/** Collections that are neither state nor payload still compare their keys. */
function checkCollection(node: Node, { report }: Check): void {
  const type = node.getType();
  const name = type.getSymbol()?.getName();
  if ((name !== "Map" && name !== "Set") || node.getAncestors().some(Node.isPropertyDeclaration)) return;
  const problem = notPlain(type, node);
  if (problem !== undefined && problem.kind !== "other" && problem.path.length === 0) {
    complain(problem, problem.kind === "ref" ? "RVN125" : "RVN126", [`this ${name}`], node, report);
  }
}

function complain(
  problem: NotPlain,
  otherwise: "RVN121" | "RVN122" | "RVN125" | "RVN126",
  path: readonly string[],
  place: Node,
  report: Check["report"],
  fixes: readonly Fix[] = [],
): void {
  const code =
    problem.kind === "lattice"
      ? "RVN144"
      : problem.kind === "identity"
        ? "RVN126"
        : problem.kind === "ref" && otherwise === "RVN122"
          ? "RVN125"
          : otherwise;
  const [root = "", ...steps] = path;
  const where = steps.length === 0 ? "" : ` (${steps.join(".").replaceAll(".[]", "[]")})`;
  const verb =
    problem.kind !== "other" && problem.kind !== "lattice" && problem.what.includes(" as ")
      ? "has"
      : steps.length === 0
        ? "is"
        : "contains";
  const related =
    problem.declaration === undefined ? [] : [{ message: "It is declared here.", at: problem.declaration }];
  report(code, `${root.charAt(0).toUpperCase()}${root.slice(1)} ${verb} ${problem.what}${where}.`, place, {
    related,
    fixes,
  });
}
