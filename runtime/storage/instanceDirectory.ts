import { join } from "node:path";
import type { InstanceAddress } from "../routing/address.ts";

/** The directory of an instance's log. */
export function instanceDirectory(data: string, { role, id, component, partition }: InstanceAddress): string {
  return join(data, ...[role, id, `${component}.${String(partition)}`].map(fileName));
}

/** Ids are any text, and a name such as `..` must not lead elsewhere. */
export function fileName(text: string): string {
  return encodeURIComponent(text).replaceAll(/^\.+$/g, (dots) => "%2E".repeat(dots.length));
}
