/** What `@Forget` does stands in no statement: it goes where the writes go that it follows. */
import type { Access, Effect, HandlerBody, WriteEffect } from "../model/effect.ts";
import { contains } from "../model/span.ts";

/** These effects of a handler, with the deletions by `@Forget` of entries that they write. */
export function withForgetting({ effects }: HandlerBody, ids: Iterable<number>): ReadonlySet<number> {
  const together = new Set(ids);
  const written = new Set(
    effects.flatMap((effect) => (effect.kind === "write" && together.has(effect.id) ? [effect.cell.field] : [])),
  );
  for (const effect of effects) if (forgets(effect) && written.has(effect.cell.field)) together.add(effect.id);
  return together;
}

/** Whether something, such as an observation, is part of the condition of one of these deletions. */
export function isAskedBy({ effects }: HandlerBody, ids: ReadonlySet<number>, { span }: Pick<Access, "span">): boolean {
  return effects.some((effect) => forgets(effect) && ids.has(effect.id) && contains(effect.span, span));
}

function forgets(effect: Effect): effect is WriteEffect {
  return effect.kind === "write" && effect.forgets === true;
}
