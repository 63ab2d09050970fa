/** The diagram of a judged run. */
import type { Deployment } from "../../../../runtime/deployment.ts";
import type { Activation, SimulatedRun } from "../../../../runtime/simulator/index.ts";
import type { Vertex } from "../../activationGraph.ts";
import type { Problem } from "../../verdict.ts";
import type { CycleEvidence, Evidence, ReplayEvidence } from "../evidence.ts";
import type { Detail, Diagram, Mark, Panel } from "./diagram.ts";
import { actsDone, originalPanel } from "./originalPanel.ts";
import { rewrittenPanel } from "./rewrittenPanel.ts";
import { findUnmatched, NOTHING_UNMATCHED, type Unmatched } from "./unmatched.ts";

export interface DrawOptions {
  readonly title: string;
  readonly run: SimulatedRun;
  readonly original: Deployment;
  readonly problem: Problem;
  /** Undefined when the run was refused before the original was asked. */
  readonly evidence: Evidence | undefined;
}

export interface DrawnRun {
  readonly diagram: Diagram;
  /** What the explanation speaks of, by the numbers in the diagram. */
  readonly involved: ReadonlyMap<number, Activation>;
}

export function drawRun({ title, run, original, problem, evidence }: DrawOptions): DrawnRun {
  const numbers = numberActivations(run, evidence);
  const unmatched =
    evidence?.kind === "replay" && evidence.ended ? findUnmatched(run, evidence.steps) : NOTHING_UNMATCHED;
  const marks = marksOf(evidence, unmatched);
  const drawn = (panel: Panel, difference?: DifferenceAt): DrawnRun => ({
    diagram: {
      title,
      summary: problem.summary,
      rewritten: rewrittenPanel({ run, numbers, marks, unmatched, difference }),
      original: panel,
    },
    involved: new Map([...marks.keys()].map((activation) => [numbers.get(activation) ?? 0, activation])),
  });
  if (evidence === undefined) return drawn(withoutRows("the original was not asked", problem.trace));
  switch (evidence.kind) {
    case "cycle":
      return drawn(withoutRows("no run of the original is like this one", explainEdges(evidence, numbers)));
    case "replay": {
      const difference = differenceAt(evidence);
      const panel = originalPanel({ original, replay: evidence, numbers, marks, unmatched, difference });
      const inTheEnd: readonly Detail[] = evidence.ended
        ? [{ text: "Both have come to rest, and are not the same.", mark: "difference" }]
        : [];
      return drawn({ ...panel, remarks: [...panel.remarks, ...inTheEnd] }, difference);
    }
  }
}

type DifferenceAt = { readonly activation: Activation; readonly difference: NonNullable<ReplayEvidence["difference"]> };

function differenceAt(replay: ReplayEvidence): DifferenceAt | undefined {
  const activation = lastActivation(replay);
  return activation === undefined || replay.difference === undefined
    ? undefined
    : { activation, difference: replay.difference };
}

function lastActivation(replay: ReplayEvidence): Activation | undefined {
  const act = actsDone(replay).at(-1);
  return act?.kind === "activation" || act?.kind === "parked" ? act.activation : undefined;
}

/** In the order of the original where there is one, so that the other panel shows what came out of order. */
function numberActivations(
  { activations, parked }: SimulatedRun,
  evidence: Evidence | undefined,
): Map<Activation, number> {
  const inOrder =
    evidence?.kind === "replay"
      ? evidence.acts.flatMap((act) => (act.kind === "activation" || act.kind === "parked" ? [act.activation] : []))
      : [...activations, ...parked];
  return new Map(inOrder.map((activation, index) => [activation, index + 1]));
}

function marksOf(evidence: Evidence | undefined, unmatched: Unmatched): ReadonlyMap<Activation, Mark> {
  if (evidence === undefined) return new Map();
  const mark = evidence.kind === "cycle" ? "cycle" : "difference";
  return new Map(involvedIn(evidence, unmatched).map((activation) => [activation, mark]));
}

/** The activations that the explanation speaks of. */
function involvedIn(evidence: Evidence, unmatched: Unmatched): readonly Activation[] {
  if (evidence.kind === "cycle") return activationsIn(evidence);
  if (!evidence.ended) return [lastActivation(evidence) ?? []].flat();
  return [...evidence.steps].flatMap(([activation, step]) => {
    const differs =
      step.sent.some((message) => unmatched.original.has(message)) ||
      activation.fragments.some(({ sent }) => sent.some((message) => unmatched.rewritten.has(message)));
    return differs ? [activation] : [];
  });
}

function activationsIn({ edges }: CycleEvidence): readonly Activation[] {
  return edges.flatMap(({ from, to }) =>
    [from, to].flatMap((vertex) => (vertex.kind === "activation" ? [vertex.activation] : [])),
  );
}

/** Why each comes before the next, in the numbers of the diagram. */
function explainEdges({ edges }: CycleEvidence, numbers: ReadonlyMap<Activation, number>): readonly string[] {
  const printEnd = (vertex: Vertex): string =>
    vertex.kind === "activation" ? `(${String(numbers.get(vertex.activation))})` : "what is outside";
  return edges.map(({ from, to, text }) => `${printEnd(from)} before ${printEnd(to)}: ${text}.`);
}

function withoutRows(heading: string, remarks: readonly string[]): Panel {
  return { heading, lifelines: [], rows: [], remarks: remarks.map((text): Detail => ({ text, mark: "cycle" })) };
}
