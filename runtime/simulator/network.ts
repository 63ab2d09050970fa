/** The network of a simulated run: everything that has been sent and has not arrived. */
import type { Deployment } from "../deployment.ts";
import type { Acknowledgement } from "../channels/stamp.ts";
import type { Outgoing } from "../node/message.ts";
import type { DeployedInstance } from "../routing/address.ts";
import { triggersOf } from "../routing/roleHandlers.ts";
import type { Alternative } from "./chooser.ts";
import type { EventIds } from "./eventIds.ts";
import type { Activation, LogicalMessage } from "./run.ts";
import type { SealedSend } from "./sealedSends.ts";

/** Something under way to an instance. */
export interface Travelling {
  readonly destination: DeployedInstance;
  /** The instance that sent it. */
  readonly origin: DeployedInstance;
  /** The incarnation of the node that sent it. */
  readonly incarnation: number;
  readonly carries: Payload;
  /** Only of a flawed machinery: it has arrived before, and nobody shall notice. */
  readonly isCopy?: boolean;
}

export type Payload =
  /** Its delivery is a fragment of the activation that forwarded it. */
  | { readonly kind: "forward"; readonly outgoing: Outgoing; readonly activation: Activation }
  /** Its delivery starts an activation. */
  | { readonly kind: "message"; readonly outgoing: Outgoing; readonly message: LogicalMessage }
  /** Its delivery starts an activation when all other fragments have arrived. */
  | { readonly kind: "fragment"; readonly outgoing: Outgoing; readonly send: SealedSend }
  /** For the machinery alone. */
  | { readonly kind: "acknowledgement"; readonly acknowledgement: Acknowledgement };

/** From where to where something is under way. */
export interface Link {
  readonly origin: DeployedInstance;
  readonly destination: DeployedInstance;
}

/** Messages that match do not arrive for the time being: those from, or to, or between certain instances. */
export interface Clog {
  readonly origins: ReadonlySet<DeployedInstance> | undefined;
  readonly destinations: ReadonlySet<DeployedInstance> | undefined;
}

export function matches({ origins, destinations }: Clog, { origin, destination }: Link): boolean {
  return origins?.has(origin) !== false && destinations?.has(destination) !== false;
}

/** A message is under way, and may arrive. */
export interface Arrival extends Alternative {
  readonly kind: "arrival";
  readonly travelling: Travelling;
  readonly fifo: boolean;
}

export class Network {
  readonly #ids: EventIds;
  readonly #fifo: (travelling: Travelling) => boolean;
  #clogs: readonly Clog[] = [];
  /** Whether anything of which the order matters has been sent. */
  #keepsOrder = false;
  readonly #underway: Arrival[] = [];

  /** @param overtakes whether a flawed network keeps no order */
  constructor(deployment: Deployment, ids: EventIds, overtakes = false) {
    this.#ids = ids;
    this.#fifo = overtakes ? () => false : fifoHandlers(deployment);
  }

  /** Changes which messages are held up. */
  clog(clogs: readonly Clog[]): void {
    this.#clogs = clogs;
  }

  /** Where messages are under way that can arrive. */
  get links(): readonly Link[] {
    return this.arrivals().map(({ travelling: { origin, destination } }) => ({ origin, destination }));
  }

  send(travelling: Travelling): void {
    const { origin, destination, carries } = travelling;
    const fifo = this.#fifo(travelling);
    this.#keepsOrder ||= fifo;
    this.#underway.push({
      id: this.#ids.next(),
      kind: "arrival",
      place: destination.number,
      origin: origin.number,
      handler: carries.kind === "acknowledgement" ? undefined : carries.outgoing.handler,
      travelling,
      fifo,
    });
  }

  /** What can arrive next, the oldest first: anything, but for the order that `@Fifo` handlers rely on. */
  arrivals(): Arrival[] {
    if (this.#clogs.length === 0 && !this.#keepsOrder) return [...this.#underway];
    return this.#underway.filter(
      (arrival, index) => !this.#isClogged(arrival.travelling) && !(arrival.fifo && this.#isHeldBack(arrival, index)),
    );
  }

  /** It arrives. */
  take(arrival: Arrival): Travelling {
    this.#underway.splice(this.#underway.indexOf(arrival), 1);
    return arrival.travelling;
  }

  #isClogged(travelling: Travelling): boolean {
    return this.#clogs.some((clog) => matches(clog, travelling));
  }

  /** Real connections keep order between two instances, so that is what the order can be relied upon for. */
  #isHeldBack({ place, origin }: Arrival, index: number): boolean {
    return this.#underway
      .slice(0, index)
      .some((earlier) => earlier.fifo && earlier.origin === origin && earlier.place === place);
  }
}

/** Whether a message goes to a handler that relies on order. Rewritten components carry no markers, their roles do. */
function fifoHandlers(deployment: Deployment): (travelling: Travelling) => boolean {
  const byRole = new Map<string, ReadonlySet<string>>();
  for (const role of deployment.roles.values()) {
    const handlers = [...triggersOf(role.roleClass)].filter(
      ([, trigger]) => trigger.kind === "message" && trigger.fifo,
    );
    byRole.set(role.name, new Set(handlers.map(([name]) => name)));
  }
  return ({ destination, carries }) =>
    carries.kind !== "acknowledgement" && byRole.get(destination.role)?.has(carries.outgoing.handler) === true;
}
