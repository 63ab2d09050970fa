/** Chance without a source of chance: what is drawn under different names has nothing to do with each other. */
import { pure } from "riven";

/** A whole number from 0 up to `limit`, always the same for the same name. FNV-1a, with the final mixing of MurmurHash3. */
export const jitter = pure((name: string, limit: number): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % limit;
});
