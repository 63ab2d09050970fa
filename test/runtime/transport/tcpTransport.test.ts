import { MAX_PAYLOAD_BYTES } from "../../../runtime/codec/frame.ts";
import { decodePayload } from "../../../runtime/codec/payloadDecoder.ts";
import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import { deploy } from "../../../runtime/deployment.ts";
import { encodeHello, FIRST_LIFE, PROTOCOL_VERSION } from "../../../runtime/transport/handshake.ts";
import { banking, rewrittenBanking } from "../node/banking.ts";
import { addressOf, frame, Network, outgoing, until, type Station } from "./network.ts";

const deployment = deploy(banking);

function payloadsOf(station: Station): readonly unknown[] {
  return station.received.map(({ payload }) => decodePayload(payload));
}

describe("TCP", () => {
  let network: Network;
  beforeEach(() => {
    network = new Network();
  });
  afterEach(() => network.close());

  /** A bank, auditors and customers, connected. */
  async function connected(limits = {}): Promise<{ bank: Station; auditors: Station; customers: Station }> {
    const bank = await network.station(deployment, "Bank", limits);
    const auditors = await network.station(deployment, "Auditor", limits);
    const customers = await network.station(deployment, "Customer", limits);
    await network.join();
    return { bank, auditors, customers };
  }

  it("carries messages in both directions of one connection", async () => {
    const { bank, customers } = await connected();
    customers.transport.send([outgoing(customers, bank, "deposit", { id: "d", amount: 1 })]);
    customers.transport.flush();
    await until(() => bank.received.length === 1);
    bank.transport.send([outgoing(bank, customers, "confirmed", { id: "d", balance: 1 })]);
    bank.transport.flush();
    await until(() => customers.received.length === 1);
    expect(bank.received[0]).toMatchObject({ to: 0, handler: "deposit", from: { role: "Customer", id: "customer-1" } });
    expect(customers.received[0]).toMatchObject({ handler: "confirmed", from: { role: "Bank", id: "bank" } });
    expect([payloadsOf(bank), payloadsOf(customers)]).toEqual([[{ id: "d", amount: 1 }], [{ id: "d", balance: 1 }]]);
  });

  it("writes all that one turn sends to a peer at once, in order", async () => {
    const { bank, auditors, customers } = await connected();
    for (let n = 0; n < 500; n++) {
      bank.transport.send([outgoing(bank, auditors, "counted", { n }), outgoing(bank, customers, "confirmed", { n })]);
    }
    expect(bank.transport.counters).toMatchObject({ messages: 1000, writes: 0 });
    bank.transport.flush();
    expect(bank.transport.counters.writes).toBe(2);
    await until(() => auditors.received.length === 500 && customers.received.length === 500);
    expect(payloadsOf(auditors)).toEqual(Array.from({ length: 500 }, (_, n) => ({ n })));
    await until(() => bank.transport.counters.queuedBytes === 0);
  });

  it("carries messages larger than any buffer", async () => {
    const { bank, customers } = await connected();
    const bytes = new Uint8Array(3_000_000).fill(5);
    customers.transport.send([
      outgoing(customers, bank, "deposit", bytes),
      outgoing(customers, bank, "deposit", "after"),
    ]);
    customers.transport.flush();
    await until(() => bank.received.length === 2);
    const [large, after] = payloadsOf(bank);
    expect([Buffer.compare(large as Uint8Array, bytes), after]).toEqual([0, "after"]); // `toEqual` is slow on so many bytes
  });

  it("does not serve two routing tables: both ends say why", async () => {
    const bank = await network.station(deployment, "Bank");
    const customers = await network.station(deploy(banking, { rewritten: rewrittenBanking }), "Customer");
    const reason =
      /routing table and membership are [0-9a-f]{16}, and ours are [0-9a-f]{16}; build and deploy both ends together/;
    await expect(customers.transport.join([addressOf(bank), addressOf(customers)])).rejects.toThrow(reason);
    expect(bank.log).toEqual([expect.stringMatching(reason)]);
    expect(customers.log).toEqual([expect.stringMatching(reason)]);
  });

  it("says so when a process cannot be reached", async () => {
    const bank = await network.station(deployment, "Bank");
    const customers = await network.station(deployment, "Customer");
    await bank.transport.close();
    await expect(customers.transport.join([addressOf(bank), addressOf(customers)])).rejects.toThrow(
      /Cannot join the process at 127\.0\.0\.1:\d+: .*ECONNREFUSED/,
    );
  });

  it("says which port is in use, and what to do", async () => {
    const bank = await network.station(deployment, "Bank");
    const { transport } = await network.station(deployment, "Customer");
    await expect(transport.listen(bank.port ?? 0)).rejects.toThrow(
      new RegExp(`port 127\\.0\\.0\\.1:${String(bank.port)} is in use.*another base port`),
    );
  });

  describe("closes one connection, with a reason, and goes on, when somebody sends", () => {
    const hello = (role: string): Uint8Array =>
      encodeHello(
        deployment,
        deployment.instances.filter((instance) => instance.role === role),
        FIRST_LIFE,
      );
    const handler = (name: string): number => deployment.handlers.indexOf(name);
    const payload = encodePayload(null);
    const customer = deployment.nodes.findIndex(({ role }) => role === "Customer");
    const introduced = (...bytes: readonly Uint8Array[]): Buffer =>
      Buffer.concat([frame(...hello("Customer")), ...bytes]);

    it.each([
      [
        "garbage instead of a handshake",
        Buffer.from("GET / HTTP/1.1\r\n\r\n"),
        /a frame of \d+ bytes, and the limit is 1000/,
      ],
      ["a frame that is no handshake", frame(1, 2, 3), /not a Riven handshake/],
      [
        "another protocol version",
        frame(...encodePayload({ riven: 99 })),
        /speaks version 99 of the wire protocol, and we speak 4/,
      ],
      [
        "no name",
        frame(...encodePayload({ riven: PROTOCOL_VERSION, version: deployment.version })),
        /does not say which instances/,
      ],
      [
        "a name that nobody has",
        frame(...encodePayload({ riven: PROTOCOL_VERSION, version: deployment.version, instances: ["Bank/b#main.0"] })),
        /does not say which/,
      ],
      ["the name of the process itself", frame(...hello("Bank")), /Bank\/bank#main\.0 is connected already/],
      ["the name of somebody connected", frame(...hello("Auditor")), /is connected already/],
      ["too large a frame", introduced(Buffer.from([0, 0, 4, 0])), /a frame of 1024 bytes, and the limit is 1000/],
      ["cut off numbers", introduced(frame(0x80)), /numbers are cut off/],
      ["an unknown handler", introduced(frame(99, 0, customer, ...payload)), /the number 99, which names no handler/],
      ["an unknown sender", introduced(frame(0, 0, 99, ...payload)), /the number 99, which names no node/],
      ["to somebody who is not there", introduced(frame(0, 1, customer, ...payload)), /instance 1, which is not here/],
      ["in another name", introduced(frame(handler("deposit"), 0, 0, ...payload)), /in somebody else's name/],
    ])("%s", async (_, bytes, reason) => {
      const bank = await network.station(deployment, "Bank", { frameBytes: 1000 });
      const auditors = await network.station(deployment, "Auditor");
      await network.join();
      const intruder = await network.intruder(bank);
      const closed = new Promise((resolve) => intruder.once("close", resolve));
      intruder.on("data", () => undefined);
      intruder.write(bytes);
      await closed;
      await until(() => bank.log.length > 0);
      expect(bank.log).toEqual([expect.stringMatching(reason)]);
      expect(bank.received).toEqual([]);

      auditors.transport.send([outgoing(auditors, bank, "deposit", "still here")]);
      auditors.transport.flush();
      await until(() => bank.received.length === 1);
      expect(payloadsOf(bank)).toEqual(["still here"]);
    });

    it("a payload that could not be passed on within a node", async () => {
      const bank = await network.station(deployment, "Bank");
      const intruder = await network.intruder(bank);
      const closed = new Promise((resolve) => intruder.once("close", resolve));
      intruder.on("data", () => undefined);
      const body = Buffer.alloc(MAX_PAYLOAD_BYTES + 4);
      body.set([handler("deposit"), 0, customer]);
      const head = Buffer.alloc(4);
      head.writeUInt32BE(body.length);
      intruder.write(Buffer.concat([introduced(), head, body]));
      await closed;
      expect(bank.log).toEqual([expect.stringMatching(/it sent a payload of \d+ bytes/)]);
      expect(bank.received).toEqual([]);
    });

    it("an internal message from outside", async () => {
      const split = deploy(banking, { rewritten: rewrittenBanking });
      const bank = await network.station(split, "Bank");
      const client = split.instances.filter(({ role }) => role === "Customer");
      const [{ node, number } = { node: undefined, number: 0 }] = client;
      const intruder = await network.intruder(bank);
      const closed = new Promise((resolve) => intruder.once("close", resolve));
      intruder.on("data", () => undefined);
      const confirm = split.handlers.indexOf("confirm");
      expect(number).toBeGreaterThan(0);
      intruder.write(
        Buffer.concat([
          frame(...encodeHello(split, client, FIRST_LIFE)),
          frame(confirm, 1, node?.number ?? 0, ...payload),
        ]),
      );
      await closed;
      expect(bank.log).toEqual([expect.stringMatching(/internal channel confirm/)]);
    });
  });

  describe("when a process is started anew", () => {
    it.each([
      ["dials", "Bank"],
      ["is dialled", "Auditor"],
    ])(
      "connects with its next life, which %s, even if the end of the last one has not been noticed",
      async (_, part) => {
        const { bank, auditors, customers } = await connected();
        const again = await network.station(deployment, part, {}, { life: 1, incarnation: 1 });
        const others = [bank, auditors, customers].filter(({ instances }) => instances[0]?.role !== part);
        const addresses = [...others, again].map(addressOf);
        await Promise.all([...others, again].map(({ transport }) => transport.join(addresses)));
        for (const other of others) {
          other.transport.send([outgoing(other, again, "deposit", "to the next life")]);
          other.transport.flush();
          again.transport.send([outgoing(again, other, "counted", "from the next life")]);
        }
        again.transport.flush();
        await until(() => again.received.length === 2 && others.every(({ received }) => received.length === 1));
        expect([bank, auditors].find((one) => !others.includes(one))?.received).toEqual([]);
      },
    );

    it("does not let components of different incarnations of a node talk", async () => {
      const split = deploy(banking, { rewritten: rewrittenBanking });
      const main = await network.station(split, "Bank/bank#main.0", {}, { life: 1, incarnation: 1 });
      const clerk = await network.station(split, "Bank/bank#clerk.0");
      await expect(main.transport.join([main, clerk].map(addressOf))).rejects.toThrow(/Cannot join the process/);
      expect(clerk.log).toEqual([
        expect.stringMatching(/Bank\/bank#main\.0 belongs to another incarnation of this node/),
      ]);
    });
  });

  it("drops, counts and reports what is for a process that has gone", async () => {
    const { bank, auditors } = await connected();
    await auditors.transport.close();
    await until(() => bank.log.length > 0);
    expect(bank.log).toEqual([
      expect.stringMatching(/connection to Auditor\/auditor-1#main\.0 and 1 more is closed: the other end hung up/),
    ]);
    bank.transport.send([outgoing(bank, auditors, "counted", {})]);
    expect(bank.transport.counters).toMatchObject({ dropped: 1, queuedBytes: 0 });
  });

  describe("when a peer does not keep up", () => {
    const limits = { softQueueBytes: 10_000, hardQueueBytes: 50_000 };
    const kilobyte = new Uint8Array(1000);

    it("makes clients wait, and nobody else, until the queue has drained", async () => {
      const { bank, auditors, customers } = await connected(limits);
      for (let n = 0; n < 20; n++) bank.transport.send([outgoing(bank, auditors, "counted", kilobyte)]);
      expect(bank.transport.engaged).toBe(true);
      expect(bank.transport.counters.queuedBytes).toBeGreaterThan(20_000);

      customers.transport.send([outgoing(customers, bank, "deposit", "a client waits")]);
      customers.transport.flush();
      auditors.transport.send([outgoing(auditors, bank, "notify", "a node does not")]);
      auditors.transport.flush();
      await until(() => bank.received.length === 1);
      expect(payloadsOf(bank)).toEqual(["a node does not"]);

      bank.transport.flush();
      await until(() => bank.received.length === 2);
      expect(payloadsOf(bank)).toEqual(["a node does not", "a client waits"]);
      expect(bank.transport.engaged).toBe(false);
      expect(bank.transport.counters).toMatchObject({ queuedBytes: 0, dropped: 0 });
    });

    it("drops what does not fit the queue any more, counts it, and says so once for each burst", async () => {
      const { bank, auditors } = await connected(limits);
      const burst = (): void => {
        for (let n = 0; n < 60; n++) bank.transport.send([outgoing(bank, auditors, "counted", kilobyte)]);
      };
      burst();
      const dropped = bank.transport.counters.dropped;
      expect(dropped).toBeGreaterThan(5);
      expect(bank.log).toEqual([
        expect.stringMatching(/The queue to Auditor.* is full \(\d+ bytes\); messages to it are dropped/),
      ]);

      bank.transport.flush();
      await until(() => auditors.received.length === 60 - dropped && bank.transport.counters.queuedBytes === 0);
      burst();
      expect([bank.transport.counters.dropped, bank.log.length]).toEqual([2 * dropped, 2]);
    });
  });
});
