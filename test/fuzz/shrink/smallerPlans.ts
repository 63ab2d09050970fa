import type { FuzzedPlan, PlannedComponent } from "../plans.ts";

/** Plans that ask for one thing less. */
export function* smallerPlans({ roles }: FuzzedPlan): Generator<FuzzedPlan> {
  for (const i of roles.keys()) if (roles.length > 1) yield { roles: roles.toSpliced(i, 1) };
  for (const [i, { role, components }] of roles.entries()) {
    const replace = (by: readonly PlannedComponent[]): FuzzedPlan => ({
      roles: roles.with(i, { role, components: by }),
    });
    for (const j of components.keys()) if (components.length > 1) yield replace(components.toSpliced(j, 1));
    for (const [j, component] of components.entries()) {
      const { moves = [], hold, by: _by, into, ...rest } = component;
      const { hold: _hold, ...unheld } = component;
      if (moves.length > 0 && into !== undefined) yield replace(components.with(j, { ...rest, moves }));
      if (hold === true) yield replace(components.with(j, unheld));
      for (const k of moves.keys()) {
        if (moves.length > 1) yield replace(components.with(j, { ...component, moves: moves.toSpliced(k, 1) }));
      }
      if (into === 3) yield replace(components.with(j, { ...component, into: 2 }));
    }
  }
}
