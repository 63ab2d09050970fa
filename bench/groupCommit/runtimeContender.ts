import { ClientPool } from "../../runtime/clients/clientPool.ts";
import { deploy } from "../../runtime/deployment.ts";
import { NodeRuntime } from "../../runtime/node/nodeRuntime.ts";
import { MemoryTransport } from "../../runtime/transport/memoryTransport.ts";
import type { Contender } from "./contender.ts";
import { storeSystem } from "./storeSystem.ts";

/** The durable handler on the runtime, driven by one client in the same process. */
export class RuntimeContender implements Contender {
  readonly #directory: string;
  #runtime: NodeRuntime | undefined;
  #pool: ClientPool | undefined;
  #transactions = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  get counts(): Contender["counts"] {
    return { transactions: this.#transactions, syncs: this.#runtime?.syncs ?? 0 };
  }

  begin(inFlight: number): void {
    const deployment = deploy(storeSystem);
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
