/** Clients that tell what they see, whatever system they are clients of. */
import { NodeReference } from "../../../runtime/node/references.ts";
import { roleOf, triggersOf } from "../../../runtime/routing/roleHandlers.ts";
import type { ClientDriver, ExternalEvent, SystemDefinition } from "../../../runtime/system.ts";

type Tell = (event: ExternalEvent) => void;
type Address = ExternalEvent["node"];
type Method = (this: unknown, ...args: unknown[]) => unknown;

/** The same system, with clients that tell of every message that they send, and that they receive. */
export function withRecordingClients(system: SystemDefinition, tell: Tell): SystemDefinition {
  const { driver: Driver } = system.clients;
  const role = roleOf(Driver).name;
  class Recording extends Driver implements ClientDriver {
    override request(n: number): string {
      return super.request.call(recorder(this, role, tell), n);
    }
  }
  for (const handler of triggersOf(Driver).keys()) {
    const handle = Reflect.get(Driver.prototype, handler) as Method;
    Object.defineProperty(Recording.prototype, handler, {
      configurable: true,
      writable: true,
      value(this: object, payload: unknown, from: NodeReference): unknown {
        tell({ kind: "received", node: addressOf(this, role), other: target(from), message: handler, payload });
        return handle.call(recorder(this, role, tell), payload, from);
      },
    });
  }
  return { ...system, clients: { driver: Recording } };
}

/** The client, as its own code sees it: what it sends through its fields is told of. */
function recorder<T extends object>(client: T, role: string, tell: Tell): T {
  const send = (other: NodeReference, message: string, payload: unknown): void => {
    tell({ kind: "sent", node: addressOf(client, role), other: target(other), message, payload });
  };
  return new Proxy(client, {
    get: (object, key) => observed(Reflect.get(object, key), send),
    set: (object, key, value) => Reflect.set(object, key, value),
  });
}

type Send = (other: NodeReference, message: string, payload: unknown) => void;

function observed(value: unknown, send: Send): unknown {
  if (value instanceof NodeReference) return observedReference(value, send);
  if (isMembership(value)) {
    return {
      size: value.size,
      ids: value.ids,
      at: (id: string) => observedReference(value.at(id), send),
      [Symbol.iterator]: () => [...value].map((reference) => observedReference(reference, send))[Symbol.iterator](),
    };
  }
  return value;
}

function observedReference(reference: NodeReference, send: Send): NodeReference {
  return new Proxy(reference, {
    get(object, key) {
      const member: unknown = Reflect.get(object, key, object);
      if (typeof member !== "function" || typeof key === "symbol") return member;
      return (payload: unknown): void => {
        send(reference, key, payload);
        (member as Method).call(reference, payload);
      };
    },
  });
}

interface Membership extends Iterable<NodeReference> {
  readonly size: number;
  readonly ids: readonly string[];
  at(id: string): NodeReference;
}

function isMembership(value: unknown): value is Membership {
  return typeof value === "object" && value !== null && "ids" in value && "at" in value;
}

/** A client knows itself when its driver has a field for it; those of one process are told apart by that. */
function addressOf(client: object, role: string): Address {
  const self: unknown = Reflect.get(client, "self");
  const id = typeof self === "object" && self !== null && "id" in self ? String(self.id) : "";
  return { role, id };
}

function target(reference: NodeReference): Address {
  const { role, id } = NodeReference.targetOf(reference);
  return { role, id };
}
