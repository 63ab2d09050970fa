/** The static judge alone, over all fixtures: what kills mutants of the analysis and of the rules. */
import { applyPlans } from "../../plugin/planner/applyPlans.ts";
import { surprises } from "../support/surprises.ts";
import { readModels } from "./models.ts";

it.each(readModels().map((model) => [model.name, model] as const))("%s", (_name, { protocol, plans, expected }) => {
  const errors = applyPlans(protocol, plans).findings.filter(({ severity }) => severity === "error");
  expect(surprises({ protocol, errors }, expected)).toEqual([]);
});
