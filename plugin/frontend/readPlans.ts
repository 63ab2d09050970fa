/**
 * Reads `riven.plan.ts` from its syntax: it is never run, so that a plan can be checked while it is being typed, and
 * cannot differ between two machines. Hence everything in it is written out.
 */
import { Node, type CallExpression, type Expression } from "ts-morph";
import type { Finding } from "../diagnostics/finding.ts";
import { nearestName } from "../diagnostics/nearestName.ts";
import type { RequestedPlan } from "../model/requestedPlan.ts";
import type { OpenProject } from "./protocolFolder.ts";
import { readComponents } from "./readComponents.ts";
import { Reporter, type Report } from "./reporter.ts";
import { excerpt } from "./syntax/excerpt.ts";
import { withoutAssertions } from "./syntax/literalOf.ts";
import { rivenName } from "./syntax/rivenName.ts";
import type { RoleDeclaration } from "./syntax/roleDeclarations.ts";
import { spanOf } from "./syntax/spanOf.ts";

export interface PlansRead {
  readonly plans: readonly RequestedPlan[];
  readonly findings: readonly Finding[];
}

/**
 * The plans of a protocol; none when it has no plan file. What does not make sense is left out and reported, so the
 * plans are complete exactly when there are no findings. Whether the handlers, fields, sends and columns that a plan
 * names exist is not looked at here.
 *
 * @param roles The roles of the same project.
 */
export function readPlans(open: OpenProject, roles: readonly RoleDeclaration[]): PlansRead {
  if (open.plan === undefined) return { plans: [], findings: [] };
  const { report, findings } = new Reporter(open.root);
  const exported = open.plan.getExportAssignment((assignment) => !assignment.isExportEquals());
  if (exported === undefined) {
    const place = open.plan.getStatements()[0] ?? open.plan;
    report("RVN410", "The plan file has no default export.", place);
    return { plans: [], findings };
  }
  const calls = planCalls(exported.getExpression(), report);
  const plans: RequestedPlan[] = [];
  const seen = new Map<string, CallExpression>();
  for (const call of calls) {
    const role = plannedRole(call, roles, report);
    if (role === undefined) continue;
    const earlier = seen.get(role.name);
    if (earlier !== undefined) {
      const related = [{ message: "The first plan is here.", at: earlier }];
      report("RVN416", `${role.name} is planned twice. One plan lists all components of a role.`, call, { related });
      continue;
    }
    seen.set(role.name, call);
    plans.push({
      role: role.name,
      span: spanOf(call, open.root),
      components: readComponents(call, role, open.root, report),
    });
  }
  return { plans, findings };
}

/** The calls of `plan` that the default export consists of. */
function planCalls(expression: Expression, report: Report): readonly CallExpression[] {
  const bare = withoutAssertions(expression);
  if (!Node.isArrayLiteralExpression(bare)) return planCall(bare, report);
  const elements = bare.getElements();
  if (elements.length === 0) report("RVN417", "The plan file plans nothing: the list is empty.", bare);
  return elements.flatMap((element) => planCall(withoutAssertions(element), report));
}

function planCall(expression: Expression, report: Report): readonly CallExpression[] {
  if (Node.isCallExpression(expression) && rivenName(expression.getExpression()) === "plan") return [expression];
  report("RVN410", `${excerpt(expression)} is not a call of plan from "riven".`, expression);
  return [];
}

/** The role that a call of `plan` is about. */
function plannedRole(
  call: CallExpression,
  roles: readonly RoleDeclaration[],
  report: Report,
): RoleDeclaration | undefined {
  const [first] = call.getArguments();
  if (!Node.isIdentifier(first) && !Node.isPropertyAccessExpression(first)) {
    report("RVN414", "The first argument of plan is the class of a role, by its name.", first ?? call);
    return undefined;
  }
  const symbol = (Node.isIdentifier(first) ? first : first.getNameNode()).getSymbol();
  const declarations = (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [];
  const role = roles.find(({ node }) => declarations.some((declaration) => declaration === node));
  if (role === undefined) {
    const name = first.getText();
    const internal = roles.filter(({ external }) => !external).map((known) => known.name);
    const meant = nearestName(name, internal);
    const hint = meant === undefined || meant === name ? listRoles(internal) : `Did you mean ${meant}?`;
    report("RVN414", `${name} is not a role of this protocol. ${hint}`, first);
    return undefined;
  }
  if (role.external) {
    report(
      "RVN415",
      `${role.name} is external: it is outside the system, and what runs there is not Riven's to plan.`,
      first,
    );
    return undefined;
  }
  return role;
}

function listRoles(names: readonly string[]): string {
  return names.length === 0 ? "It has none that can be planned." : `It has ${names.join(", ")}.`;
}
