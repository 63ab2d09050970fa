/** Whether the code of a component gives the same result in whatever order, and however often, it handles its inputs. */
import { inferFootprint } from "../inferFootprints.ts";
import type { Role } from "../../model/protocol.ts";
import type { OrderObstacle, OrderSensitivity } from "./orderObstacle.ts";

/**
 * @param role Projected: its handlers are exactly the code of one component, and all state that they touch belongs to it.
 * @param input `forwarded` names the handlers that arrive as repeatable forwards; the others are direct inputs.
 */
export function inferOrderSensitivity(role: Role, input: { readonly forwarded: readonly string[] }): OrderSensitivity {
  void input;
  const obstacles = role.handlers.flatMap((handler): readonly OrderObstacle[] => {
    const { accesses, everything } = inferFootprint(role, handler);
    const [access] = accesses;
    return [
      ...everything.map(
        ({ why, span }) => ({ kind: "not-understood", handler: handler.name, why, span, other: undefined }) as const,
      ),
      ...(access === undefined
        ? []
        : [
            {
              kind: "not-understood",
              handler: handler.name,
              why: "state",
              span: access.span,
              other: undefined,
            } as const,
          ]),
    ];
  });
  return { obstacles, parks: {}, facts: [] };
}
