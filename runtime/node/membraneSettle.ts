/** Makes a container that an activation created part of the state. */
import { rawOf } from "./membraneViews.ts";
import type { CellStep } from "./stateObserver.ts";

type NoteHolder = (raw: object, holder: object, key: CellStep) => void;

/**
 * Replaces the views that a handler put into a container of its own by what they stand for, at any depth. Until the
 * activation ends they stay, so that what the handler does to them through that container is seen.
 */
export function settle(container: object, note: NoteHolder | undefined): void {
  if (Object.isFrozen(container) || container instanceof Uint8Array) return;
  if (container instanceof Map) {
    settleEntries(container, container, (key, raw) => container.set(key, raw), note);
  } else if (container instanceof Set) {
    for (const member of container) if (isObject(member)) settle(member, note);
  } else {
    settleEntries(container, Object.entries(container), (key, raw) => Reflect.set(container, key, raw), note);
  }
}

function settleEntries<K extends CellStep>(
  container: object,
  entries: Iterable<readonly [K, unknown]>,
  replace: (key: K, raw: object) => void,
  note: NoteHolder | undefined,
): void {
  for (const [key, value] of entries) {
    if (!isObject(value)) continue;
    const raw = rawOf(value);
    if (raw === undefined) {
      settle(value, note);
    } else {
      replace(key, raw);
      note?.(raw, container, key);
    }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
