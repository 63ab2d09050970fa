import { On, Role, type Ref } from "../../../decorators/index.ts";
import { MAX_PAYLOAD_BYTES } from "../../../runtime/codec/frame.ts";
import { decodePayload } from "../../../runtime/codec/payloadDecoder.ts";
import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import { deploy, type Deployment } from "../../../runtime/deployment.ts";
import { ComponentHost, type ActivationFailure, type DeadLetter } from "../../../runtime/node/componentHost.ts";
import type { Incoming, Outgoing } from "../../../runtime/node/message.ts";
import { printInstance } from "../../../runtime/routing/address.ts";
import { partitionOf } from "../../../runtime/routing/partitionOf.ts";
import { instances, system } from "../../../runtime/system.ts";
import { banking, Depositor, rewrittenBanking, type Customer } from "./banking.ts";

interface Stage {
  readonly host: ComponentHost;
  /** What was emitted, one list for each activation. */
  readonly emitted: (readonly Outgoing[])[];
  readonly failures: ActivationFailure[];
  readonly lost: DeadLetter[];
}

function host(deployment: Deployment, name: string): Stage {
  const instance = deployment.instances.find((candidate) => printInstance(candidate) === name);
  if (instance === undefined) throw new Error(`No ${name} among ${deployment.instances.map(printInstance).join(", ")}`);
  const stage = {
    emitted: [] as (readonly Outgoing[])[],
    failures: [] as ActivationFailure[],
    lost: [] as DeadLetter[],
  };
  const created = new ComponentHost({
    deployment,
    instance,
    emit: (messages) => stage.emitted.push(messages),
    onFailure: (failure) => stage.failures.push(failure),
    onDeadLetter: (letter) => stage.lost.push(letter),
  });
  return { host: created, ...stage };
}

function message(handler: string, payload: unknown, role = "Customer", id = "customer-1"): Incoming {
  return { handler, from: { role, id }, payload: encodePayload(payload) };
}

/** Messages as people read them. */
function shown(stage: Stage): readonly string[] {
  return stage.emitted
    .flat()
    .map(
      ({ destination, handler, from, payload, internal }) =>
        `${from.role}/${from.id} -> ${printInstance(destination)} ${handler}${internal ? " (internal)" : ""} ${JSON.stringify(decodePayload(payload))}`,
    );
}

const asWritten = deploy(banking, { clients: 2 });

