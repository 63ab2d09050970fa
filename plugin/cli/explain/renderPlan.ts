/** What the plan made of the roles, and why that is safe, for people. */
import { count, wrap, type Colours } from "../../diagnostics/renderText.ts";
import type { PlannedComponent, PlannedRole } from "./describePlan.ts";

export function renderPlan(roles: readonly PlannedRole[], colours: Colours): string {
  return roles
    .map(({ role, components }) =>
      [`${colours.bold(role)} becomes`, ...components.map((component) => renderComponent(component, colours))].join(
        "\n",
      ),
    )
    .join("\n\n");
}

function renderComponent(component: PlannedComponent, colours: Colours): string {
  const { name, handlers, forwards, partitions, keys, spread: fields, copies, together, proofs } = component;
  const runs = [...handlers, ...forwards];
  const spread = partitions > 1 ? `  ${colours.dim(count(partitions, "partition"))}` : "";
  return [
    `  ${colours.cyan(name)}${spread}`,
    wrap(`runs ${runs.length === 0 ? "nothing" : runs.join("; ")}`, "    "),
    ...(keys.length === 0 ? [] : [wrap(`routes ${keys.join("; ")}`, "    ")]),
    ...(fields.length === 0 ? [] : [wrap(`spreads ${fields.join("; ")}`, "    ")]),
    ...(copies.length === 0 ? [] : [wrap(`copies ${copies.join("; ")}`, "    ")]),
    ...(together.length === 0 ? [] : [wrap(`on all partitions ${together.join("; ")}`, "    ")]),
    ...proofs.flatMap(({ rule, statement, facts }) => [
      wrap(`${rule}: ${statement}`, "    "),
      ...facts.map((fact) => wrap(`- ${fact}`, "      ", "        ")),
    ]),
  ].join("\n");
}
