/**
 * Partial partitioning: a part of the state has a copy on every partition, the rest is spread. (Chu et al., section 4.3,
 * appendix B.3.)
 *
 * Precondition: the fields are divided in copies R and spread fields K. Handlers that write R, or concern all of K, are replicated: all
 * partitions run them. A replicated handler is understood and has no journal, no one-shot timer without a key, no forward. What it writes of R depends on R,
 * the message and configuration only. Of K it touches entries in loops over all of it, each turn its own entry and nothing that
 * other turns change; it may clear K; and it may list K in what it sends (see `rules/sealing.ts`). Every other send depends on nothing of K (one
 * partition sends it), or is sent in such a loop (each partition sends its own). It throws on all partitions or on none. All
 * other handlers are keyed, by the rules of co-hashing and dependencies, once R is taken for configuration: they do not write it.
 * Loops and lists go over fields that are spread by their first key, which start empty. Timers that write R or concern
 * K are replicated; others run on the first partition, with its copy of R. So do start handlers; one that would be replicated is refused: it comes
 * before all messages of its node, and a partition would handle some before it hears of the round. Recovery handlers read R, and touch K only as under
 * co-hashing. All state is durable, or none.
 *
 * Mechanism: a coordinator takes the messages of replicated handlers, numbers them, has all partitions vote, and then
 * commit in the order of the numbers. A partition that has voted keeps everything else that arrives until it has applied.
 *
 * τ(a) of a replicated activation = when the first partition applied it; of any other, when its only fragment ran.
 * Say that p is stopped for a from its vote for a until it applies a. All votes come before the first commit, so at τ(a) every partition
 * is stopped for a, and until it applies a it handles nothing but replicated activations of smaller numbers; these were applied somewhere
 * before τ(a), since commits go out in order.
 * - Conflict order. Two replicated activations: all partitions apply them in the order of their numbers, and so are their τ. Two
 *   keyed ones touch a common cell of K on one partition only, one after the other; of R they write nothing. A replicated a and a keyed b on
 *   partition p: their fragments on p run one after the other. If b ran before a on p, it ran before p voted, so before τ(a). If it ran after, then
 *   after τ(a). So every copy of R shows what was written by the activations of smaller τ, and all copies are equal whenever anybody
 *   looks: they are written by the same handlers, in the same order, from the same values. Turns of loops on different partitions
 *   touch different cells; the effects of a on K are those of one loop over all, in some order, and none sees the order.
 * - Causal order. What a sends leaves a partition after it has applied a, hence after τ(a); what is sealed is complete later still.
 *   A keyed activation that consumes it runs after that. On a partition that has not applied a yet it waits. A replicated one gets a larger
 *   number, or was numbered before and then does not consume it. Timers that a arms fire where they were armed, later.
 * - External order. An output of a is received after τ(a), and what an external node sends then is handled after that.
 * - Channel order. No replicated handler is `@Fifo`, and nothing here sends to one; keyed ones are as in co-hashing. Ordered forwards
 *   to keyed fragments are kept in their order while a partition is stopped.
 * Every edge goes from an earlier τ to a later one, so there is no cycle.
 *
 * Quiescence: a partition is stopped only while a commit that will come is on its way; coordinator and partitions do not survive each other, so it comes.
 * Durability and crashes: the coordinator and the partitions are ends of channels with state: a crash of one is a crash of the node.
 * If no state is durable, nothing survives, as in P. If all is, the coordinator makes an input stable before the first commit leaves, so
 * no effect of a is seen by anybody before it is certain that a will be applied everywhere; a partition makes the number of a round stable
 * together with what it wrote, so that a repetition is skipped where it was done. A node that comes back first repeats what is missing, in
 * order: then all copies are equal, and a has been applied wholly or (if it never was stable) not at all. What it sent may be lost, which is an omission.
 */
import { keyScopeOf } from "../analysis/dependencies/keyScope.ts";
import { names } from "../analysis/quote.ts";
import { inferFootprint } from "../analysis/inferFootprints.ts";
import { divisionsOf, type Division } from "../analysis/replication/divideState.ts";
import { judgeReplicated, type ReplicatedJudgement } from "../analysis/replication/replicatedHandler.ts";
import {
  findStartingEntries,
  findUnspreadable,
  type DivisionObstacle,
} from "../analysis/replication/divisionObstacles.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Partitioning, Proof, ReplicatedSend } from "../model/component.ts";
import type { Handler } from "../model/protocol.ts";
import { refuseDivision, refuseReplication, refuseSealing } from "./refusals/replicationRefusals.ts";
import { orderedSends } from "./refusals/fifoApart.ts";
import { judgeSealing, type SealObstacle } from "./sealing.ts";
import { spreadByKeys } from "./spreadByKeys.ts";
import type { PartitioningRule, Spreading } from "./rule.ts";

