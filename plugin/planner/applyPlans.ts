/**
 * From what is asked to which code runs where: resolves the names of the plans, lets the rules decide each step, and puts
 * together the components. A plan says what, never why it is safe.
 */
import { freshName } from "../analysis/freshNames.ts";
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Component, Rewrite, RewrittenRole } from "../model/component.ts";
import type { Protocol, Role } from "../model/protocol.ts";
import type { RequestedPlan } from "../model/requestedPlan.ts";
import { movingDraft, nameForwards, stayingDraft, type Draft } from "./draft.ts";
import { resolveMoves, type ResolvedComponent } from "./resolveMoves.ts";
import { refuseSequenceChains } from "./sequenceChains.ts";
import { refuseSequenceSpread } from "./sequenceSpread.ts";
import { NOT_SPREAD, spreadOut } from "./spreadOut.ts";
import { takeOut } from "./takeOut.ts";
import { validateComponent } from "./validatePlan.ts";

export interface ApplyOptions {
  /**
   * Builds what is asked for although a rule refuses it, the way a compiler without rules would. Only for tests of the
   * verifier. What is refused is reported all the same, and carries no proof.
   */
  readonly force?: boolean;
}

/**
 * The rewrite that the plans ask for, and what is wrong with them.
 *
 * @param plans Well formed, as `readPlans` makes sure: known roles, usable names, one plan for each role.
 * @returns Every role that is not external, in the order of the protocol. A role whose plan has an error comes back as it
 *   was, in one component, unless forced; so the rewrite is of use only when no finding is an error.
 */
export function applyPlans(
  protocol: Protocol,
  plans: readonly RequestedPlan[],
  options: ApplyOptions = {},
): { readonly rewrite: Rewrite; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const roles = protocol.roles
    .filter((role) => !role.external)
    .map((role): RewrittenRole => {
      const plan = plans.find((candidate) => candidate.role === role.name);
      if (plan === undefined) return unrewritten(role);
      const applied = applyPlan(protocol, role, plan, options.force === true);
      findings.push(...applied.findings);
      return applied.role;
    });
  return { rewrite: { roles }, findings };
}

function applyPlan(
  protocol: Protocol,
  role: Role,
  plan: RequestedPlan,
  force: boolean,
): { readonly role: RewrittenRole; readonly findings: readonly Finding[] } {
  const resolved = resolveMoves(role, plan.components);
  const findings = [
    ...plan.components.flatMap((component) => validateComponent(protocol, role, component)),
    ...resolved.findings,
    ...nothingStays(role, resolved.components),
  ];
  if (hasError(findings)) return { role: unrewritten(role), findings };

  const moving = resolved.components.filter(({ request }) => request.moves !== undefined);
  let drafts: readonly Draft[] = [stayingDraft(role, resolved.components), ...moving.map(movingDraft)];
  // What is about a field leaves all handlers, in whatever component they are; then the components are told apart.
  const byFields = moving.toSorted((a, b) => Number(b.fields.length > 0) - Number(a.fields.length > 0));
  for (const component of byFields) {
    const taken = takeOut(protocol, role, drafts, component, force);
    findings.push(...taken.findings);
    drafts = taken.drafts;
    // What others would come to depends on it.
    if (component.fields.length > 0 && hasError(taken.findings) && !force) break;
  }

  const named = nameForwards(
    role,
    drafts.filter(({ handlers, forwarded }) => handlers.length + forwarded.length > 0 || drafts.length === 1),
  );
  const built = named.map(({ draft, forwards }): Component => {
    const spread = draft.isRefused && !force ? NOT_SPREAD : spreadOut(protocol, role, draft, forwards, force);
    findings.push(...spread.findings);
    const { name, handlers, parks, proofs } = draft;
    const component = { role: role.name, name, handlers, forwards, partitioning: spread.partitioning };
    return {
      ...component,
      ...(Object.keys(parks).length === 0 ? {} : { parks }),
      proofs: [...proofs, ...spread.proofs],
    };
  });
  const components = nameCoordinators(built);
  findings.push(...refuseSequenceSpread(protocol, role, plan, components));
  if (!hasError(findings)) findings.push(...refuseSequenceChains(protocol, role, components));
  const refused = hasError(findings) && !force;
  return { role: refused ? unrewritten(role) : { role: role.name, components: planOrder(plan, components) }, findings };
}

/** No two components of a role have one name, and coordinators are components. */
function nameCoordinators(components: readonly Component[]): readonly Component[] {
  const taken = new Set(components.map(({ name }) => name));
  return components.map((component) => {
    const { partitioning } = component;
    if (partitioning?.replication === undefined) return component;
    const wanted = partitioning.replication.coordinator;
    const coordinator = freshName(taken.has(wanted) ? `${component.name}Coordinator` : wanted, taken);
    taken.add(coordinator);
    return {
      ...component,
      partitioning: { ...partitioning, replication: { ...partitioning.replication, coordinator } },
    };
  });
}

function nothingStays(role: Role, components: readonly ResolvedComponent[]): readonly Finding[] {
  const staying = stayingDraft(role, components);
  if (staying.request === undefined || staying.handlers.length > 0 || role.handlers.length === 0) return [];
  const message = `Nothing stays in \`${staying.name}\`: the plan moves every handler of \`${role.name}\` elsewhere.`;
  return [createFinding("RVN456", message, staying.request.nameSpan)];
}

function unrewritten(role: Role): RewrittenRole {
  const handlers = role.handlers.map(({ name }) => name);
  return {
    role: role.name,
    components: [{ role: role.name, name: "main", handlers, forwards: [], partitioning: undefined, proofs: [] }],
  };
}

/** As the plan lists them; what stays comes first when it does not. */
function planOrder(plan: RequestedPlan, components: readonly Component[]): readonly Component[] {
  const position = (name: string): number => plan.components.findIndex((component) => component.name === name);
  return components.toSorted((a, b) => position(a.name) - position(b.name));
}

function hasError(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === "error");
}
