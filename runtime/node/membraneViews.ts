/** Which view stands for which container. A container has one view for as long as it lives. */
import { COLLECTION_VIEW } from "../codec/plainData.ts";
import type { TrackedCollection } from "./trackedCollection.ts";

/** On a Map or Set itself: twenty times faster to look up than a WeakMap, and nothing enumerates their properties. */
const VIEW = Symbol("riven.view");
type Viewed = { [VIEW]?: object };

/** Views of records, of arrays, and of collections that cannot be extended. */
const views = new WeakMap<object, object>();
const proxied = new WeakMap<object, object>();

export function viewOf(raw: object): object | undefined {
  return (raw as Viewed)[VIEW] ?? views.get(raw);
}

/** The container behind a view; undefined when `value` is no view. */
export function rawOf(value: object): object | undefined {
  return (value as { readonly [COLLECTION_VIEW]?: object })[COLLECTION_VIEW] ?? proxied.get(value);
}

export function rememberView(raw: object, view: TrackedCollection): object {
  if (Object.isExtensible(raw)) (raw as Viewed)[VIEW] = view;
  else views.set(raw, view);
  return view;
}

export function rememberProxy(raw: object, proxy: object): object {
  views.set(raw, proxy);
  proxied.set(proxy, raw);
  return proxy;
}
