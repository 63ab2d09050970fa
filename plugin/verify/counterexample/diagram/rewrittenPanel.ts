/** The run of the rewritten system, in real time. */
import type { DeployedInstance } from "../../../../runtime/routing/address.ts";
import type { Activation, Fragment, LogicalMessage, SimulatedRun } from "../../../../runtime/simulator/index.ts";
import type { Difference } from "../../compareActivation.ts";
import { printPayload } from "../../printPayload.ts";
import { decodePayload } from "../../../../runtime/codec/payloadDecoder.ts";
import type { Detail, Mark, Panel } from "./diagram.ts";
import { layRows, type Happening } from "./layRows.ts";
import { firstInstanceOf, Lifelines } from "./lifelines.ts";
import type { Unmatched } from "./unmatched.ts";
import { laterFragment, wholeAccess, wholeCause, wholeMessage, wholeStep } from "./words.ts";

export interface RewrittenPanelOptions {
  readonly run: SimulatedRun;
  readonly numbers: ReadonlyMap<Activation, number>;
  /** The activations that stand out, and why. */
  readonly marks: ReadonlyMap<Activation, Mark>;
  /** In what one of them is not like the original. */
  /** What it sent and the original never did, when both had come to the end. */
  readonly unmatched: Unmatched;
  readonly difference: { readonly activation: Activation; readonly difference: Difference } | undefined;
}

interface Timed {
  readonly time: number;
  readonly happening: Happening;
}

export function rewrittenPanel(options: RewrittenPanelOptions): Panel {
  const { run } = options;
  const arrived = arrivedMessages(run);
  const timed: Timed[] = [
    ...run.comebacks.map(({ node, at }): Timed => ({
      time: at,
      happening: crash(firstInstanceOf(run.deployment, node)),
    })),
    ...run.external.flatMap((step): Timed[] => {
      const { message, at, event } = step;
      const where = firstInstanceOf(run.deployment, event.node);
      const sent = event.kind === "sent";
      const happening: Happening = {
        ...{
          where,
          number: undefined,
          lost: false,
          name: message.handler,
          text: wholeStep(step),
          mark: undefined,
        },
        ...{ details: [], full: [`${event.node.id} ${wholeStep(step)}`] },
        ...(sent ? { left: [message] } : { left: [], message }),
      };
      return [{ time: at, happening }, ...(sent ? lostOf([message], arrived, run, at) : [])];
    }),
    ...run.activations.flatMap((activation) => happeningsOf(activation, options, arrived)),
  ];
  const happenings = [
    ...timed.sort((a, b) => a.time - b.time).map(({ happening }) => happening),
    ...run.parked.map((activation) => waiting(activation, run, options)),
  ];
  const lifelines = new Lifelines(run.deployment, new Set(happenings.map(({ where }) => where)));
  const stopped = run.stopped.map((instance) => `${instance.id} ${instance.component} waits for its coordinator.`);
  const remarks = [...run.problems, ...stopped].map((text): Detail => ({ text, mark: "difference" }));
  return {
    heading: "the rewritten system",
    lifelines: lifelines.lifelines,
    rows: layRows(happenings, lifelines),
    remarks,
  };
}