describe("an activation", () => {
  it("sends to whom the message came from, and to members, when the handler has returned", () => {
    const bank = host(asWritten, "Bank/bank#main.0");
    bank.host.deliver(message("deposit", { id: "d1", amount: 5 }));
    bank.host.deliver(message("deposit", { id: "d2", amount: 5 }, "Customer", "customer-2"));
    bank.host.deliver(message("deposit", { id: "d3", amount: 1 }));
    expect(shown(bank)).toEqual([
      'Bank/bank -> Customer/customer-1#main.0 confirmed {"id":"d1","balance":5}',
      'Bank/bank -> Customer/customer-2#main.0 confirmed {"id":"d2","balance":5}',
      'Bank/bank -> Customer/customer-1#main.0 confirmed {"id":"d3","balance":6}',
    ]);
  });

  it("that throws changes nothing, sends nothing, and is reported", () => {
    const bank = host(asWritten, "Bank/bank#main.0");
    bank.host.deliver(message("deposit", { id: "d1", amount: 5 }));
    bank.host.deliver(message("deposit", { id: "d2", amount: -9 }));
    bank.host.deliver(message("deposit", { id: "d3", amount: 1 }));
    expect(shown(bank).map((line) => line.slice(line.indexOf("{")))).toEqual([
      '{"id":"d1","balance":5}',
      '{"id":"d3","balance":6}',
    ]);
    expect(bank.failures).toMatchObject([{ handler: "deposit", error: { message: "customer-1 is overdrawn" } }]);
    expect(bank.host.counters).toMatchObject({ activations: 3, failures: 1, sent: 2, deadLetters: 0 });
  });

  it("sends what a payload was at the send statement", () => {
    const bank = host(asWritten, "Bank/bank#main.0");
    bank.host.deliver(message("change", { list: [1] }));
    expect(bank.emitted[0]?.map(({ payload }) => decodePayload(payload))).toEqual([{ list: [1] }, { list: [1, 99] }]);
  });

  it.each([
    ["changes its message", "spoil", { list: [] }, /not extensible/],
    ["sends a reference", "sendRef", undefined, /payload\.list\[0\] is a reference to a node/],
    ["is asynchronous", "wait", undefined, /runs to completion/],
  ])("fails when the handler %s", (_, handler, payload, reason) => {
    const bank = host(asWritten, "Bank/bank#main.0");
    bank.host.deliver(message(handler, payload));
    expect(bank.emitted).toEqual([]);
    expect(bank.failures.map(({ error }) => String(error))).toEqual([expect.stringMatching(reason)]);
  });

  it("fails, and hurts nobody, when the payload is garbage", () => {
    const bank = host(asWritten, "Bank/bank#main.0");
    bank.host.deliver({ ...message("deposit", {}), payload: Uint8Array.from([0xff]) });
    bank.host.deliver(message("deposit", { id: "d1", amount: 5 }));
    expect([bank.failures.length, bank.emitted.length]).toEqual([1, 1]);
  });

  it("cannot send after it is over", () => {
    let escaped: Ref<Customer> | undefined;
    @Role()
    class Leaky {
      @On() keep(_m: unknown, from: Ref<Customer>): void {
        escaped = from;
      }
    }
    const deployment = deploy(
      system({ name: "leaky", roles: [instances(Leaky, 1)], clients: { driver: class extends Depositor {} } }),
    );
    const leaky = host(deployment, "Leaky/leaky-1#main.0");
    leaky.host.deliver(message("keep", {}));
    expect(() => {
      escaped?.confirmed({ id: "late", balance: 0 });
    }).toThrow(/outside a handler/);
  });
});

describe("dead letters", () => {
  it("are messages to ids that nobody has", () => {
    const bank = host(asWritten, "Bank/bank#main.0");
    bank.host.deliver(message("notify", { customer: "customer-9" }));
    expect(bank.emitted).toEqual([]);
    expect(bank.lost).toMatchObject([{ handler: "confirmed", reason: "there is no Customer/customer-9" }]);
    expect(bank.host.counters).toMatchObject({ failures: 0, deadLetters: 1 });
  });

  const large = { id: "x".repeat(MAX_PAYLOAD_BYTES), amount: 5 };

  it("are messages that no frame can carry", () => {
    const bank = host(asWritten, "Bank/bank#main.0");
    bank.host.deliver(message("deposit", large));
    expect(bank.emitted).toEqual([]);
    expect(bank.lost).toMatchObject([
      { handler: "confirmed", reason: expect.stringMatching(/^it has 167\d+ bytes/) as string },
    ]);
  });

  it("are not what components forward to each other: the activation fails", () => {
    const main = host(deploy(banking, { rewritten: rewrittenBanking }), "Bank/bank#main.0");
    main.host.deliver(message("deposit", large));
    expect([main.emitted, main.lost]).toEqual([[], []]);
    expect(main.failures.map(({ error }) => String(error))).toEqual([
      expect.stringMatching(/^RangeError: confirm is not forwarded, because it has 167\d+ bytes/),
    ]);
  });

  it("are messages that the receiver does not handle, or from strangers", () => {
    const bank = host(asWritten, "Bank/bank#main.0");
    bank.host.deliver(message("withdraw", {}));
    bank.host.deliver(message("deposit", { id: "d", amount: 1 }, "Thief", "thief-1"));
    bank.host.deliver(message("deposit", { id: "d", amount: 1 }, "Customer", "customer-9"));
    expect(bank.lost.map(({ reason }) => reason)).toEqual([
      "Bank/bank#main.0 does not handle it",
      "it comes from Thief/thief-1, which is not part of this system",
      "it comes from Customer/customer-9, which is not part of this system",
    ]);
    expect(bank.host.counters).toMatchObject({ activations: 0, failures: 0, sent: 0, deadLetters: 3 });
  });
});

