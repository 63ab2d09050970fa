import type { Chooser, Choices, Concern } from "./chooser.ts";

/** Remembers what another chooser chose. */
export function recordChoices(chooser: Chooser): { readonly chooser: Chooser; readonly choices: Choices } {
  const choices = { schedule: [] as number[], network: [] as number[], workload: [] as number[] };
  return {
    choices,
    chooser: {
      choose(n, concern) {
        const choice = chooser.choose(n, concern);
        choices[concern].push(choice);
        return choice;
      },
    },
  };
}

/**
 * Repeats recorded choices. A choice that does not fit (a shrunk recording leads elsewhere) is taken modulo `n`, and
 * where the recording has ended the first alternative is chosen, so that every list of numbers is a run.
 */
export function replayChooser(choices: Choices): Chooser {
  const next: Record<Concern, number> = { schedule: 0, network: 0, workload: 0 };
  return {
    choose(n, concern) {
      const choice = choices[concern][next[concern]++] ?? 0;
      return choice % n;
    },
  };
}