function happeningsOf(
  activation: Activation,
  { run, numbers, marks, difference, unmatched }: RewrittenPanelOptions,
  arrived: ReadonlySet<LogicalMessage>,
): readonly Timed[] {
  const { cause, handler, node, undone } = activation;
  const earlier: Happening[] = [];
  const fragments = [...activation.fragments, ...undone].sort((a, b) => a.at - b.at);
  return fragments.flatMap((fragment, index): Timed[] => {
    const { instance, at, sent } = fragment;
    const isFirst = index === 0;
    const isUndone = undone.includes(fragment);
    const own = fragment.handler === handler;
    const differing = difference?.activation === activation ? differencesIn(fragment, difference.difference) : [];
    const happening: Happening = {
      where: instance,
      number: numbers.get(activation),
      lost: false,
      name: fragment.handler,
      text: isFirst ? wholeCause(activation) : laterFragment(fragment.handler, handler),
      mark: isUndone ? "fault" : marks.get(activation),
      message: isFirst && cause.kind === "message" ? cause.message : undefined,
      cause: isFirst ? undefined : (earlier.findLast(({ where }) => where !== instance) ?? earlier[0]),
      left: sent,
      details: [
        ...differing,
        ...sent.filter((message) => unmatched.rewritten.has(message)).map(unmatchedSend),
        ...(isUndone ? [{ text: "undone by a crash", mark: "fault" } as const] : []),
      ],
      full: [
        `${node.id} ${instance.component}.${String(instance.partition)}: ${wholeCause(activation)}`,
        ...(own ? [] : [`ran ${fragment.handler}`]),
        ...fragment.accesses.map(wholeAccess),
        ...sent.map((message) => `sends ${wholeMessage(message)} to ${message.to.id}`),
        ...(fragment.failure === undefined ? [] : [`throws ${String(fragment.failure.error)}`]),
      ],
    };
    earlier.push(happening);
    return [{ time: at, happening }, ...lostOf(sent, arrived, run, at)];
  });
}

/** What of a difference shows in a fragment. */
function differencesIn({ accesses, sent, failure }: Fragment, difference: Difference): readonly Detail[] {
  const mark = "difference";
  switch (difference.kind) {
    case "crash":
      return failure === undefined ? [] : [{ text: `throws ${String(failure.error)}`, mark }];
    case "missing":
      return [];
    case "messages":
      return sent
        .filter((message) => difference.extra.includes(printSent(message)))
        .map((message) => ({ text: `sends ${wholeMessage(message)} to ${message.to.id}`, mark }));
    case "read": {
      const { cell, rewritten } = difference;
      const hasRead = accesses.some((access) => access.cell.name === cell && access.value === rewritten);
      return hasRead ? [{ text: `reads ${cell}: ${rewritten}`, mark }] : [];
    }
  }
}

function unmatchedSend(message: LogicalMessage): Detail {
  return { text: `sends ${wholeMessage(message)} to ${message.to.id}`, mark: "difference" };
}

function printSent({ to, handler, payload }: LogicalMessage): string {
  return `${to.role}/${to.id}.${handler}(${printPayload(decodePayload(payload))})`;
}

function arrivedMessages({ activations, parked, external }: SimulatedRun): ReadonlySet<LogicalMessage> {
  const arrived = new Set<LogicalMessage>();
  for (const { cause } of [...activations, ...parked]) if (cause.kind === "message") arrived.add(cause.message);
  for (const { event, message } of external) if (event.kind === "received") arrived.add(message);
  return arrived;
}

/** Messages that nobody ever gets, where they were to go. */
function lostOf(
  sent: readonly LogicalMessage[],
  arrived: ReadonlySet<LogicalMessage>,
  { deployment }: SimulatedRun,
  time: number,
): readonly Timed[] {
  return sent
    .filter((message) => !arrived.has(message))
    .map((message) => {
      const text = wholeMessage(message);
      const happening: Happening = {
        where: firstInstanceOf(deployment, message.to),
        ...{ number: undefined, lost: true, name: message.handler, text, mark: "fault", message, left: [] },
        ...{ details: [], full: [`${text} from ${message.from.id} to ${message.to.id} is lost`] },
      };
      return { time, happening };
    });
}

function waiting(
  activation: Activation,
  { deployment }: SimulatedRun,
  { numbers, marks }: RewrittenPanelOptions,
): Happening {
  const { cause, node, handler } = activation;
  const text = wholeCause(activation);
  const mark = marks.get(activation);
  return {
    where: firstInstanceOf(deployment, node),
    ...{ number: numbers.get(activation), lost: true, name: handler, text, mark, left: [] },
    message: cause.kind === "message" ? cause.message : undefined,
    details: [{ text: "waits to this day", mark }],
    full: [`${node.id}: ${text} waits to the end of the run`],
  };
}

function crash(where: DeployedInstance): Happening {
  const text = `${where.id} crashed, and comes back`;
  return {
    ...{ where, number: undefined, lost: false, name: "crash", text, mark: "fault", left: [], details: [] },
    full: [`${text} with what was on stable storage`],
  };
}
