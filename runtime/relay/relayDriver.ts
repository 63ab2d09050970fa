/**
 * The class of external nodes that a relay speaks for: what the messages of the role have become for them. It stands
 * where the driver of a closed-loop client stands, so its messages are routed, stamped and put together like theirs.
 */
import { currentBinding, type RoleClass } from "../../decorators/binding.ts";
import type { DeployedRole, Deployment } from "../deployment.ts";
import { NodeReference } from "../node/references.ts";
import type { LogicalAddress } from "../routing/address.ts";
import type { NodeClass } from "../system.ts";

/** A message from a client that has been checked: there are such a node and such a handler. */
export interface ClientMessage {
  readonly to: LogicalAddress;
  readonly handler: string;
  readonly payload: unknown;
}

export interface RelayDriverOptions {
  readonly deployment: Deployment;
  /** Takes a message to an external node. */
  readonly onMessage: (to: string, handler: string, payload: unknown, from: LogicalAddress) => void;
  /** The message that is to be sent, while `request` runs. */
  readonly next: () => ClientMessage;
  /** It cannot be sent: its payload is not plain data, or not what its route needs. */
  readonly onProblem: (problem: string) => void;
}

type Members = { readonly at: (id: string) => Readonly<Record<string, (payload: unknown) => void>> };

/**
 * The same deployment, in which the external nodes are spoken for. Numbers, routes and version are those of the original.
 *
 * @throws Error when the system has no external role.
 */
export function deployRelay(options: RelayDriverOptions): Deployment {
  const { deployment } = options;
  const external = [...deployment.roles.values()].find((role) => role.external);
  if (external === undefined) throw new Error("The system has no external role, so there is nobody to relay for.");
  const componentClass = createDriver(external, options);
  const components = external.components.map((component) => ({ ...component, componentClass, configuration: [] }));
  return { ...deployment, roles: new Map([...deployment.roles, [external.name, { ...external, components }]]) };
}

function createDriver(
  external: DeployedRole,
  { deployment, onMessage, next, onProblem }: RelayDriverOptions,
): NodeClass {
  const receivers = [...deployment.roles.values()].filter((role) => !role.external);
  const bind = (roleClass: RoleClass): Members => currentBinding("relay").peers(roleClass) as Members;

  class RelayDriver {
    readonly id = currentBinding("relay").selfId;
    readonly #members = new Map(receivers.map(({ name, roleClass }) => [name, bind(roleClass)]));

    request(): void {
      const { to, handler, payload } = next();
      try {
        this.#members.get(to.role)?.at(to.id)[handler]?.(payload);
      } catch (error) {
        onProblem(error instanceof Error ? error.message : String(error));
      }
    }
  }

  for (const handler of external.handlers.keys()) {
    Object.defineProperty(RelayDriver.prototype, handler, {
      value(this: RelayDriver, payload: unknown, from: NodeReference): void {
        const { role, id } = NodeReference.targetOf(from);
        onMessage(this.id, handler, payload, { role, id });
      },
    });
  }
  return RelayDriver;
}
