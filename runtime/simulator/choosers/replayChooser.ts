import type { Chooser, Choices, Concern } from "../chooser.ts";

/** Remembers what another chooser chose. */
export function recordChoices(chooser: Chooser): { readonly chooser: Chooser; readonly choices: Choices } {
  const choices: Record<Concern, number[]> = { schedule: [], network: [], workload: [], faults: [] };
  return {
    choices,
    chooser: {
      choose(n, concern, among) {
        const choice = chooser.choose(n, concern, among);
        choices[concern].push(choice);
        return choice;
      },
    },
  };
}

/**
 * Repeats recorded choices, whoever made them. A choice that does not fit (a shrunk recording leads elsewhere) is taken
 * modulo `n`, and where the recording has ended, or a concern is missing, the first alternative is chosen, so that every
 * list of numbers is a run.
 */
export function replayChooser(choices: Partial<Choices>): Chooser {
  const next: Record<Concern, number> = { schedule: 0, network: 0, workload: 0, faults: 0 };
  return {
    choose(n, concern) {
      const choice = choices[concern]?.[next[concern]++] ?? 0;
      return choice % n;
    },
  };
}
