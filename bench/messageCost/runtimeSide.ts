/** The echo system on the runtime: one role in each of the two processes. */
import { encodePayload } from "../../runtime/codec/payloadEncoder.ts";
import { deploy } from "../../runtime/deployment.ts";
import { NodeRuntime } from "../../runtime/node/nodeRuntime.ts";
import { TcpTransport } from "../../runtime/transport/tcpTransport.ts";
import { createBall, echoSystem } from "./echoSystem.ts";
import type { Side } from "./side.ts";

export class RuntimeSide implements Side {
  readonly #deployment = deploy(echoSystem);
  readonly #role: "Server" | "Receiver";
  readonly #runtime: NodeRuntime;
  readonly #transport: TcpTransport;
  #dropping = false;

  constructor(role: "Server" | "Receiver") {
    this.#role = role;
    const instances = this.#deployment.instances.filter((instance) => instance.role === role);
    const transports: TcpTransport[] = [];
    const log = (line: string): void => {
      process.stderr.write(`${line}\n`);
    };
    this.#runtime = new NodeRuntime({
      deployment: this.#deployment,
      instances,
      transport: (receive) => {
        const deliver: typeof receive = (delivery) => {
          if (!this.#dropping) receive(delivery);
        };
        const transport = new TcpTransport({ deployment: this.#deployment, instances, receive: deliver, log });
        transports.push(transport);
        return transport;
      },
      log,
    });
    const [transport] = transports;
    if (transport === undefined) throw new Error("The runtime made no transport.");
    this.#transport = transport;
    this.#runtime.start();
  }

  get returned(): number {
    return this.#runtime.counters.activations;
  }

  listen(): Promise<number> {
    return this.#transport.listen(0);
  }

  /** Both sides join; the one that the transport's rule says connects. */
  connect(port: number): Promise<void> {
    const numberOf = (role: string): number[] =>
      this.#deployment.instances.filter((instance) => instance.role === role).map(({ number }) => number);
    const other = this.#role === "Server" ? "Receiver" : "Server";
    return this.#transport.join([
      { instances: numberOf(this.#role), port: 0 },
      { instances: numberOf(other), port },
    ]);
  }

  serve(balls: number): void {
    this.#dropping = false;
    const [host] = this.#runtime.hosts;
    const [starter] = this.#deployment.roles.get("Starter")?.nodes ?? [];
    if (host === undefined || starter === undefined) throw new Error("There is nobody to serve.");
    for (let n = 0; n < balls; n++)
      host.deliver({ handler: "serve", from: starter, payload: encodePayload(createBall(n)) });
  }

  drop(): void {
    this.#dropping = true;
  }
}
