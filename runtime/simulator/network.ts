/** The network of a simulated run: everything that has been sent and has not arrived. */
import type { Deployment } from "../deployment.ts";
import type { Acknowledgement } from "../channels/stamp.ts";
import type { Outgoing } from "../node/message.ts";
import type { DeployedInstance } from "../routing/address.ts";
import { triggersOf } from "../routing/roleHandlers.ts";
import type { Chooser } from "./chooser.ts";
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

/** Messages that match do not arrive for the time being: those from, or to, or between certain instances. */
export interface Clog {
  readonly origin: DeployedInstance | undefined;
  readonly destination: DeployedInstance | undefined;
}

/** How often a message is slow, one in so many; 0 for never. Drawn for each run, since uniform delays hide deep bugs. */
const SLOWNESS = [0, 8, 2] as const;
/** A slow message is considered once in so many deliveries, and when nothing else is left. */
const RELUCTANCE = 8;

interface Underway {
  readonly travelling: Travelling;
  readonly slow: boolean;
  readonly fifo: boolean;
}

export class Network {
  readonly #chooser: Chooser;
  readonly #fifo: (travelling: Travelling) => boolean;
  readonly #slowness: number;
  #clogs: readonly Clog[] = [];
  readonly #travelling: Underway[] = [];

  constructor(deployment: Deployment, chooser: Chooser) {
    this.#chooser = chooser;
    this.#fifo = fifoHandlers(deployment);
    this.#slowness = SLOWNESS[chooser.choose(SLOWNESS.length, "network")] ?? 0;
  }

  /** Whether no message can arrive now. */
  get isEmpty(): boolean {
    return this.#clogs.length === 0 ? this.#travelling.length === 0 : this.#deliverable().length === 0;
  }

  get clogs(): readonly Clog[] {
    return this.#clogs;
  }

  /** Changes which messages are held up. */
  clog(clogs: readonly Clog[]): void {
    this.#clogs = clogs;
  }

  /** Where messages are under way that can arrive. */
  get links(): readonly Clog[] {
    return this.#deliverable().map(({ travelling: { origin, destination } }) => ({ origin, destination }));
  }

  send(travelling: Travelling): void {
    const slow = this.#slowness > 0 && this.#chooser.choose(this.#slowness, "network") === 0;
    this.#travelling.push({ travelling, slow, fifo: this.#fifo(travelling) });
  }

  /** Takes the next message to arrive: any of them, but for the order that `@Fifo` handlers rely on. */
  take(): Travelling {
    const deliverable = this.#deliverable();
    const prompt = deliverable.filter(({ slow }) => !slow);
    const all =
      prompt.length === 0 || (prompt.length < deliverable.length && this.#chooser.choose(RELUCTANCE, "network") === 0);
    const candidates = all ? deliverable : prompt;
    const chosen = candidates[this.#chooser.choose(candidates.length, "network")];
    if (chosen === undefined) throw new Error("The network is empty.");
    this.#travelling.splice(this.#travelling.indexOf(chosen), 1);
    return chosen.travelling;
  }

  #deliverable(): readonly Underway[] {
    const inOrder = this.#travelling.filter((_, index) => !this.#isHeldBack(index));
    return this.#clogs.length === 0 ? inOrder : inOrder.filter(({ travelling }) => !this.#isClogged(travelling));
  }

  #isClogged({ origin, destination }: Travelling): boolean {
    return this.#clogs.some(
      (clog) =>
        (clog.origin === undefined || clog.origin === origin) &&
        (clog.destination === undefined || clog.destination === destination),
    );
  }

  /** Real connections keep order between two instances, so that is what the order can be relied upon for. */
  #isHeldBack(index: number): boolean {
    const later = this.#travelling[index];
    if (later?.fifo !== true) return false;
    return this.#travelling
      .slice(0, index)
      .some(
        ({ fifo, travelling: { destination, origin } }) =>
          fifo && origin === later.travelling.origin && destination === later.travelling.destination,
      );
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
