/** Whether the names and numbers of a plan make sense, whoever made it. */
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { nearestName } from "../diagnostics/nearestName.ts";
import { names } from "../analysis/quote.ts";
import { findRole, type Protocol, type Role } from "../model/protocol.ts";
import type { RequestedComponent, RequestedPlan } from "../model/requestedPlan.ts";

/** A component's name becomes part of a file name and of a class name. */
const COMPONENT_NAME = /^[a-z][A-Za-z0-9]*$/;

/** These mean something else where components are looked up by name. */
const UNUSABLE = new Set(["constructor", "prototype"]);

export function validatePlan(protocol: Protocol, plan: RequestedPlan, plans: readonly RequestedPlan[]): readonly Finding[] {
  const role = findRole(protocol, plan.role);
  if (role === undefined) {
    const known = protocol.roles.filter(({ external }) => !external).map(({ name }) => name);
    const meant = nearestName(plan.role, known);
    const hint = meant === undefined ? (known.length === 0 ? "" : ` It has ${names(known)}.`) : ` Did you mean \`${meant}\`?`;
    return [createFinding("RVN414", `\`${plan.role}\` is not a role of this protocol.${hint}`, plan.span)];
  }
  if (role.external) {
    const message = `\`${role.name}\` is external: it is outside the system, and what runs there is not Riven's to plan.`;
    return [createFinding("RVN415", message, plan.span, { related: [{ message: "It is declared here.", span: role.nameSpan }] })];
  }
  const first = plans.find((other) => other.role === plan.role);
  if (first !== undefined && first !== plan) {
    return [
      createFinding("RVN416", `There are two plans of \`${role.name}\`.`, plan.span, {
        related: [{ message: "The first one is here.", span: first.span }],
      }),
    ];
  }
  return [
    ...plan.components.flatMap((component, i) => validateName(protocol, role, component, plan.components.slice(0, i))),
    ...plan.components.flatMap((component) => validateNumbers(component)),
    ...validateRests(role, plan.components),
  ];
}

function validateName(
  protocol: Protocol,
  role: Role,
  { name, nameSpan, moves }: RequestedComponent,
  earlier: readonly RequestedComponent[],
): readonly Finding[] {
  if (!COMPONENT_NAME.test(name) || UNUSABLE.has(name)) {
    const message = `\`${name}\` cannot name a component: its file and its class are called after it, so it has letters and digits and begins with a small letter.`;
    return [createFinding("RVN418", message, nameSpan)];
  }
  const twin = earlier.find((other) => other.name.toLowerCase() === name.toLowerCase());
  if (twin !== undefined) {
    const related = [{ message: "The first one is here.", span: twin.nameSpan }];
    return [createFinding("RVN418", `\`${role.name}\` has two components called \`${name}\`.`, nameSpan, { related })];
  }
  if (name === "main" && moves !== undefined) {
    const message = `\`main\` is the name of what stays at the address of \`${role.name}\`. Give the component that takes something away another name.`;
    return [createFinding("RVN418", message, nameSpan)];
  }
  const className = role.name + name.charAt(0).toUpperCase() + name.slice(1);
  const taken = findRole(protocol, className);
  if (taken === undefined) return [];
  return [
    createFinding("RVN458", `The class of component \`${name}\` would be \`${className}\`, which is a role.`, nameSpan, {
      related: [{ message: `\`${className}\` is declared here.`, span: taken.nameSpan }],
    }),
  ];
}

function validateNumbers({ name, nameSpan, moves, by, into }: RequestedComponent): readonly Finding[] {
  const findings: Finding[] = [];
  if (moves?.length === 0) {
    findings.push(createFinding("RVN417", `\`${name}\` takes nothing: leave \`moves\` out for what stays, or remove it.`, nameSpan));
  }
  if (into !== undefined && (!Number.isSafeInteger(into.partitions) || into.partitions < 1)) {
    const message = `\`into\` is a number of partitions: 1, 2, 3 or more, not ${String(into.partitions)}.`;
    findings.push(createFinding("RVN413", message, into.span));
  }
  if (by !== undefined && into === undefined) {
    const message = `\`${name}\` has a key and no number of partitions, so it is not partitioned and the key says nothing.`;
    findings.push(createFinding("RVN455", message, by.span));
  }
  return findings;
}

function validateRests(role: Role, components: readonly RequestedComponent[]): readonly Finding[] {
  const [first, ...others] = components.filter(({ moves }) => moves === undefined);
  return others.map(({ name, nameSpan }) => {
    const message = `\`${name}\` has no \`moves\`, so it is what stays at the address of \`${role.name}\`; only one component can be that.`;
    const related = first === undefined ? [] : [{ message: `\`${first.name}\` has no \`moves\` either.`, span: first.nameSpan }];
    return createFinding("RVN419", message, nameSpan, { related });
  });
}
