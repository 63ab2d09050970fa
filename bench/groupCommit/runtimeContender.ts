import { ClientPool } from "../../runtime/clients/clientPool.ts";
import { deploy } from "../../runtime/deployment.ts";
import { NodeRuntime } from "../../runtime/node/nodeRuntime.ts";
import { MemoryTransport } from "../../runtime/transport/memoryTransport.ts";
import type { Contender } from "./contender.ts";
import type { SystemDefinition } from "../../runtime/system.ts";

/** A system on the runtime, all of it in this process, driven by one client: every node has a log of its own. */
export class RuntimeContender implements Contender {
  readonly #directory: string;
  readonly #system: SystemDefinition;
  #runtime: NodeRuntime | undefined;
  #pool: ClientPool | undefined;
  #transactions = 0;

  constructor(directory: string, system: SystemDefinition) {
    this.#directory = directory;
    this.#system = system;
  }

  get counts(): Contender["counts"] {
    return { transactions: this.#transactions, syncs: this.#runtime?.syncs ?? 0 };
  }

  begin(inFlight: number): void {
    const deployment = deploy(this.#system);
    const runtime: NodeRuntime = new NodeRuntime({
      deployment,
      instances: deployment.instances,
      transport: (receive) => new MemoryTransport(receive),
      data: this.#directory,
      log: (line) => process.stderr.write(`${line}\n`),
      onResult: (host, result) => {
        if (result !== undefined) this.#transactions++;
        pool.complete(host, result);
      },
    });
    const pool = new ClientPool(runtime.hosts, { inflight: inFlight });
    this.#runtime = runtime;
    this.#pool = pool;
    runtime.start();
    pool.begin();
  }

  async end(): Promise<void> {
    this.#pool?.stop();
    await this.#runtime?.stop();
  }
}