describe("start handlers and timers", () => {
  it("run when they are told to, as activations", () => {
    const bank = host(asWritten, "Bank/bank#main.0");
    expect(bank.host.timers).toEqual([{ handler: "tick", milliseconds: 1000 }]);
    bank.host.start();
    bank.host.fire("tick");
    bank.host.fire("tick");
    expect(bank.emitted.map((messages) => messages.map(({ payload }) => decodePayload(payload)))).toEqual([
      [
        { bank: "bank", started: 1 },
        { bank: "bank", started: 1 },
      ],
      [
        { bank: "bank", started: 1 },
        { bank: "bank", started: 1 },
      ],
      [
        { bank: "bank", started: 2 },
        { bank: "bank", started: 2 },
      ],
    ]);
  });

  it("`others` leaves the node itself out", () => {
    const auditor = host(asWritten, "Auditor/auditor-1#main.0");
    auditor.host.deliver(message("opened", { bank: "bank", started: 7 }, "Bank", "bank"));
    expect(shown(auditor)).toEqual(['Auditor/auditor-1 -> Auditor/auditor-2#main.0 counted {"list":[7]}']);
  });
});

describe("drivers", () => {
  it("request operations, and say which one a message completes", () => {
    const customer = host(asWritten, "Customer/customer-2#main.0");
    expect(customer.host.isDriver).toBe(true);
    expect(customer.host.request(3)).toBe("customer-2:3");
    expect(shown(customer)).toEqual([
      'Customer/customer-2 -> Bank/bank#main.0 deposit {"id":"customer-2:3","amount":1}',
    ]);
    expect(customer.host.deliver(message("confirmed", { id: "customer-2:3", balance: 1 }, "Bank", "bank"))).toBe(
      "customer-2:3",
    );
  });
});

class Handless {
  readonly balances = new Map<string, number>();
}

describe("components of a rewritten role", () => {
  const rewritten = deploy(banking, { rewritten: rewrittenBanking, clients: 2, partitions: 4 });

  it("forward to each other in the name of the original sender, by the key of the forward", () => {
    const main = host(rewritten, "Bank/bank#main.0");
    main.host.deliver(message("deposit", { id: "d1", amount: 5 }, "Customer", "customer-2"));
    const partition = String(partitionOf(["d1", "customer-2"], 4));
    expect(shown(main)).toEqual([
      `Customer/customer-2 -> Bank/bank#clerk.${partition} confirm (internal) {"id":"d1","balance":5}`,
    ]);
  });

  it("answer under the logical id of their node", () => {
    const clerk = host(rewritten, "Bank/bank#clerk.2");
    clerk.host.deliver(message("confirm", { id: "d1", balance: 5 }, "Customer", "customer-2"));
    expect(shown(clerk)).toEqual(['Bank/bank -> Customer/customer-2#main.0 confirmed {"id":"d1","balance":5}']);
  });

  it("forward what no message caused in their own name", () => {
    const main = host(rewritten, "Bank/bank#main.0");
    main.host.start();
    expect(shown(main)).toEqual(['Bank/bank -> Bank/bank#clerk.0 opening (internal) {"bank":"bank"}']);
  });

  it("have the timers that the table gives them, in one partition only", () => {
    const timersOf = (name: string): number => host(rewritten, name).host.timers.length;
    expect([timersOf("Bank/bank#main.0"), timersOf("Bank/bank#clerk.0")]).toEqual([1, 0]);
  });

  it("must have the methods that the table sends to them", () => {
    const broken = deploy(banking, {
      rewritten: { ...rewrittenBanking, components: { Bank: { main: Handless, clerk: Handless } } },
    });
    expect(() => host(broken, "Bank/bank#main.0")).toThrow(
      /Handless has no method deposit, which the routing table sends to it/,
    );
  });
});
