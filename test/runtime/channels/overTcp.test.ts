import { decodePayload } from "../../../runtime/codec/payloadDecoder.ts";
import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import { deploy, type Deployment } from "../../../runtime/deployment.ts";
import { NodeRuntime } from "../../../runtime/node/nodeRuntime.ts";
import { printInstance } from "../../../runtime/routing/address.ts";
import { FIRST_LIFE, encodeHello } from "../../../runtime/transport/handshake.ts";
import { TcpTransport } from "../../../runtime/transport/tcpTransport.ts";
import { frame, Network, until } from "../transport/network.ts";
import { hub, rewrittenHub } from "./hub.ts";
import { Relay } from "./relay.ts";

interface Process {
  readonly runtime: NodeRuntime;
  readonly transport: TcpTransport;
  readonly numbers: readonly number[];
  readonly log: string[];
  /** What clients were told. */
  readonly told: string[];
}

function start(deployment: Deployment, part: string): Process {
  const instances = deployment.instances.filter((one) => one.role === part || printInstance(one) === part);
  const [log, told]: [string[], string[]] = [[], []];
  const transports: TcpTransport[] = [];
  const runtime = new NodeRuntime({
    deployment,
    instances,
    transport: (receive, events) => {
      const transport = new TcpTransport({
        deployment,
        instances,
        events,
        log: (line) => log.push(line),
        receive: (delivery) => {
          if (delivery.from.role === "Hub" && part === "Writer")
            told.push(JSON.stringify(decodePayload(delivery.payload)));
          receive(delivery);
        },
      });
      transports.push(transport);
      return transport;
    },
    log: (line) => log.push(line),
  });
  const [transport] = transports;
  if (transport === undefined) throw new Error("The runtime made no transport.");
  return { runtime, transport, numbers: instances.map(({ number }) => number), log, told };
}

describe("over TCP", () => {
  const processes: Process[] = [];
  let relay: Relay;
  let network: Network;
  beforeEach(() => {
    network = new Network();
  });
  afterEach(async () => {
    await relay.close();
    await Promise.all(processes.splice(0).map(({ runtime }) => runtime.stop()));
    await network.close();
  });

  /** The two halves of the hub, which talk through the relay, and clients. */
  async function connected(deployment: Deployment): Promise<{ main: Process; shelf: Process; writers: Process }> {
    const [main, shelf, writers] = [
      start(deployment, "Hub/hub#main.0"),
      start(deployment, "Hub/hub#shelf.0"),
      start(deployment, "Writer"),
    ];
    processes.push(main, shelf, writers);
    const [mainPort, shelfPort] = [await main.transport.listen(0), await shelf.transport.listen(0)];
    relay = await Relay.to(shelfPort);
    const addresses = [
      { instances: main.numbers, port: mainPort },
      { instances: shelf.numbers, port: relay.port },
      { instances: writers.numbers, port: undefined },
    ];
    await Promise.all(processes.map(({ transport }) => transport.join(addresses)));
    for (const { runtime } of processes) runtime.start();
    return { main, shelf, writers };
  }

  function put(writers: Process, main: Process, count: number, from: number): void {
    const [writer] = writers.runtime.hosts;
    const [hubMain] = main.runtime.hosts;
    if (writer === undefined || hubMain === undefined) throw new Error("There are hosts.");
    for (let n = from; n < from + count; n++) {
      writers.transport.send([
        {
          destination: hubMain.instance,
          handler: "put",
          from: writer.instance.node,
          payload: encodePayload({ id: String(n), n }),
          internal: false,
        },
      ]);
    }
    writers.transport.flush();
  }

  it.each([
    ["and both ends notice", false],
    ["and only who dialled notices", true],
  ])("a connection that is lost is made again, nothing forwarded is lost or comes twice: %s", async (_, silently) => {
    const { main, shelf, writers } = await connected(deploy(hub, { rewritten: rewrittenHub("acknowledged") }));
    for (let round = 0; round < 5; round++) {
      put(writers, main, 100, 100 * round);
      await until(() => main.runtime.counters.activations > 100 * round + 50);
      relay.cut(silently);
      await until(() => relay.connections === round + 2);
    }
    await until(() => writers.told.length === 500);
    expect(writers.told).toEqual(Array.from({ length: 500 }, (_, n) => JSON.stringify({ id: String(n) })));
    expect(shelf.runtime.counters.activations).toBe(500);
    expect(main.runtime.hosts[0]?.channels).toMatchObject({ held: 0, unacknowledged: 0 });
    expect(main.transport.counters.dropped).toBe(0);
  });

  it("one write carries the acknowledgements of a turn", async () => {
    const { main, shelf, writers } = await connected(deploy(hub, { rewritten: rewrittenHub("ordered") }));
    put(writers, main, 300, 0);
    await until(() => writers.told.length === 300);
    await until(() => main.runtime.hosts[0]?.channels?.unacknowledged === 0);
    expect(shelf.runtime.counters.activations).toBe(300);
    expect(shelf.transport.counters.writes).toBeLessThan(100);
  });

  describe("frames that nobody may send close their connection", () => {
    const deployment = deploy(hub, { rewritten: rewrittenHub("ordered") });
    const numberOf = (name: string): number =>
      deployment.instances.find((one) => printInstance(one) === name)?.number ?? -1;
    const [main, shelf, writer] = ["Hub/hub#main.0", "Hub/hub#shelf.0", "Writer/writer-1#main.0"].map(numberOf) as [
      number,
      number,
      number,
    ];
    const hello = (instance: number, incarnation = 0): Uint8Array =>
      encodeHello(deployment, deployment.instances.slice(instance, instance + 1), { ...FIRST_LIFE, incarnation });
    const store = deployment.handlers.indexOf("store");
    const payload = encodePayload({ id: "a", n: 1 });

    it.each([
      [
        "of an old incarnation",
        hello(main, 1),
        [0xfd, 0x7f, 1, main, store, shelf, 0],
        /belongs to another incarnation/,
      ],
      ["a client's forward", hello(writer), [0xfd, 0x7f, 1, writer, store, shelf, 1], /on the internal channel store/],
      [
        "a forward of somebody else",
        hello(main),
        [0xfd, 0x7f, 1, shelf, store, shelf, 0],
        /a forward in somebody else's name/,
      ],
      [
        "a client's acknowledgement",
        hello(writer),
        [0xff, 0x7f, 1, 1, shelf, writer],
        /an acknowledgement in somebody/,
      ],
      [
        "an acknowledgement for nobody here",
        hello(main),
        [0xff, 0x7f, 1, 1, main, main],
        /an acknowledgement for instance/,
      ],
    ])("%s", async (_, introduction, body, reason) => {
      const station = await network.station(deployment, "Hub/hub#shelf.0");
      relay = await Relay.to(station.port ?? 0);
      const intruder = await network.intruder(station);
      const closed = new Promise((resolve) => intruder.once("close", resolve));
      intruder.on("data", () => undefined);
      intruder.write(Buffer.concat([frame(...introduction), frame(...body, ...payload)]));
      await closed;
      expect(station.log).toEqual([expect.stringMatching(reason)]);
      expect(station.received).toEqual([]);
    });
  });
});
