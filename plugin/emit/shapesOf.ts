import type { Component } from "../model/component.ts";
import { findHandler, type Handler, type Role } from "../model/protocol.ts";
import { EmissionError } from "./emissionError.ts";
import { shapeForward, type ForwardShape } from "./forwardShape.ts";

/** The forwards that a component receives: what each carries, and the handler that it was cut out of. */
export function shapesOf(
  role: Role,
  component: Component,
): readonly { readonly shape: ForwardShape; readonly handler: Handler }[] {
  return component.forwards.map((forward) => {
    const handler = findHandler(role, forward.handler);
    if (handler === undefined) {
      throw new EmissionError(
        `${forward.name} is cut out of ${forward.handler}, and ${role.name} has no such handler.`,
        forward.region,
      );
    }
    const route = component.partitioning?.keys[forward.name] ?? [];
    const awaited = forward.wakes?.flatMap(({ key }) => key) ?? [];
    return { shape: shapeForward(handler, forward, [...route, ...awaited]), handler };
  });
}
