/** The object that the class of a component constructs: how it is made, and what is called on it. */
import type { Trigger } from "../../decorators/markers.ts";
import type { DeployedComponent } from "../deployment.ts";
import { printInstance, type DeployedInstance } from "../routing/address.ts";
import type { NodeReference } from "./references.ts";

export type Method = (this: object, payload?: unknown, from?: NodeReference) => unknown;

/** By the names of the timers of a role: their handlers, undefined for those of other components. */
export function handlersOfTimers(
  triggers: readonly { readonly handler: string; readonly component: string; readonly trigger: Trigger }[],
  component: string,
): ReadonlyMap<string, string | undefined> {
  return new Map(
    triggers.flatMap(({ handler, trigger, component: owner }) =>
      trigger.kind === "after" ? [[trigger.timer, owner === component ? handler : undefined]] : [],
    ),
  );
}

/** The methods of these names. @throws Error when one is missing. */
export function findMethods(
  object: object,
  instance: DeployedInstance,
  names: readonly string[],
): ReadonlyMap<string, Method> {
  return new Map(
    names.map((name) => {
      const method: unknown = Reflect.get(object, name);
      if (typeof method !== "function") {
        throw new Error(
          `${printInstance(instance)}: its class ${object.constructor.name} has no method ${name}, which the routing table sends to it.`,
        );
      }
      return [name, method as Method];
    }),
  );
}

export function constructComponent({ componentClass, configuration }: DeployedComponent): object {
  const constructor = componentClass as new (...configuration: readonly unknown[]) => object;
  return new constructor(...configuration);
}

/** Whether a method was asynchronous, which no handler may be. */
export function isPromise(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && typeof (value as { readonly then?: unknown }).then === "function"
  );
}
