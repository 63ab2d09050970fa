/**
 * The handlers by which a coordinator and the partitions of its component talk to each other, on ordered channels. No
 * author can write such a name. The message that is coordinated travels under its own.
 */

/**
 * - `prepare`: the coordinator asks a partition to handle nothing but the message of this round from now on
 * - `vote`: the partition does so, and says it
 * - `release`: the coordinator has repeated all that was decided in earlier lives; a partition that has just started may
 *   begin to handle messages
 */
export type CoordinationKind = "prepare" | "vote" | "release";

const PREFIX = "#";

/** @param component the component whose partitions are coordinated */
export function coordinationHandler(kind: CoordinationKind, component: string): string {
  return `${PREFIX}${kind} ${component}`;
}

/** What kind of handler of the runtime this is; undefined when it is one of the protocol. */
export function coordinationKind(handler: string): CoordinationKind | undefined {
  if (!handler.startsWith(PREFIX)) return undefined;
  return handler.slice(PREFIX.length).split(" ", 1)[0] as CoordinationKind;
}
