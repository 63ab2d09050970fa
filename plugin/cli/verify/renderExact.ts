/** What exact verification says, for people. */
import { count, wrap, type Colours } from "../../diagnostics/renderText.ts";
import type { ContainmentCounterexample, ExactCheck, ExactVerification } from "../../verify/index.ts";

export function renderExact({ verdict, checks }: ExactVerification, system: string, colours: Colours): string {
  const last = checks.at(-1);
  const found = last?.containment.counterexample;
  const unverified = `${colours.red("not verified")} ${colours.bold(system)}`;
  switch (verdict) {
    case "refines":
      return [
        `${colours.green("verified")} ${colours.bold(system)}: whatever the rewritten system can show, the original can.`,
        ...checks.map(renderCheck),
      ].join("\n");
    case "counterexample":
      return last === undefined || found === undefined ? unverified : renderCounterexample(last, found, colours);
    case "bound reached":
      return [
        `${unverified}: there is more than could be looked at. So far nothing is wrong.`,
        ...checks.map(renderCheck),
        "What to do: give it more time, --seconds; or ask for fewer --clients or --operations.",
      ].join("\n");
    case "nothing exercised":
      return [
        wrap(`${unverified}: no operation completes on a rewritten path, so nothing was shown.`),
        "What to do: see to it that the clients of run.ts issue operations that complete.",
      ].join("\n");
  }
}

function renderCheck({ configuration, containment: { coverage, bound } }: ExactCheck): string {
  const { pairs, rewrittenStates, originalStates, largestSet, depth } = coverage;
  const much = `${count(rewrittenStates, "state")} against up to ${largestSet} of ${originalStates}, ${count(pairs, "pair")}`;
  const extent =
    bound === undefined
      ? `all runs, up to ${count(depth, "step")}`
      : `all runs of up to ${count(depth, "step")}, then ${bound}`;
  return `  ${nameOf(configuration)}: ${extent}; ${much}`;
}

function nameOf({ clients, operations, spread }: ExactCheck["configuration"]): string {
  return `${count(clients, "client")} with ${count(operations, "operation")}, keys spread in way ${spread + 1}`;
}

function renderCounterexample(
  { configuration }: ExactCheck,
  { kind, summary, steps, instead }: ContainmentCounterexample,
  colours: Colours,
): string {
  const path = steps.map(({ description, event }, i) =>
    [
      wrap(`${i + 1}. ${description}`, "  ", "     "),
      ...(event === undefined ? [] : [colours.dim(wrap(`seen: ${event}`, "     ", "       "))]),
    ].join("\n"),
  );
  return [
    `${colours.red("violated")} ${colours.bold(kind)}, ${nameOf(configuration)}\n${wrap(summary)}`,
    path.join("\n"),
    instead.length === 0
      ? "The original can show nothing any more."
      : ["The original can show, instead:", ...instead.map((event) => wrap(`- ${event}`, "  ", "    "))].join("\n"),
    "With so many clients and operations no run goes wrong in fewer steps.",
  ].join("\n\n");
}
