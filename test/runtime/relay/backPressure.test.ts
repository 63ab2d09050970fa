import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { deploy } from "../../../runtime/deployment.ts";
import { NodeRuntime } from "../../../runtime/node/nodeRuntime.ts";
import { Relay } from "../../../runtime/relay/relay.ts";
import { BackPressure } from "../../../runtime/transport/backPressure.ts";
import { MemoryTransport } from "../../../runtime/transport/memoryTransport.ts";
import voting from "../../../samples/voting/run.ts";

/** Voting as written and its relay, all in this process. */
describe("a relay whose messages are not taken", () => {
  const backPressure = new BackPressure();
  const relay = new Relay(deploy(voting, { clients: 1 }), { longestQueue: -1 });
  const runtime = new NodeRuntime({
    deployment: relay.deployment,
    instances: relay.deployment.instances,
    transport: (receive, events) => new MemoryTransport(receive, events),
    log: (line) => {
      throw new Error(line);
    },
  });
  let socket: Socket;
  let lines: AsyncIterator<string>;

  beforeAll(async () => {
    runtime.start();
    const clients = runtime.hosts.filter((host) => host.isDriver);
    const port = await relay.listen(clients, backPressure, 0);
    socket = connect({ host: "127.0.0.1", port });
    await once(socket, "connect");
    lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  });
  afterAll(async () => {
    relay.close();
    await runtime.stop();
  });

  it("stops reading its clients, and goes on where it was", async () => {
    backPressure.engage(relay);
    socket.write(`${JSON.stringify({ hello: { role: "Client", id: "client-1" } })}\n`);
    const answer = lines.next();
    const early = await Promise.race([answer, new Promise((resolve) => setImmediate(resolve, "nothing yet"))]);
    expect(early).toBe("nothing yet");
    backPressure.release(relay);
    expect((await answer).value).toContain('"welcome"');
  });

  it("drops what a client does not read, and keeps the connection", async () => {
    const payload = { id: "b", payload: { $bytes: "" } };
    socket.write(`${JSON.stringify({ to: { role: "Leader", id: "leader" }, handler: "propose", payload })}\n`);
    // Nothing may wait in this relay, so the answer is dropped; a hello is answered in any case.
    socket.end();
    expect((await lines.next()).done).toBe(true);
  });
});
