/** Where a container hangs in the state, so that an observer can be told the path of what a handler touched. */
import { contentOf as contentOfLattice, isLattice } from "../../decorators/lattice.ts";
import { FieldSlot } from "./membraneFields.ts";
import type { CellPath, CellStep } from "./stateObserver.ts";
import { TrackedMap } from "./trackedMap.ts";
import { viewOf } from "./membraneViews.ts";

/** A container that holds, or held, another one. */
export interface Holder {
  readonly holder: object;
  readonly key: CellStep;
}

/** All paths that lead to a container now. A container that was taken out of the state has none. */
export function pathsTo(container: object, holders: WeakMap<object, Holder[]>): CellPath[] {
  const paths: CellPath[] = [];
  for (const { holder, key } of holders.get(container) ?? []) {
    if (holder instanceof FieldSlot) {
      if (holder.value === container) paths.push({ field: holder.name, keys: [] });
      continue;
    }
    if (isLattice(holder)) {
      // What a lattice consists of is found where the lattice is.
      if (contentOfLattice(holder) === container) paths.push(...pathsTo(holder, holders));
      continue;
    }
    const step = currentKey(holder, key, container);
    if (step === undefined) continue;
    for (const { field, keys } of pathsTo(holder, holders)) paths.push({ field, keys: [...keys, step.key] });
  }
  return paths;
}

/** Under which key `holder` has `container` now; elements of an array move, others stay where they are or leave. */
function currentKey(holder: object, key: CellStep, container: object): { readonly key: CellStep } | undefined {
  if (Array.isArray(holder)) {
    const index = holder.indexOf(container);
    return index < 0 ? undefined : { key: index };
  }
  return contentOf(holder, key) === container ? { key } : undefined;
}

function contentOf(holder: object, key: CellStep): unknown {
  if (holder instanceof Map) {
    const view = viewOf(holder);
    return view instanceof TrackedMap ? view.peek(key) : holder.get(key);
  }
  return (holder as { readonly [name: string]: unknown })[String(key)];
}
