/** What must hold of all nodes of Multi-Paxos in every run, whatever clients happen to see of it. */
import { decodePayload } from "../../../runtime/codec/payloadDecoder.ts";
import type { LogicalMessage, SimulatedRun } from "../../../runtime/simulator/index.ts";
import type { Command, Proposal, Session, Value } from "../../../samples/paxos/protocol.ts";

/** A message that somebody sent. */
export type Sent = Pick<LogicalMessage, "from" | "handler" | "payload">;

/** What is wrong with a run: nothing, if it agrees. */
export function findDisagreements(run: SimulatedRun): readonly string[] {
  const messages = run.activations.flatMap(({ fragments }) => fragments.flatMap(({ sent }) => sent));
  const committed = gatherValues(proposals(messages, "commit"), bySlot);
  return [...findDisagreementsAmong(messages, acceptorsOf(run)), ...wrongReplicas(run, committed)];
}

/** What is wrong with everything that was sent in a run of so many acceptors. */
export function findDisagreementsAmong(messages: readonly Sent[], acceptors: number): readonly string[] {
  const proposed = gatherValues(proposals(messages, "p2a"), ({ slot, ballot }) => `${slot} in ballot ${ballot}`);
  const chosen = gatherValues(chosenProposals(messages, acceptors), bySlot);
  const committed = gatherValues(proposals(messages, "commit"), bySlot);
  return [
    ...severalValues("proposed", proposed),
    ...severalValues("chosen", chosen),
    ...severalValues("committed", committed),
    ...[...committed].flatMap(([slot, values]) =>
      [...values].some((value) => chosen.get(slot)?.has(value) !== true)
        ? [`slot ${slot} was committed, not chosen`]
        : [],
    ),
  ];
}

/** How often replicas have taken another one's state, and how many slots were filled with nothing. */
export function countRarities(run: SimulatedRun): { readonly installs: number; readonly holes: number } {
  const messages = run.activations.flatMap(({ fragments }) => fragments.flatMap(({ sent }) => sent));
  return {
    installs: messages.filter(({ handler }) => handler === "install").length,
    holes: proposals(messages, "commit").filter(({ value }) => value === null).length,
  };
}

const bySlot = ({ slot }: Proposal): string => String(slot);

type Values = ReadonlyMap<string, ReadonlySet<string>>;

function proposals(messages: readonly Sent[], handler: string): readonly Proposal[] {
  return messages
    .filter((message) => message.handler === handler)
    .map(({ payload }) => decodePayload(payload) as Proposal);
}

function acceptorsOf({ deployment }: SimulatedRun): number {
  return new Set(deployment.instances.filter(({ role }) => role === "Acceptor").map(({ id }) => id)).size;
}

/** The proposals that a majority of the acceptors has voted for. */
function chosenProposals(messages: readonly Sent[], acceptors: number): readonly Proposal[] {
  const voters = new Map<string, Set<string>>();
  const votes = messages
    .filter(({ handler }) => handler === "p2b")
    .map(({ from, payload }) => ({ from, vote: decodePayload(payload) as Proposal & { promised: number } }))
    .filter(({ vote }) => vote.promised === vote.ballot);
  return votes.flatMap(({ from, vote }) => {
    const name = `${vote.slot}/${vote.ballot}`;
    const known = voters.get(name) ?? new Set();
    voters.set(name, known.add(from.id));
    return known.size > acceptors / 2 ? [vote] : [];
  });
}

function gatherValues(all: readonly Proposal[], name: (proposal: Proposal) => string): Values {
  const values = new Map<string, Set<string>>();
  for (const proposal of all) {
    const known = values.get(name(proposal)) ?? new Set();
    values.set(name(proposal), known.add(JSON.stringify(proposal.value)));
  }
  return values;
}

function severalValues(what: string, values: Values): readonly string[] {
  return [...values].flatMap(([name, all]) =>
    all.size > 1 ? [`${what}, slot ${name}: ${[...all].join(" and ")}`] : [],
  );
}

interface ReplicaState {
  readonly next: number;
  readonly store: ReadonlyMap<string, string>;
  readonly sessions: ReadonlyMap<string, Session>;
}

/** Replicas whose state is not what the log makes of an empty one, executing each command once. */
function wrongReplicas(run: SimulatedRun, committed: Values): readonly string[] {
  const replicas = [...run.durable].filter(([{ role }]) => role === "Replica");
  return replicas.flatMap(([{ id }, parts]) => {
    const fields = parts[0]?.fields;
    const next = fields?.get("next") as ReplicaState["next"];
    const store = fields?.get("store") as ReplicaState["store"];
    const log = Array.from({ length: next }, (_, slot) => [...(committed.get(String(slot)) ?? [])][0]);
    const hole = log.indexOf(undefined);
    if (hole >= 0) return [`${id} has executed slot ${hole}, which was never committed`];
    const expected = JSON.stringify(execute(log.map((value) => JSON.parse(value ?? "null") as Value)));
    const found = JSON.stringify(Object.fromEntries([...store].sort()));
    return expected === found ? [] : [`${id} has ${found} after ${next} slots, and should have ${expected}`];
  });
}

function execute(log: readonly Value[]): Readonly<Record<string, string>> {
  const store = new Map<string, string>();
  const executed = new Set<string>();
  for (const { client, sequence, operation } of log.filter((value): value is Command => value !== null)) {
    const name = `${client} ${sequence}`;
    if (executed.has(name)) continue;
    executed.add(name);
    if (operation.kind === "put") store.set(operation.key, operation.value);
    if (operation.kind === "append") store.set(operation.key, (store.get(operation.key) ?? "") + operation.value);
  }
  return Object.fromEntries([...store].sort());
}
