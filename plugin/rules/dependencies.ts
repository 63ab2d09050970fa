/**
 * Dependencies: as co-hashing, with keys that are equal through functions. (Chu et al., section 4.2, appendix B.2.)
 *
 * Precondition: every handler has a route, a term t of columns of its message, its sender and constants, which senders can
 * evaluate (`analysis/dependencies/routeFunctions.ts`); and every field a position and a function φ of the key there, such that
 * each access of each handler to the field, under the key k, has φ(k) = t. φ is the identity, takes a part of a key that is put
 * together, from which the part can be told (`compoundKeys.ts`), applies a function to either, or is the function that a
 * handler declares by `@Determines`, which nobody knows, and so serves fields that only that handler touches. Terms are equal when
 * they are the same function of the same columns, or can be made so by what holds for the columns of every message of that name:
 * inferred from everything that sends it (`inferDependencies.ts`), or declared, unless the truth of the promise could rest on
 * the component that is partitioned (`declaredDependencies.ts`). Everything else is as in co-hashing: no access without a key,
 * timers, `@Fifo`, recovery (where fields whose entries one turn touches have one φ), nothing that is not understood.
 *
 * τ(a) = the instant at which the only fragment of a ran.
 * - Conflict order: let two activations touch a common cell, of a field with position p and function φ. A cell has one key
 *   k at p: keys of maps and sets are equal as routes are (SameValueZero; φ does not tell 0 from -0, see `signOfZero.ts`), and where
 *   a container makes strings of its keys they have one type. So φ(k) is one value; both activations were routed by
 *   it, though perhaps by different terms; so both ran on one partition, one after the other.
 *   Routes that two equal terms give are equal: a function of the language or of a module is what it is in every process, its
 *   arguments are strings, numbers, bigints and booleans, which arrive as they are sent, and equations hold in every message
 *   when it is sent, whatever component sends it (a rewrite computes what the handler as written computes).
 *   A promise that is broken is not the rewrite's doing, since nothing that the partitions say by their state leads to such a message.
 * - Causal, external and channel order: as in co-hashing, whose argument does not use what the keys are.
 * Every edge goes from an earlier τ to a later one, so there is no cycle.
 *
 * The evaluation of t cannot fail, so a sender never fails where the receiver would have.
 */
import { keyScopeOf } from "../analysis/dependencies/keyScope.ts";
import { concernsFunctions, spreadByKeys } from "./spreadByKeys.ts";
import type { PartitioningRule } from "./rule.ts";

export const dependencies: PartitioningRule = {
  name: "dependencies",
  mechanism:
    "Senders compute the partition from the message, by the function that the state is keyed by; the code of the component is unchanged.",
  concerns: concernsFunctions,
  decide: (step) => spreadByKeys(step, dependencies.name, keyScopeOf(step)),
};
