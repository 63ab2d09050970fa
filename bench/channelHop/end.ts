/** The program of the two processes: the front with what stays of the node, the back with everything else. */
import { encodePayload } from "../../runtime/codec/payloadEncoder.ts";
import { deploy } from "../../runtime/deployment.ts";
import { NodeRuntime } from "../../runtime/node/nodeRuntime.ts";
import { TcpTransport } from "../../runtime/transport/tcpTransport.ts";
import { createBall, hopSystem, rewrittenHop, type Way } from "./hopSystem.ts";

export type ToEnd =
  | { readonly kind: "connect"; readonly port: number }
  | { readonly kind: "serve"; readonly balls: number; readonly way: Way }
  | { readonly kind: "drop" }
  | { readonly kind: "read" };

export interface Reading {
  readonly kind: "reading";
  /** Answers that have come back. */
  readonly answered: number;
  readonly cpuMicroseconds: number;
  readonly milliseconds: number;
}

export type FromEnd = { readonly kind: "listening"; readonly port: number } | { readonly kind: "done" } | Reading;

class End {
  readonly #deployment = deploy(hopSystem, { rewritten: rewrittenHop });
  readonly #isFront: boolean;
  readonly #runtime: NodeRuntime;
  readonly #transport: TcpTransport;
  #dropping = false;
  #answered = 0;

  constructor(isFront: boolean) {
    this.#isFront = isFront;
    const deployment = this.#deployment;
    const instances = deployment.instances.filter(({ number }) => this.#numbers(isFront).includes(number));
    const transports: TcpTransport[] = [];
    const log = (line: string): void => {
      process.stderr.write(`${line}\n`);
    };
    this.#runtime = new NodeRuntime({
      deployment,
      instances,
      transport: (receive, events) => {
        const transport = new TcpTransport({
          deployment,
          instances,
          events,
          log,
          receive: (delivery) => {
            if (delivery.handler === "done") {
              this.#answered++;
              if (this.#dropping) return;
            }
            receive(delivery);
          },
        });
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

  listen(): Promise<number> {
    return this.#transport.listen(0);
  }

  connect(port: number): Promise<void> {
    return this.#transport.join([
      { instances: this.#numbers(this.#isFront), port: 0 },
      { instances: this.#numbers(!this.#isFront), port },
    ]);
  }

  serve(balls: number, way: Way): void {
    this.#dropping = false;
    const player = this.#runtime.hosts.find(({ instance }) => instance.role === "Player");
    const [starter] = this.#deployment.roles.get("Starter")?.nodes ?? [];
    if (player === undefined || starter === undefined) throw new Error("There is nobody to serve.");
    for (let n = 0; n < balls; n++)
      player.deliver({ handler: "serve", from: starter, payload: encodePayload(createBall(n, way)) });
  }

  drop(): void {
    this.#dropping = true;
  }

  read(): Reading {
    const { user, system } = process.cpuUsage();
    return {
      kind: "reading",
      answered: this.#answered,
      cpuMicroseconds: user + system,
      milliseconds: performance.now(),
    };
  }

  #numbers(front: boolean): readonly number[] {
    return this.#deployment.instances
      .filter(({ role, component }) => role !== "Starter" && (role === "Hub" && component === "main") === front)
      .map(({ number }) => number);
  }
}

const end = new End(process.argv[2] === "front");

function tell(message: FromEnd): void {
  process.send?.(message);
}

process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToEnd) => {
  switch (message.kind) {
    case "connect":
      void end.connect(message.port).then(() => {
        tell({ kind: "done" });
      });
      return;
    case "serve":
      end.serve(message.balls, message.way);
      return;
    case "drop":
      end.drop();
      return;
    case "read":
      tell(end.read());
  }
});
void end.listen().then((port) => {
  tell({ kind: "listening", port });
});
