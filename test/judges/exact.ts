/**
 * The third judge, for longer than a test may take: exact containment of the fixtures, accepted and forced ones.
 *
 *     npm run verify:exact -- --only '^locks' --seconds 20 --clients 2 --operations 3 --crashes 1
 *
 * Prints what it decides, and what it needed; `--show` prints counterexamples as well. Ends with exit code 1 when an accepted
 * fixture, or one that is said not to show that it is wrong, has a counterexample.
 */
import { parseArgs } from "node:util";
import type { ContainmentCounterexample } from "../../plugin/verify/containment/containmentVerdict.ts";
import { verifyExactly, type ExactVerification } from "../../plugin/verify/containment/verifyExactly.ts";
import { clearWorkshop, judgeStatically, loadBoth, readFixtures, type Fixture } from "../support/judges.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "." },
    kind: { type: "string", multiple: true, default: ["accepted", "refused", "not shown"] },
    clients: { type: "string", default: "2" },
    operations: { type: "string", default: "2" },
    spreads: { type: "string", default: "3" },
    crashes: { type: "string", default: "0" },
    seconds: { type: "string", default: "10" },
    show: { type: "boolean", default: false },
  },
});

type Kind = "accepted" | "refused" | "not shown";

const only = new RegExp(values.only);
const tally = new Map<string, number>();
for (const fixture of readFixtures()) {
  const kind = kindOf(fixture);
  if (!only.test(fixture.name) || !values.kind.includes(kind)) continue;
  const began = performance.now();
  const { verdict, told } = await judge(fixture, kind);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`${kind} | ${fixture.name} | ${verdict} | ${told} | ${seconds} s\n`);
  tally.set(`${kind}: ${verdict}`, (tally.get(`${kind}: ${verdict}`) ?? 0) + 1);
  if (verdict === "counterexample" && kind !== "refused") process.exitCode = 1;
}
clearWorkshop();
process.stdout.write([...tally].map(([what, count]) => `${what}: ${count}\n`).join(""));

function kindOf({ expectation }: Fixture): Kind {
  if (expectation.kind === "accepted") return "accepted";
  return expectation.notShown === undefined ? "refused" : "not shown";
}

async function judge(fixture: Fixture, kind: Kind): Promise<{ readonly verdict: string; readonly told: string }> {
  const judged = judgeStatically(fixture, kind !== "accepted");
  if (judged.files.length === 0) return { verdict: "cannot be built", told: "" };
  try {
    const verification = verifyExactly({
      ...(await loadBoth(fixture, judged)),
      clients: Number(values.clients),
      operations: Number(values.operations),
      spreads: Number(values.spreads),
      crashes: Number(values.crashes),
      bounds: { milliseconds: 1000 * Number(values.seconds) },
    });
    return { verdict: verification.verdict, told: tell(verification) };
  } catch (error) {
    const [message = ""] = String(error).split("\n");
    return { verdict: "cannot be run", told: message };
  }
}

function tell({ checks }: ExactVerification): string {
  const complete = checks.filter(({ containment }) => containment.coverage.isComplete);
  const last = checks.at(-1);
  if (last === undefined) return "";
  const { configuration, containment } = last;
  const { coverage, counterexample } = containment;
  const { pairs, subsumed, rewrittenStates, originalStates, sets, largestSet, depth } = coverage;
  return [
    `${complete.length} of ${checks.length} complete`,
    `${configuration.clients} x ${configuration.operations} spread ${configuration.spread}`,
    `${pairs} pairs (${subsumed} subsumed)`,
    `${rewrittenStates} and ${originalStates} states`,
    `${sets} sets up to ${largestSet}`,
    `depth ${depth}`,
    ...(counterexample === undefined ? [] : [explain(counterexample)]),
  ].join(", ");
}

function explain({ kind, steps, instead }: ContainmentCounterexample): string {
  if (!values.show) return kind;
  return [
    kind,
    ...steps.map(({ description, event }) => `    ${description}${event === undefined ? "" : `   >> ${event}`}`),
    ...instead.map((event) => `    instead: ${event}`),
  ].join("\n");
}
