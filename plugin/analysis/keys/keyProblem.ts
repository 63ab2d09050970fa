/** What the search for keys works on. */
import type { Handler, Role } from "../../model/protocol.ts";
import { inferFootprint, type Footprint } from "../inferFootprints.ts";
import type { KeyScope } from "../dependencies/keyScope.ts";

/** The handlers of a component, and everything that they touch. */
export interface KeyProblem {
  readonly role: Role;
  readonly handlers: ReadonlyMap<string, Handler>;
  readonly footprints: ReadonlyMap<string, Footprint>;
  /** What keys may be; undefined: columns as they arrive, and the sender. */
  readonly scope: KeyScope | undefined;
}

/** @param apart Fields that are not spread: what the handlers do to them is left out. */
export function keyProblem(
  role: Role,
  handlers: readonly string[],
  apart: ReadonlySet<string> = NONE,
  scope?: KeyScope,
): KeyProblem {
  const mine = role.handlers.filter(({ name }) => handlers.includes(name));
  const footprint = (handler: Handler): Footprint => {
    const all = inferFootprint(role, handler);
    return { ...all, accesses: all.accesses.filter(({ cell }) => !apart.has(cell.field)) };
  };
  return {
    role,
    handlers: new Map(mine.map((handler) => [handler.name, handler])),
    footprints: new Map(mine.map((handler) => [handler.name, footprint(handler)])),
    scope,
  };
}

const NONE: ReadonlySet<string> = new Set();
