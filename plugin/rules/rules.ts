/** All rules. This list is the only place that knows them together. */
import { coHashing } from "./coHashing.ts";
import { functional } from "./functional.ts";
import { mutuallyIndependent } from "./mutuallyIndependent.ts";
import type { DecouplingRule, PartitioningRule } from "./rule.ts";

export const decouplingRules: readonly DecouplingRule[] = [mutuallyIndependent, functional];

/** In the order in which they are tried: the first that proves a step is the one that is used. */
export const partitioningRules: readonly PartitioningRule[] = [coHashing];
