/**
 * From what is asked to which code runs where: resolves the names of the plans, lets the rules decide each step, and puts
 * together the components. A plan says what, never why it is safe.
 */
import { forwardName, freshName } from "../analysis/freshNames.ts";
import type { Cut } from "../analysis/inferCuts.ts";
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Component, Forward, Partitioning, Proof, Rewrite, RewrittenRole } from "../model/component.ts";
import { findHandler, type Protocol, type Role } from "../model/protocol.ts";
import type { RequestedComponent, RequestedPlan } from "../model/requestedPlan.ts";
import type { Decoupling, HandlerCut, Part, Spreading } from "../rules/rule.ts";
import { decouplingRules, partitioningRules } from "../rules/rules.ts";
import { forceCuts, forceHandlers, forcePartitioning } from "./forceSteps.ts";
import { resolveMoves, type ResolvedComponent } from "./resolveMoves.ts";
import { validateKeys } from "./validateKeys.ts";
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

interface Draft {
  readonly name: string;
  readonly request: RequestedComponent | undefined;
  readonly handlers: readonly string[];
  readonly cuts: readonly HandlerCut[];
  readonly proofs: readonly Proof[];
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

  const components = force ? resolved.components.map(forceHandlers) : resolved.components;
  const drafts: Draft[] = [stayingDraft(role, components)];
  for (const component of components.filter(({ request }) => request.moves !== undefined)) {
    const step: Decoupling = {
      protocol,
      role,
      component: component.request.name,
      handlers: component.handlers,
      parts: component.parts,
      returned: [],
      owned: [],
      hold: component.request.hold,
      others: drafts
        .filter(({ handlers }) => handlers.length > 0)
        .map(({ name, handlers }): Part => ({ name, handlers })),
    };
    const decided = decouple(step, force);
    findings.push(...decided.findings);
    drafts.push({
      name: component.request.name,
      request: component.request,
      handlers: inOrder(
        role,
        component.handlers.map(({ handler }) => handler),
      ),
      cuts: decided.cuts,
      proofs: decided.proofs,
    });
  }

  const withForwards = nameForwards(
    protocol,
    role,
    drafts.filter(({ handlers, cuts }) => handlers.length + cuts.length > 0 || drafts.length === 1),
  );
  const built = withForwards.map(({ draft, forwards }): Component => {
    const spread = spreadOut(protocol, role, draft, forwards, force);
    findings.push(...spread.findings);
    const { name, handlers, proofs } = draft;
    const partitioning = spread.partitioning;
    return { role: role.name, name, handlers, forwards, partitioning, proofs: [...proofs, ...spread.proofs] };
  });
  const refused = hasError(findings) && !force;
  return { role: refused ? unrewritten(role) : { role: role.name, components: planOrder(plan, built) }, findings };
}

/** Everything stays until it moves. */
function stayingDraft(role: Role, components: readonly ResolvedComponent[]): Draft {
  const moved = new Set(components.flatMap(({ handlers }) => handlers.map(({ handler }) => handler)));
  const request = components.find((component) => component.request.moves === undefined)?.request;
  const handlers = role.handlers.map(({ name }) => name).filter((name) => !moved.has(name));
  return { name: request?.name ?? "main", request, handlers, cuts: [], proofs: [] };
}

function nothingStays(role: Role, components: readonly ResolvedComponent[]): readonly Finding[] {
  const staying = stayingDraft(role, components);
  if (staying.request === undefined || staying.handlers.length > 0 || role.handlers.length === 0) return [];
  const message = `Nothing stays in \`${staying.name}\`: the plan moves every handler of \`${role.name}\` elsewhere.`;
  return [createFinding("RVN456", message, staying.request.nameSpan)];
}

interface Decided {
  readonly cuts: readonly HandlerCut[];
  readonly proofs: readonly Proof[];
  readonly findings: readonly Finding[];
}

/** Every rule that the step is about has to prove its part of it. */
function decouple(step: Decoupling, force: boolean): Decided {
  const decided = decouplingRules
    .filter((rule) => rule.concerns(step))
    .map((rule): Decided => {
      const verdict = rule.decide(step);
      switch (verdict.kind) {
        case "proved":
          return { cuts: verdict.outcome, proofs: [verdict.proof], findings: [] };
        case "refused":
          return { cuts: [], proofs: [], findings: verdict.refusals };
      }
    });
  const findings = decided.flatMap((one) => one.findings);
  return {
    cuts:
      force && findings.length > 0
        ? step.parts.flatMap((part) => forceCuts(step.protocol, step.role, part))
        : decided.flatMap((one) => one.cuts),
    proofs: decided.flatMap((one) => one.proofs),
    findings,
  };
}

/** Gives every statement that left a name that nothing in the class has. */
function nameForwards(
  protocol: Protocol,
  role: Role,
  drafts: readonly Draft[],
): readonly { readonly draft: Draft; readonly forwards: readonly Forward[] }[] {
  const taken = new Set([...role.handlers, ...role.members, ...role.fields].map(({ name }) => name));
  const entry = (handler: string): string => drafts.find(({ handlers }) => handlers.includes(handler))?.name ?? "main";
  return drafts.map((draft) => ({
    draft,
    forwards: draft.cuts.map(({ handler, cut }): Forward => {
      const name = freshName(forwardName(handler, messagesOf(role, handler, cut)), taken);
      taken.add(name);
      const { region, effects, live, references, hoisted } = cut;
      const forward = { name, handler, from: entry(handler), region: region.span, effects, live, hoisted };
      return references.length === 0 ? forward : { ...forward, references };
    }),
  }));
}

function messagesOf(role: Role, handler: string, { effects }: Cut): readonly string[] {
  const all = findHandler(role, handler)?.body?.effects ?? [];
  return all.flatMap((effect) => (effect.kind === "send" && effects.includes(effect.id) ? [effect.message] : []));
}

interface Spread {
  readonly partitioning: Partitioning | undefined;
  readonly proofs: readonly Proof[];
  readonly findings: readonly Finding[];
}

function spreadOut(protocol: Protocol, role: Role, draft: Draft, forwards: readonly Forward[], force: boolean): Spread {
  const { request, handlers, name } = draft;
  if (request?.into === undefined) return { partitioning: undefined, proofs: [], findings: [] };
  const misnamed = validateKeys(role, request, handlers, forwards);
  if (misnamed.length > 0) return { partitioning: undefined, proofs: [], findings: misnamed };
  const { by, into } = request;
  const step: Spreading = {
    protocol,
    role,
    component: name,
    handlers,
    forwards,
    by,
    partitions: into.partitions,
    request: into.span,
  };
  const refusals: Finding[] = [];
  for (const rule of partitioningRules.filter((candidate) => candidate.concerns(step))) {
    const verdict = rule.decide(step);
    if (verdict.kind === "proved") return { partitioning: verdict.outcome, proofs: [verdict.proof], findings: [] };
    refusals.push(...verdict.refusals);
  }
  return { partitioning: force ? forcePartitioning(step) : undefined, proofs: [], findings: refusals };
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

function inOrder(role: Role, handlers: readonly string[]): readonly string[] {
  return role.handlers.map(({ name }) => name).filter((name) => handlers.includes(name));
}

function hasError(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === "error");
}
