import type { ComponentHost } from "../node/componentHost.ts";
import { ClosedLoopClient } from "./closedLoopClient.ts";
import { LoadMeter } from "./loadMeter.ts";

export interface ClientLoad {
  /** Operations in flight of each client. */
  readonly inflight: number;
  /** After how long an operation is given up; undefined for never. */
  readonly giveUpSeconds?: number | undefined;
}

/** The logical clients of one process, with one meter. */
export class ClientPool {
  readonly meter = new LoadMeter();
  readonly #clients = new Map<ComponentHost, ClosedLoopClient>();
  readonly #giveUpMilliseconds: number | undefined;
  #reaper: NodeJS.Timeout | undefined;

  /** Makes a client of each driver that `hosts` runs. */
  constructor(hosts: readonly ComponentHost[], load: ClientLoad) {
    this.#giveUpMilliseconds = load.giveUpSeconds === undefined ? undefined : load.giveUpSeconds * 1000;
    for (const host of hosts) {
      if (host.isDriver) this.#clients.set(host, new ClosedLoopClient(host, load.inflight, this.meter));
    }
  }

  begin(): void {
    for (const client of this.#clients.values()) client.begin();
    const milliseconds = this.#giveUpMilliseconds;
    if (milliseconds === undefined || this.#clients.size === 0) return;
    this.#reaper = setInterval(() => {
      for (const client of this.#clients.values()) client.giveUp(milliseconds);
    }, milliseconds / 4);
  }

  stop(): void {
    clearInterval(this.#reaper);
    for (const client of this.#clients.values()) client.stop();
  }

  /** What the driver of `host` returned for a message. */
  complete(host: ComponentHost, result: unknown): void {
    this.#clients.get(host)?.complete(result);
  }
}
