/** One process of a run: the instances that it was told to be, until it is told to stop. */
import { pathToFileURL } from "node:url";
import { ClientPool } from "../clients/clientPool.ts";
import { deploy } from "../deployment.ts";
import { NodeRuntime } from "../node/nodeRuntime.ts";
import { ProcessMeter } from "../processMeter.ts";
import { Relay } from "../relay/relay.ts";
import type { RewrittenSystem, SystemDefinition } from "../system.ts";
import { BackPressure } from "../transport/backPressure.ts";
import { TcpTransport } from "../transport/tcpTransport.ts";
import type { FromChild, ProcessPlan, RunPlan, ToChild } from "./ipc.ts";

export class ChildProgram {
  readonly #tell: (message: FromChild) => void;
  #part: Part | undefined;

  constructor(tell: (message: FromChild) => void) {
    this.#tell = tell;
  }

  /** Does what the supervisor says. @returns whether to go on. */
  async obey(message: ToChild): Promise<boolean> {
    switch (message.kind) {
      case "become": {
        const part = await createPart(message.run, message.process, this.#tell);
        this.#part = part;
        const { port } = message.process;
        this.#tell({
          kind: "listening",
          ...(port !== undefined && { port: await part.transport.listen(port) }),
          hasVolatileState: part.runtime.hosts.some((host) => host.hasVolatileState),
        });
        return true;
      }
      case "join":
        await this.#require().transport.join(message.processes);
        this.#tell({ kind: "joined" });
        return true;
      case "start":
        this.#require().runtime.start();
        this.#require().pool.begin();
        this.#tell({ kind: "started", ...(await this.#takeClients()) });
        return true;
      case "begin":
        this.#require().meter.begin();
        this.#require().pool.meter.begin();
        return true;
      case "end":
        this.#tell(this.#measure());
        return true;
      case "settle":
        this.#takeNoWork();
        await this.#part?.runtime.settle();
        this.#tell({ kind: "settled" });
        return true;
      case "stop":
        this.#takeNoWork();
        await this.#part?.runtime.stop();
        return false;
    }
  }

  /** Of a relay: where it takes clients from now on. */
  async #takeClients(): Promise<{ readonly relayPort?: number }> {
    const { relay, runtime, backPressure, relayPort = 0 } = this.#require();
    return relay === undefined ? {} : { relayPort: await relay.listen(runtime.hosts, backPressure, relayPort) };
  }

  #takeNoWork(): void {
    this.#part?.pool.stop();
    this.#part?.relay?.close();
  }

  #measure(): FromChild {
    const { meter, pool, kind } = this.#require();
    return { kind: "measured", process: meter.end(), ...(kind === "clients" && { load: pool.meter.end() }) };
  }

  #require(): Part {
    if (this.#part === undefined) throw new Error("A process of a run was told to act before it was told what it is.");
    return this.#part;
  }
}

interface Part {
  readonly kind: ProcessPlan["kind"];
  readonly runtime: NodeRuntime;
  readonly transport: TcpTransport;
  readonly pool: ClientPool;
  readonly meter: ProcessMeter;
  readonly backPressure: BackPressure;
  /** There when this process speaks for clients of other programs. */
  readonly relay: Relay | undefined;
  readonly relayPort: number | undefined;
}

async function createPart(run: RunPlan, plan: ProcessPlan, tell: (message: FromChild) => void): Promise<Part> {
  const log = (line: string): void => {
    tell({ kind: "log", line });
  };
  const system = (await importDefault(run.modulePath)) as SystemDefinition;
  const rewritten =
    run.rewrittenPath === undefined ? undefined : ((await importDefault(run.rewrittenPath)) as RewrittenSystem);
  const deployment = deploy(system, { rewritten, clients: run.clients, partitions: run.partitions });
  const relay = plan.kind === "relay" ? new Relay(deployment) : undefined;
  const backPressure = new BackPressure();
  const instances = deployment.instances.filter(({ number }) => plan.instances.includes(number));
  const transports: TcpTransport[] = [];
  const runtime: NodeRuntime = new NodeRuntime({
    deployment: relay?.deployment ?? deployment,
    instances,
    transport: (receive, events) => {
      const transport = new TcpTransport({ deployment, instances, receive, events, log, life: plan, backPressure });
      transports.push(transport);
      return transport;
    },
    log,
    data: run.data,
    incarnation: plan.incarnation,
    onStorageFailure: ({ message }) => {
      tell({ kind: "failed", message });
    },
    onResult: (host, result) => {
      pool.complete(host, result);
    },
  });
  const pool = new ClientPool(relay === undefined ? runtime.hosts : [], run);
  const [transport] = transports;
  if (transport === undefined) throw new Error("The runtime made no transport.");
  const { kind, name, relayPort } = plan;
  const meter = new ProcessMeter(runtime, name, kind === "relay" ? "clients" : kind);
  return { kind, runtime, transport, pool, meter, backPressure, relay, relayPort };
}

/** The default export of a module, through the wrapper that a CommonJS module gets when it is imported. */
async function importDefault(path: string): Promise<unknown> {
  const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  const exported = module.default;
  return typeof exported === "object" && exported !== null && "default" in exported ? exported.default : exported;
}
