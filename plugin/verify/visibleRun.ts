/** What of a run has to be explained by one of the original. */
import type { Deployment } from "../../runtime/deployment.ts";
import type { Activation, Fragment, SimulatedRun } from "../../runtime/simulator/index.ts";
import { isCoordinator, ownFragments } from "./replication.ts";

/**
 * A run without the activations that, as far as anybody can tell, never happened: their message was lost on its way,
 * between two nodes or between two parts of one, or a crash has undone all that they did. In the original their message
 * was lost.
 *
 * Of an activation of which something remains, everything has to be explained. What is missing then are messages that
 * were lost: those of fragments that never ran, and those that were held back when their process died.
 */
export function visibleRun(run: SimulatedRun): SimulatedRun {
  const activations = run.activations.filter((activation) => !neverHappened(run.deployment, activation));
  return activations.length === run.activations.length ? run : { ...run, activations };
}

/** What a coordinator has not decided before it crashed is decided no more. */
function neverHappened(deployment: Deployment, activation: Activation): boolean {
  const { cause, fragments, undone, lostForwards } = activation;
  const isUndecided = fragments.some(
    ({ instance, durability }) => durability.held > 0 && isCoordinator(deployment, instance),
  );
  if (lostForwards === 0 && undone.length === 0 && !isUndecided) return false;
  // A node that starts, or comes back, runs these handlers, whatever becomes of what they send.
  if (cause.kind === "start" || cause.kind === "recover") return false;
  return ownFragments(deployment, fragments).every(hasNoEffect);
}

function hasNoEffect({ accesses, sent, failure, durability: { wroteRecord, held } }: Fragment): boolean {
  const onlyReads = accesses.every(({ kind }) => kind === "read");
  return onlyReads && sent.length === 0 && !wroteRecord && held === 0 && failure === undefined;
}

/** Whether messages of an activation may have been lost before they left. */
export function isSilenced({ fragments, undone, redone, lostForwards }: Activation): boolean {
  return (
    lostForwards > 0 || undone.length + redone.length > 0 || fragments.some(({ durability }) => durability.held > 0)
  );
}

/**
 * A fragment that a crash has made forget what it wrote down, or what it read of that, although something that it sent
 * had left. Nobody may ever have heard of it.
 */
export function findSeenThoughLost({
  activations,
}: SimulatedRun): { readonly activation: Activation; readonly fragment: Fragment } | undefined {
  for (const activation of activations) {
    for (const fragment of [...activation.fragments, ...activation.undone, ...activation.redone]) {
      if (fragment.durability.lost && fragment.durability.left) return { activation, fragment };
    }
  }
  return undefined;
}
