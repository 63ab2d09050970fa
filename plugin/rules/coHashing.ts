/**
 * Co-hashing: the state and the messages of a component are spread by one key. (Chu et al., section 4.1, appendix B.1.)
 *
 * Precondition: every handler has a key, a column (or tuple of columns) of its message or its sender, and every field a
 * position, such that each access of each handler to the field has the handler's key at that position; columns are taken
 * exactly as they arrive (functions of them are the matter of `dependencies.ts`). So there is no access without a key: no size, no iteration, no clearing, no reassignment of the
 * whole, no counter. Handlers that touch no mutable state need no key. Timers and start handlers run on the first
 * partition, and their state, if any, is touched by nothing else in the component. Handlers that are `@Fifo` are routed
 * by their sender, all by it alone, and no handler sends to one. Nothing in the component is not understood.
 * Whether a one-shot timer is pending is a cell too, under the key that it was armed with: so a timer without a key is
 * state without a key, and the handler of one with a key has that for its key. A recovery handler consists of loops over
 * whole collections, each turn of which touches, arms and sends only what belongs to its own entry (see
 * `analysis/recoveryObstacles.ts`), it changes nothing that survives a crash, and it cannot throw. Journals are no state,
 * since nobody reads them.
 *
 * τ(a) = the instant at which the only fragment of a ran.
 * - Conflict order: let two activations touch a common cell. Both accesses have, at the position of the cell's field, the
 *   key of their message; it is the same value, the container keeps apart what routing keeps apart, so both messages went
 *   to one partition. There they ran one after the other. The state of timers is on the first partition only. No cell has
 *   copies, since initial values are equal everywhere and a cell is only ever touched on one partition.
 * - Causal order: messages leave when the handler returns, and are consumed after that. A timer fires on the partition that
 *   armed it, which is the one that keeps what is under its key, and later than it was armed.
 * - External order: an output is received after the activation that sent it, and what an external node sends after that is
 *   consumed later still.
 * - Channel order: all messages of one logical sender to `@Fifo` handlers go to one partition, over one channel; and no
 *   partition sends to a `@Fifo` handler, which would have to see the messages of all partitions in one order.
 * Every edge goes from an earlier τ to a later one, so there is no cycle.
 *
 * Recovery: the handler of the original is one activation r, here one fragment r_p for each partition p. Its turns commute,
 * for they touch cells of different keys, and nothing passes between them; so r is the turns of all r_p in any order.
 * Each r_p is the first thing that p does in an incarnation. Hence every activation that conflicts with a turn, in that incarnation,
 * comes after it on the same partition; and what a turn depends on are durable cells, which hold what the earlier incarnation
 * had made stable. r can be put before all activations of its incarnation: an edge into it would have to come from one of
 * them, by a message that it consumes (none), or by a cell that it observes (all of them later). A sync that covers only
 * what one activation read or wrote is enough: cells of different keys are never read together. A crash may come when some
 * r_p have run and others have not. What they sent others omitted to send; what they changed in memory is gone, and so are
 * their timers; and what survives they do not change, or r would have happened by halves. A partition that loses no state
 * in a crash comes back alone: then its r_p stands for an r whose other turns sent nothing (an omission of a node that
 * failed) and armed timers that were armed already, or that do not fire.
 *
 * A partition answers under the logical id of its node, so nobody can tell partitions apart, count them, or miss one.
 */
import { concernsFunctions, spreadByKeys } from "./spreadByKeys.ts";
import type { PartitioningRule } from "./rule.ts";

export const coHashing: PartitioningRule = {
  name: "co-hashing",
  mechanism: "Senders compute the partition from the key of the message; the code of the component is unchanged.",
  concerns: () => true,
  decide: (step) => {
    const verdict = spreadByKeys(step, coHashing.name, undefined);
    // Where there are functions of columns, the rule about them asks for less and knows more about what is missing.
    return verdict.kind === "refused" && concernsFunctions(step) ? { kind: "refused", refusals: [] } : verdict;
  },
};
