/** Messages that one of the two runs has sent and the other has not, at the end of both. */
import { decodePayload } from "../../../../runtime/codec/payloadDecoder.ts";
import type { Activation, LogicalMessage, SimulatedRun, Step } from "../../../../runtime/simulator/index.ts";
import { printPayload } from "../../printPayload.ts";
import { isSilenced } from "../../visibleRun.ts";

type Outgoing = Step["sent"][number];

export interface Unmatched {
  readonly rewritten: ReadonlySet<LogicalMessage>;
  readonly original: ReadonlySet<Outgoing>;
}

export const NOTHING_UNMATCHED: Unmatched = { rewritten: new Set(), original: new Set() };

/** By content: an equal message of the other run, whoever sent it, is a match for the first that was sent. */
export function findUnmatched(run: SimulatedRun, steps: ReadonlyMap<Activation, Step>): Unmatched {
  const sent = run.activations.flatMap(({ fragments }) => fragments.flatMap((fragment) => fragment.sent));
  const expected = [...steps.values()].flatMap((step) => step.sent);
  // What a crash or a loss kept from leaving, the network of the original has lost.
  const excused = new Set([...steps].flatMap(([activation, step]) => (isSilenced(activation) ? step.sent : [])));
  const contentOfSent = ({ from, to, handler, payload }: LogicalMessage): string => print(from, to, handler, payload);
  const contentOfExpected = ({ from, destination, handler, payload }: Outgoing): string =>
    print(from, destination, handler, payload);
  return {
    rewritten: new Set(without(sent, contentOfSent, expected.map(contentOfExpected))),
    original: new Set(
      without(expected, contentOfExpected, sent.map(contentOfSent)).filter((message) => !excused.has(message)),
    ),
  };
}

/** The items that are left when each of the others has taken one away. */
function without<T>(items: readonly T[], contentOf: (item: T) => string, others: readonly string[]): readonly T[] {
  const taken = new Map<string, number>();
  for (const content of others) taken.set(content, (taken.get(content) ?? 0) + 1);
  return items.filter((item) => {
    const content = contentOf(item);
    const left = taken.get(content) ?? 0;
    taken.set(content, left - 1);
    return left <= 0;
  });
}

interface Address {
  readonly role: string;
  readonly id: string;
}

function print(from: Address, to: Address, handler: string, payload: Uint8Array): string {
  return `${from.role}/${from.id} ${to.role}/${to.id} ${handler} ${printPayload(decodePayload(payload))}`;
}
