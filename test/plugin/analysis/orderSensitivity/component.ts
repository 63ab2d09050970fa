/** Components in real TypeScript, for tests of the order analysis. */
import { inferOrderSensitivity } from "../../../../plugin/analysis/orderSensitivity/inferOrderSensitivity.ts";
import type { OrderSensitivity } from "../../../../plugin/analysis/orderSensitivity/orderObstacle.ts";
import type { Protocol, Role } from "../../../../plugin/model/protocol.ts";
import { readSource, roleOf, textAt } from "../../../support/protocolInMemory.ts";

const AROUND = `import { Counter, GrowMap, GrowSet, MaxReg, Once, Tally } from "riven";
@Role({ external: true })
export abstract class Client { abstract done(m: { id: string; value?: unknown }): void; abstract failed(m: { id: string }): void }
@Role()
export class Other { @On() take(m: { id: string }): void {} }
`;

export interface Component {
  readonly protocol: Protocol;
  readonly role: Role;
}

/** The role \`Node\` with this class body; \`top\` goes above the class. */
export function componentOf(body: string, top = ""): Component {
  const { protocol } = readSource(`${AROUND}${top}
@Role()
export class Node {
  private readonly clients = peers(() => Client);
  private readonly others = peers(() => Other);
  private readonly only = peer(() => Other);
${body}
}
`);
  return { protocol, role: roleOf(protocol, "Node") };
}

/** What is found when all handlers arrive as repeatable forwards, but for those whose names are given. */
export function sensitivityOf({ role }: Component, direct: readonly string[] = []): OrderSensitivity {
  const forwarded = role.handlers.map(({ name }) => name).filter((name) => !direct.includes(name));
  return inferOrderSensitivity(role, { forwarded });
}

/** The obstacles as lines: kind, text of the place, text of the other place. */
export function linesOf({ protocol }: Component, { obstacles }: OrderSensitivity): readonly string[] {
  return obstacles.map((one) => {
    const other = one.other === undefined ? "" : ` / ${textAt(protocol, one.other)}`;
    return `${one.kind} in ${one.handler}: ${textAt(protocol, one.span)}${other}`;
  });
}
