/** All rules. This list is the only place that knows them together. */
import { asymmetric } from "./asymmetric.ts";
import { coHashing } from "./coHashing.ts";
import { dependencies } from "./dependencies.ts";
import { functional } from "./functional.ts";
import { monotonic } from "./monotonic.ts";
import { mutuallyIndependent } from "./mutuallyIndependent.ts";
import { partialPartitioning } from "./partialPartitioning.ts";
import type { DecouplingRule, PartitioningRule } from "./rule.ts";
import { stateMachine } from "./stateMachine.ts";

/** Rules that are about the same thing are tried in this order: the first that proves its part of a step is used. */
export const decouplingRules: readonly DecouplingRule[] = [
  mutuallyIndependent,
  functional,
  monotonic,
  stateMachine,
  asymmetric,
];

/** In the order in which they are tried: the first that proves a step is the one that is used. */
export const partitioningRules: readonly PartitioningRule[] = [coHashing, dependencies, partialPartitioning];
