/** Voting through a relay, by programs that know nothing but sockets and JSON. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { RunningSystem } from "../../../runtime/supervisor/runningSystem.ts";
import voting from "../../../samples/voting/run.ts";
import rewrittenVoting from "../../../samples/voting/rewritten/index.ts";

const folder = join(__dirname, "..", "..", "..", "samples", "voting");

/** A client of a relay: a socket, and the lines that came. */
class ForeignClient {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  }

  static async connect(port: number): Promise<ForeignClient> {
    const socket = connect({ host: "127.0.0.1", port });
    await once(socket, "connect");
    return new ForeignClient(socket);
  }

  write(...lines: readonly (object | string)[]): void {
    this.#socket.write(lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""));
  }

  async read(): Promise<unknown> {
    const next = await this.#lines.next();
    if (next.done === true) throw new Error("The relay hung up.");
    return JSON.parse(next.value);
  }

  async hello(id: string): Promise<unknown> {
    this.write({ hello: { role: "Client", id }, riven: 1 });
    return this.read();
  }

  async end(): Promise<void> {
    const closed = once(this.#socket, "close");
    this.#socket.end();
    await closed;
  }
}

function proposal(id: string): object {
  return { to: { role: "Leader", id: "leader" }, handler: "propose", payload: { id, payload: { $bytes: "AAEC" } } };
}

function decision(id: string): object {
  return { from: { role: "Leader", id: "leader" }, handler: "decided", payload: { id } };
}

describe("a relay", () => {
  let running: RunningSystem;
  let port: number;
  const clients: ForeignClient[] = [];
  const join_ = async (): Promise<ForeignClient> => {
    const client = await ForeignClient.connect(port);
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    running = await RunningSystem.start(voting, {
      modulePath: join(folder, "run.ts"),
      rewritten: rewrittenVoting,
      rewrittenPath: join(folder, "rewritten", "index.ts"),
      clients: 2,
      partitions: 2,
      relayPort: 0,
    });
    port = running.relayPort ?? 0;
  }, 60_000);
  afterAll(async () => {
    await running.stop();
  });

  it("routes for its clients, and hands each what is meant for it", async () => {
    const [one, two] = [await join_(), await join_()];
    expect(await one.hello("client-1")).toMatchObject({
      welcome: { role: "Client", id: "client-1" },
      riven: 1,
      system: "voting",
    });
    await two.hello("client-2");
    const ids = Array.from({ length: 20 }, (_, n) => String(n));
    one.write(...ids.map((n) => proposal(`one ${n}`)));
    two.write(...ids.map((n) => proposal(`two ${n}`)));
    for (const [client, name] of [
      [one, "one"],
      [two, "two"],
    ] as const) {
      const answers = new Set<string>();
      while (answers.size < ids.length) answers.add(JSON.stringify(await client.read()));
      expect(answers).toEqual(new Set(ids.map((n) => JSON.stringify(decision(`${name} ${n}`)))));
    }
    await Promise.all([one.end(), two.end()]);
  });

  it("says what is wrong with a line, and loses nothing for it", async () => {
    const client = await join_();
    const wrong: readonly (readonly [object | string, RegExp])[] = [
      ["no JSON", /^the line is not JSON: /],
      [{ to: {} }, /^the first line has to be a hello$/],
      [{ hello: { role: "Leader", id: "leader" } }, /^"Leader" is no external role$/],
      [
        { hello: { role: "Client", id: "client-9" } },
        /^there is no Client "client-9"; there are 2, the first is client-1$/,
      ],
      [{ hello: { role: "Client", id: "client-1" }, riven: 7 }, /^this relay speaks version 1, and you ask for 7$/],
    ];
    for (const [index, [line, error]] of wrong.entries()) {
      client.write(line);
      expect(await client.read()).toEqual({ error: expect.stringMatching(error) as unknown, line: index + 1 });
    }
    await client.hello("client-1");
    const leader = { role: "Leader", id: "leader" };
    const bad: readonly (readonly [object | string, RegExp])[] = [
      ["[]", /^the line is not a JSON object$/],
      [{ to: leader, handler: "proposeVote", payload: {} }, /^Leader takes no message "proposeVote"$/],
      [{ to: { role: "Judge", id: "j" }, handler: "propose" }, /^there is no role "Judge" to send to$/],
      [{ to: { role: "Leader", id: "j" }, handler: "propose" }, /^there is no Leader "j"$/],
      [{ to: leader, handler: "propose", payload: { $bytes: "?" } }, /^the payload has \$bytes with something/],
      [{ to: leader, handler: "voted" }, /^the message cannot be sent: /],
    ];
    for (const [line, error] of bad) {
      client.write(proposal("before"), line, proposal("after"));
      const answers = [await client.read(), await client.read(), await client.read()];
      expect(answers).toContainEqual(decision("before"));
      expect(answers).toContainEqual(decision("after"));
      expect(answers).toContainEqual({
        error: expect.stringMatching(error) as unknown,
        line: expect.any(Number) as unknown,
      });
    }
    await client.end();
  });

  it("hands a client that comes back what comes afterwards, and has one of each", async () => {
    const first = await join_();
    await first.hello("client-1");
    const second = await join_();
    await second.hello("client-1");
    expect(await first.read()).toEqual({ error: "another connection has said that it is client-1" });
    await expect(first.read()).rejects.toThrow("The relay hung up.");
    second.write(proposal("again"));
    expect(await second.read()).toEqual(decision("again"));
    await second.end();
  });
});
