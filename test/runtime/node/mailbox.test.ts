import { setImmediate as turn } from "node:timers/promises";
import { Mailbox } from "../../../runtime/node/mailbox.ts";
import type { Delivery } from "../../../runtime/transport/transport.ts";

function delivery(to: number): Delivery {
  return { to, handler: "h", from: { role: "R", id: "r" }, payload: new Uint8Array(0) };
}

describe("a mailbox", () => {
  it("handles all that waits in one turn, and ends the turn once", async () => {
    const log: string[] = [];
    const mailbox = new Mailbox(
      ({ to }) => log.push(`handle ${String(to)}`),
      () => log.push("end"),
    );
    mailbox.open();
    mailbox.push(delivery(1));
    mailbox.push(delivery(2));
    expect([mailbox.depth, log]).toEqual([2, []]);
    await turn();
    expect([mailbox.depth, log]).toEqual([0, ["handle 1", "handle 2", "end"]]);
  });

  it("leaves what arrives meanwhile to the next turn, so that input and output get theirs", async () => {
    const log: string[] = [];
    const mailbox = new Mailbox(
      ({ to }) => {
        log.push(`handle ${String(to)}`);
        if (to < 3) mailbox.push(delivery(to + 1));
      },
      () => log.push("end"),
    );
    mailbox.open();
    mailbox.push(delivery(1));
    await turn();
    expect(log).toEqual(["handle 1", "end"]);
    await turn();
    await turn();
    expect(log).toEqual(["handle 1", "end", "handle 2", "end", "handle 3", "end"]);
  });

  it("lets everything wait until it is opened, and again when it is closed", async () => {
    const log: string[] = [];
    const mailbox = new Mailbox(
      ({ to }) => log.push(`handle ${String(to)}`),
      () => log.push("end"),
    );
    mailbox.push(delivery(1));
    mailbox.wake();
    await turn();
    expect(log).toEqual([]);
    mailbox.open();
    await turn();
    expect(log).toEqual(["handle 1", "end"]);
    mailbox.push(delivery(2));
    mailbox.close();
    await turn();
    expect(log.filter((line) => line.startsWith("handle"))).toEqual(["handle 1"]);
  });

  it("has a turn when there is only something to send", async () => {
    let ends = 0;
    const mailbox = new Mailbox(
      () => undefined,
      () => ends++,
    );
    mailbox.open();
    await turn();
    ends = 0;
    mailbox.wake();
    mailbox.wake();
    await turn();
    expect(ends).toBe(1);
  });
});
