import type { ComponentHost } from "../node/componentHost.ts";
import { ClosedLoopClient } from "./closedLoopClient.ts";
import { LoadMeter } from "./loadMeter.ts";

/** The logical clients of one process, with one meter. */
export class ClientPool {
  readonly meter = new LoadMeter();
  readonly #clients = new Map<ComponentHost, ClosedLoopClient>();

  /** Makes a client of each driver that `hosts` runs. */
  constructor(hosts: readonly ComponentHost[], inflight: number) {
    for (const host of hosts) {
      if (host.isDriver) this.#clients.set(host, new ClosedLoopClient(host, inflight, this.meter));
    }
  }

  begin(): void {
    for (const client of this.#clients.values()) client.begin();
  }

  stop(): void {
    for (const client of this.#clients.values()) client.stop();
  }

  /** What the driver of `host` returned for a message. */
  complete(host: ComponentHost, result: unknown): void {
    this.#clients.get(host)?.complete(result);
  }
}