export const partialPartitioning: PartitioningRule = {
  name: "partial partitioning",
  mechanism:
    "Every partition has a copy of the state without keys; a coordinator has all of them handle what changes it, in one order, while they stand still.",
  concerns: ({ role, handlers }) => divisionsOf(role, handlers).length > 0,
  decide: (step) => {
    let almost: readonly Finding[] | undefined;
    for (const { refusals, isAlmost, proof, outcome } of attempts(step)) {
      if (refusals.length === 0) return { kind: "proved", proof, outcome };
      almost ??= isAlmost ? refusals : undefined;
    }
    return almost === undefined
      ? { kind: "refused", refusals: [] }
      : { kind: "refused", refusals: almost, almost: true };
  },
};

/**
 * What comes of the division that is refused for the best reasons, as if it were not: what cannot be sent in parts, the first partition sends.
 * Only for tests of the verifier. Undefined: what has no copies could not be spread anyway.
 */
export function forceReplication(step: Spreading): Partitioning | undefined {
  for (const { isAlmost, outcome } of attempts(step)) if (isAlmost) return outcome;
  return undefined;
}

interface Attempt {
  /** Not empty: it is wrong. */
  readonly refusals: readonly Finding[];
  /** Whether it is worth saying: somebody has meant that all partitions do this together. */
  readonly isAlmost: boolean;
  readonly proof: Proof;
  readonly outcome: Partitioning;
}

/** Each way to divide the state, the smallest one first. */
function* attempts(step: Spreading): Generator<Attempt> {
  for (const division of divisionsOf(step.role, step.handlers)) {
    const attempt = tryDivision(step, division);
    if (attempt !== undefined) yield attempt;
  }
}

/** Undefined: what is left when the copies are left out cannot be spread by keys either. */
function tryDivision(step: Spreading, division: Division): Attempt | undefined {
  const judged = division.replicated.map((handler) => ({ handler, ...judgeReplicated(handler, division.state) }));
  const isKeyed = (one: ReplicatedJudgement): boolean => one.obstacles.some(({ flaw }) => flaw.kind === "keyed");
  const everywhere = judged.filter((one) => !isKeyed(one));
  const torn = judged.filter(isKeyed);
  // A handler with a key is judged as if it did not write the copies: whether that alone is the matter.
  const keyed = [...division.others, ...torn.map(({ handler }) => handler)];
  if (everywhere.length === 0 || !hasKeyedState(division, keyed)) return undefined;
  const rest = spreadByKeys(withoutCopies(step, division, keyed), partialPartitioning.name, keyScopeOf(step));
  if (rest.kind === "refused") return undefined;
  const sealed = everywhere.flatMap((one) => one.sealed);
  const seals = sealed.flatMap((send) => judgeSealing(step.protocol, send));
  const divided: readonly DivisionObstacle[] = [
    ...findUnspreadable(division, rest.outcome),
    ...findStartingEntries(step.protocol, division),
    ...runsElsewhere(step, division),
  ];
  const refusals = [
    ...judged.flatMap((one) => one.obstacles.map((obstacle) => refuseReplication(step, division, obstacle))),
    ...divided.map((obstacle) => refuseDivision(step, division, obstacle)),
    ...distinctSeals(seals).map((obstacle) => refuseSealing(step, obstacle)),
  ];
  const handlers = Object.fromEntries(everywhere.map(({ handler, sends }) => [handler.name, { sends }]));
  return {
    refusals,
    isAlmost: isMeant(division, everywhere),
    proof: prove(step, division, rest.proof, everywhere),
    outcome: { ...rest.outcome, replication: { coordinator: "coordinator", fields: [...division.copies], handlers } },
  };
}

function isMeant(
  { copies }: Division,
  everywhere: readonly (ReplicatedJudgement & { readonly handler: Handler })[],
): boolean {
  // A timer without a key cannot be had in any division: it is better to say that by itself.
  if (everywhere.some(({ obstacles }) => obstacles.some(({ flaw }) => flaw.kind === "timer"))) return false;
  return everywhere.some(
    ({ handler, sealed }) => sealed.length > 0 || (copies.size > 0 && handler.trigger.kind === "message"),
  );
}

