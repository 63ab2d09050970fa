/** The run of the original on the same messages, as far as it could be like that of the rewritten system. */
import { decodePayload } from "../../../../runtime/codec/payloadDecoder.ts";
import type { Deployment } from "../../../../runtime/deployment.ts";
import type { Activation, Step } from "../../../../runtime/simulator/index.ts";
import type { Difference } from "../../compareActivation.ts";
import { printPayload } from "../../printPayload.ts";
import type { Act } from "../../replayOriginal.ts";
import type { ReplayEvidence } from "../evidence.ts";
import type { Detail, Mark, Panel } from "./diagram.ts";
import { layRows, type Happening } from "./layRows.ts";
import { firstInstanceOf, Lifelines } from "./lifelines.ts";
import type { Unmatched } from "./unmatched.ts";
import { wholeAccess, wholeCause, wholeMessage, wholeStep } from "./words.ts";

export interface OriginalPanelOptions {
  readonly original: Deployment;
  readonly replay: ReplayEvidence;
  readonly numbers: ReadonlyMap<Activation, number>;
  readonly marks: ReadonlyMap<Activation, Mark>;
  /** What it sent and the rewritten system never did, when both had come to the end. */
  readonly unmatched: Unmatched;
  readonly difference: { readonly activation: Activation; readonly difference: Difference } | undefined;
}

export function originalPanel(options: OriginalPanelOptions): Panel {
  const { original, replay } = options;
  const happenings = actsDone(replay).map((act) => happeningOf(act, options));
  const lifelines = new Lifelines(original, new Set(happenings.map(({ where }) => where)));
  return {
    heading: "the original, in the same order",
    lifelines: lifelines.lifelines,
    rows: layRows(happenings, lifelines),
    remarks: replay.ended ? [] : [{ text: "From here on the two go different ways.", mark: undefined }],
  };
}

/** Up to where it stopped. */
export function actsDone({ acts, steps, ended }: ReplayEvidence): readonly Act[] {
  if (ended) return acts;
  const last = acts.findLastIndex(
    (act) => (act.kind === "activation" || act.kind === "parked") && steps.has(act.activation),
  );
  return acts.slice(0, last + 1);
}

function happeningOf(act: Act, options: OriginalPanelOptions): Happening {
  const { original } = options;
  switch (act.kind) {
    case "activation":
    case "parked":
      return activated(act.activation, options);
    case "external": {
      const { event, message } = act.step;
      return {
        where: firstInstanceOf(original, event.node),
        ...{ number: undefined, lost: false, name: message.handler, text: wholeStep(act.step), mark: undefined },
        ...{ details: [], full: [`${event.node.id} ${wholeStep(act.step)}`] },
        ...(event.kind === "sent" ? { left: [message] } : { left: [], message }),
      };
    }
    case "comeback": {
      const where = firstInstanceOf(original, act.comeback.node);
      const text = `${where.id} crashed, and comes back`;
      return {
        ...{ where, number: undefined, lost: false, name: "crash", text, mark: "fault", left: [], details: [] },
        full: [`${text} with what was on stable storage`],
      };
    }
  }
}

function activated(activation: Activation, options: OriginalPanelOptions): Happening {
  const { original, numbers, marks, replay, difference, unmatched } = options;
  const { cause, node, handler, fragments } = activation;
  const step = replay.steps.get(activation);
  const differing = difference?.activation === activation && step ? differencesIn(step, difference.difference) : [];
  return {
    where: firstInstanceOf(original, node),
    ...{ number: numbers.get(activation), lost: false, name: handler, text: wholeCause(activation) },
    mark: marks.get(activation),
    message: cause.kind === "message" ? cause.message : undefined,
    left: fragments.flatMap(({ sent }) => sent),
    details: [
      ...differing,
      ...(step?.sent ?? []).filter((message) => unmatched.original.has(message)).map(unmatchedSend),
    ],
    full: [`${node.id}: ${wholeCause(activation)}`, ...(step === undefined ? [] : wholeWork(step))],
  };
}

function unmatchedSend(message: Step["sent"][number]): Detail {
  return { text: `sends ${wholeMessage(message)} to ${message.destination.id}`, mark: "difference" };
}

function wholeWork({ accesses, sent, failure }: Step): readonly string[] {
  return [
    ...accesses.map(wholeAccess),
    ...sent.map((message) => `sends ${wholeMessage(message)} to ${message.destination.id}`),
    ...(failure === undefined ? [] : [`throws ${String(failure.error)}`]),
  ];
}

/** What of a difference shows in what the original did. */
function differencesIn({ sent, failure }: Step, difference: Difference): readonly Detail[] {
  const mark = "difference";
  switch (difference.kind) {
    case "crash":
      return [{ text: failure === undefined ? "does not throw" : `throws ${String(failure.error)}`, mark }];
    case "missing":
    case "messages": {
      const missing = difference.kind === "missing" ? difference.messages : difference.missing;
      const texts = sent
        .filter(({ destination: to, handler, payload }) =>
          missing.includes(`${to.role}/${to.id}.${handler}(${printPayload(decodePayload(payload))})`),
        )
        .map((message) => `sends ${wholeMessage(message)} to ${message.destination.id}`);
      if (texts.length < missing.length) return missing.map((text) => ({ text: `sends ${text}`, mark }));
      return texts.length > 0 ? texts.map((text) => ({ text, mark })) : [{ text: "sends nothing of the kind", mark }];
    }
    case "read":
      return [{ text: `reads ${difference.cell}: ${difference.original}`, mark }];
  }
}
