/** Stands between two ends of connections, and can cut them. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

export class Relay {
  readonly #server: Server;
  readonly #pairs: { readonly near: Socket; readonly far: Socket }[] = [];
  connections = 0;

  private constructor(port: number) {
    this.#server = createServer((near) => {
      this.connections++;
      const far = connect({ host: "127.0.0.1", port });
      for (const socket of [near, far]) socket.on("error", () => undefined);
      near.pipe(far, { end: false }).pipe(near, { end: false });
      this.#pairs.push({ near, far });
    });
  }

  static async to(port: number): Promise<Relay> {
    const relay = new Relay(port);
    await new Promise<void>((resolve) => relay.#server.listen(0, "127.0.0.1", resolve));
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts the connections. @param silently whether who was dialled is not told */
  cut(silently: boolean): void {
    for (const { near, far } of this.#pairs) {
      near.destroy();
      if (!silently) far.destroy();
    }
  }

  async close(): Promise<void> {
    for (const { near, far } of this.#pairs.splice(0)) {
      near.destroy();
      far.destroy();
    }
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