/** What is in all partitions is the same for all activations between two that change it: like configuration. */
function withoutCopies(step: Spreading, { copies }: Division, handlers: readonly Handler[]): Spreading {
  const mine = new Set(handlers.map(({ name }) => name));
  const fields = step.role.fields.map((field) =>
    copies.has(field.name) ? { ...field, is: { kind: "configuration" } as const } : field,
  );
  return {
    ...step,
    role: { ...step.role, fields },
    handlers: step.handlers.filter((name) => mine.has(name)),
    fragments: step.fragments.filter(({ name }) => mine.has(name)),
  };
}

/** Otherwise every message would run on all partitions, or the entries on none. */
function hasKeyedState({ state }: Division, handlers: readonly Handler[]): boolean {
  return handlers.some(
    (handler) =>
      handler.trigger.kind === "message" &&
      inferFootprint(state.role, handler).accesses.some(({ cell }) => state.fields.has(cell.field)),
  );
}

/** Pieces of other handlers, and handlers of which a piece is elsewhere; and sends that have to stay in order. */
function runsElsewhere(step: Spreading, { replicated }: Division): readonly DivisionObstacle[] {
  return replicated.flatMap((handler): readonly DivisionObstacle[] => {
    const { name } = handler;
    const isPiece = step.fragments.some((fragment) => fragment.name === name);
    const forwards = step.forwarding?.includes(name) === true;
    const ordered = orderedSends(step.protocol, step.role, name);
    return [
      ...(isPiece || forwards ? [{ kind: "forwards", handler, span: handler.nameSpan } as const] : []),
      ...(handler.trigger.kind === "after" ? [{ kind: "one-shot", handler, span: handler.nameSpan } as const] : []),
      ...(handler.trigger.kind === "start" ? [{ kind: "start", handler, span: handler.nameSpan } as const] : []),
      ...ordered.map(({ span }) => ({ kind: "ordered-send", handler, span }) as const),
    ];
  });
}

function distinctSeals(obstacles: readonly SealObstacle[]): readonly SealObstacle[] {
  const placeOf = ({ seen, send }: SealObstacle): string => JSON.stringify(seen?.span ?? send.effect.span);
  return obstacles.filter((one, i) => obstacles.findIndex((other) => placeOf(other) === placeOf(one)) === i);
}

function prove(
  step: Spreading,
  { copies, others }: Division,
  keyed: Proof,
  everywhere: readonly (ReplicatedJudgement & { readonly handler: Handler })[],
): Proof {
  const fields = [...copies];
  const together = everywhere.map(({ handler }) => handler.name);
  const readers = others.filter((handler) =>
    inferFootprint(step.role, handler).accesses.some(({ cell }) => copies.has(cell.field)),
  );
  return {
    rule: partialPartitioning.name,
    statement:
      fields.length === 0
        ? `${names(together)} ${together.length === 1 ? "runs" : "run"} on all partitions of \`${step.component}\` at once; everything else it does under the key of the message.`
        : `${names(fields)} ${fields.length === 1 ? "is a copy" : "are copies"} on every partition of \`${step.component}\`; everything else it does under the key of the message.`,
    facts: [
      ...everywhere.map(({ handler }) => togetherFact(step, handler, copies)),
      ...everywhere.flatMap(({ handler, sends }) =>
        Object.entries(sends).map(([message, send]) => sendFact(handler, message, send)),
      ),
      ...keyed.facts,
      ...(readers.length === 0 || fields.length === 0
        ? []
        : [
            `${names(readers.map(({ name }) => name))} only ${readers.length === 1 ? "reads" : "read"} ${names(fields)}, on whatever partition.`,
          ]),
    ],
  };
}

function togetherFact({ role }: Spreading, handler: Handler, copies: ReadonlySet<string>): string {
  const writes = inferFootprint(role, handler).accesses.filter(
    ({ cell, write }) => write !== undefined && copies.has(cell.field),
  );
  const changed = [...new Set(writes.map(({ cell }) => cell.field))];
  const why = changed.length === 0 ? "concerns all entries" : `changes ${names(changed)}`;
  return `\`${handler.name}\` ${why}, so it runs on all partitions, while they stand still, in an order that a coordinator decides.`;
}

function sendFact({ name }: Handler, message: string, send: ReplicatedSend): string {
  switch (send.kind) {
    case "once":
      return `\`${message}\` of \`${name}\` depends on nothing that is spread: the first partition sends it.`;
    case "each":
      return `\`${message}\` of \`${name}\` is sent for single entries: each partition sends it for its own.`;
    case "sealed": {
      const columns = names(send.columns.map(({ path }) => path.join(".")));
      return `\`${message}\` of \`${name}\` lists all entries in ${columns}: each partition sends its part, and the receiver sees one message.`;
    }
  }
}
