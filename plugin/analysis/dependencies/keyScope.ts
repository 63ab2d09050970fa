/** What is known of the columns of each message that a component handles. */
import { findHandler, type Protocol, type Role } from "../../model/protocol.ts";
import type { FlowEdge, Sender } from "../inferMessageFlow.ts";
import { declaredDependencies, restsOn } from "./declaredDependencies.ts";
import { inferDependencies, messageName, type Dependencies } from "./inferDependencies.ts";
import type { Equation } from "./equations.ts";

/** What keys may be, besides columns as they arrive and the sender: functions of them. */
export interface KeyScope {
  /** What holds for every message of each handler. */
  readonly equations: ReadonlyMap<string, readonly Equation[]>;
  /** What holds for some messages, or could not be relied on, and why. */
  readonly unreliable: ReadonlyMap<string, readonly UnreliableEquation[]>;
}

export interface UnreliableEquation extends Equation {
  readonly why:
    | { readonly kind: "sender"; readonly by: Sender }
    /** Declared, but it may be true only because the component is one. */
    | { readonly kind: "rests"; readonly from: string; readonly to: string; readonly path: readonly FlowEdge[] };
}

/** A component, as far as it matters to its keys. */
export interface KeyedComponent {
  readonly protocol: Protocol;
  /** The role as the component sees it, and as it was written. */
  readonly role: Role;
  readonly original: Role;
  readonly handlers: readonly string[];
  /** Those of `handlers` that are pieces of handlers whose messages enter elsewhere. */
  readonly fragments: readonly { readonly name: string; readonly handler: string }[];
}

export function keyScopeOf(component: KeyedComponent): KeyScope {
  const { protocol, original, handlers, fragments } = component;
  const dependencies = dependenciesOf(protocol);
  const originalOf = (name: string): string => fragments.find((one) => one.name === name)?.handler ?? name;
  const known = handlers.map((name) => {
    const handler = findHandler(original, originalOf(name));
    if (handler?.trigger.kind !== "message") return { name, kept: [], unreliable: [] };
    const inferred = dependencies.get(messageName(original.name, handler.name)) ?? { kept: [], refuted: [] };
    const declared = declaredDependencies(handler);
    const path = declared.length === 0 ? undefined : restsOn({ ...component, originalOf }, handler.name);
    return {
      name,
      kept: [...inferred.kept, ...(path === undefined ? declared : [])],
      unreliable: [
        ...inferred.refuted.map(({ by, ...equation }): UnreliableEquation => ({
          ...equation,
          why: { kind: "sender", by },
        })),
        ...(path === undefined
          ? []
          : declared.map(({ from, to, ...equation }): UnreliableEquation => ({
              ...equation,
              why: { kind: "rests", from, to, path },
            }))),
      ],
    };
  });
  return {
    equations: new Map(known.map(({ name, kept }) => [name, kept])),
    unreliable: new Map(known.map(({ name, unreliable }) => [name, unreliable])),
  };
}

const inferred = new WeakMap<Protocol, Dependencies>();

/** A protocol is asked about many times in a search, and does not change. */
function dependenciesOf(protocol: Protocol): Dependencies {
  const found = inferred.get(protocol) ?? inferDependencies(protocol);
  inferred.set(protocol, found);
  return found;
}
