/** Objects of which there are many, under keys. */
import { keyOfValue } from "../plainValue.ts";

export interface Keyed {
  /** Which object is meant, when there are many; plain data. */
  readonly key?: unknown;
}

/** What a model needs for that. */
export const keyed = { partition: ({ key }: Keyed): unknown => keyOfValue(key ?? null) };
