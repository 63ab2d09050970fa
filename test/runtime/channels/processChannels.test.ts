import { ProcessChannels } from "../../../runtime/channels/processChannels.ts";
import type { Outgoing } from "../../../runtime/node/message.ts";
import type { Transport } from "../../../runtime/transport/transport.ts";
import { halves, type Part } from "./hosts.ts";

interface Process {
  readonly channels: ProcessChannels;
  readonly sent: Outgoing[];
  readonly log: string[];
  turns: number;
}

function processOf(part: Part): Process {
  const [sent, log]: [Outgoing[], string[]] = [[], []];
  const transport: Transport = {
    counters: { queuedBytes: 0, dropped: 0, messages: 0, writes: 0 },
    send: (messages) => sent.push(...messages),
    acknowledge: () => undefined,
    flush: () => undefined,
    close: () => Promise.resolve(),
  };
  const channels = new ProcessChannels({
    transport: () => transport,
    wake: () => started.turns++,
    log: (line) => log.push(line),
  });
  const started: Process = { channels, sent, log, turns: 0 };
  channels.add(part.host);
  return started;
}

describe("a process", () => {
  it("sends again what has not been acknowledged for a while, and says once that it waits", () => {
    const { main } = halves("acknowledged");
    const { channels, sent, log } = processOf(main);
    for (let n = 0; n < 1500; n++) main.ask("put", { id: String(n), n });
    channels.resend();
    expect(sent).toEqual([]);
    channels.resend();
    expect(sent.map(({ stamp }) => stamp?.sequence)).toEqual(Array.from({ length: 1024 }, (_, n) => n + 1));
    expect(log).toEqual([]);
    for (let n = 0; n < 20; n++) channels.resend();
    expect(log).toEqual([
      "Hub/hub#main.0: Hub/hub#shelf.0 has not acknowledged 1500 forwards for 5 seconds; " +
        "1500 messages wait for that. They are sent again until it does.",
    ]);
  });

  it("says so again when it waits again", () => {
    const { main, shelf, acknowledge } = halves("ordered");
    const { channels, log, sent } = processOf(main);
    main.ask("put", { id: "a", n: 1 });
    for (let n = 0; n < 10; n++) channels.resend();
    for (const forward of sent.splice(0)) shelf.receive(forward);
    acknowledge();
    expect([log.length, main.channels.unacknowledged]).toEqual([1, 0]);
    main.ask("put", { id: "b", n: 1 });
    for (let n = 0; n < 10; n++) channels.resend();
    expect(log).toHaveLength(2);
  });

  it("sends over a new connection what may have been lost with the last one, and a turn follows", () => {
    const { main, shelf } = halves("ordered");
    const process = processOf(main);
    main.ask("put", { id: "a", n: 1 });
    process.channels.onConnected([77]);
    expect([process.sent.length, process.turns]).toEqual([0, 0]);
    process.channels.onConnected([shelf.host.instance.number]);
    expect([process.sent.length, process.turns]).toEqual([1, 1]);
  });
});
