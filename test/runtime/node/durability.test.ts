import { On, Role } from "../../../decorators/index.ts";
import { decodePayload } from "../../../runtime/codec/payloadDecoder.ts";
import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import { deploy } from "../../../runtime/deployment.ts";
import { ComponentHost, type ActivationFailure } from "../../../runtime/node/componentHost.ts";
import { decodeRecord } from "../../../runtime/node/durableRecord.ts";
import { instances, system } from "../../../runtime/system.ts";
import type { SnapshotOptions, Storage } from "../../../runtime/storage/storage.ts";
import { Depositor, saving } from "./vault.ts";

/** Storage whose syncs end when the test says so, and whose crashes lose what was not synced. */
class HeldStorage implements Storage {
  readonly snapshots: SnapshotOptions[] = [];
  #records: Uint8Array[];
  #durable: Uint8Array[];
  #waiting: { readonly records: Uint8Array[]; readonly done: () => void }[] = [];

  constructor(records: readonly Uint8Array[] = []) {
    this.#records = [...records];
    this.#durable = [...records];
  }

  get durable(): readonly Uint8Array[] {
    return this.#durable;
  }

  recover(): readonly Uint8Array[] {
    return this.#durable;
  }

  append(record: Uint8Array): void {
    this.#records = [...this.#records, record];
  }

  snapshot(record: Uint8Array, options: SnapshotOptions): void {
    this.snapshots.push(options);
    this.#records = [record];
  }

  sync(done: () => void): void {
    this.#waiting.push({ records: this.#records, done });
  }

  /** Ends the next so many syncs; all that were asked for unless said. */
  release(count = this.#waiting.length): void {
    for (const { records, done } of this.#waiting.splice(0, count)) {
      this.#durable = records;
      done();
    }
  }
}

const deployment = deploy(saving, { clients: 2 });

interface Stage {
  readonly host: ComponentHost;
  readonly storage: HeldStorage;
  readonly failures: ActivationFailure[];
  /** What has left: activation, receiver, message. */
  readonly left: string[];
  /** What was done to the clock. */
  readonly timers: string[];
}

function stage(durable: readonly Uint8Array[] = []): Stage {
  const [instance] = deployment.instances;
  if (instance === undefined) throw new Error("There is a vault.");
  const storage = new HeldStorage(durable);
  const failures: ActivationFailure[] = [];
  const left: string[] = [];
  const timers: string[] = [];
  const host = new ComponentHost({
    deployment,
    instance,
    storage: () => storage,
    clock: {
      set: (handler, key, milliseconds) => timers.push(`set ${handler} ${String(key)} ${String(milliseconds)}`),
      clear: (handler, key) => timers.push(`clear ${handler} ${String(key)}`),
    },
    emit: (messages, activation) => {
      for (const { destination, handler, payload } of messages)
        left.push(`${String(activation)} ${destination.id} ${handler} ${JSON.stringify(decodePayload(payload))}`);
    },
    onFailure: (failure) => failures.push(failure),
    onDeadLetter: () => undefined,
  });
  return { host, storage, failures, left, timers };
}

/** A vault that has started, and whose first record is durable. */
function started(): Stage {
  const created = stage();
  created.storage.release();
  return created;
}

function deliver({ host }: Stage, handler: string, payload: unknown, saver = "saver-1"): void {
  host.deliver({ handler, from: { role: "Saver", id: saver }, payload: encodePayload(payload) });
}

describe("messages of a component with durable state", () => {
  it("wait for the sync that covers what their activation wrote", () => {
    const vault = started();
    deliver(vault, "save", { id: "a", amount: 1 });
    expect([vault.left, vault.host.held]).toEqual([[], 1]);
    vault.storage.release();
    expect([vault.left, vault.host.held]).toEqual([['1 saver-1 saved {"id":"a","balance":1}'], 0]);
  });

  it("wait for what their activation read", () => {
    const vault = started();
    deliver(vault, "save", { id: "a", amount: 1 });
    deliver(vault, "ask", {}, "saver-2");
    expect(vault.left).toEqual([]);
    vault.storage.release();
    expect(vault.left).toEqual(['1 saver-1 saved {"id":"a","balance":1}', '2 saver-2 told {"what":"1"}']);
    deliver(vault, "ask", {});
    expect(vault.left.at(-1)).toBe('3 saver-1 told {"what":"1"}');
  });

  it("wait for what their activation knows through volatile state", () => {
    const vault = started();
    deliver(vault, "save", { id: "a", amount: 1 });
    deliver(vault, "look", {});
    deliver(vault, "remember", { saver: "saver-2" });
    expect(vault.left).toEqual([]);
    vault.storage.release();
    expect(vault.left.at(-1)).toBe('3 saver-2 told {"what":"1"}');
  });

  it("do not wait when it touched nothing that is under way", () => {
    const vault = started();
    deliver(vault, "remember", { saver: "saver-2" });
    deliver(vault, "save", { id: "a", amount: 1 });
    deliver(vault, "greet", { saver: "saver-2" });
    deliver(vault, "remember", { saver: "saver-2" });
    expect(vault.left.map((line) => line.slice(0, 11))).toEqual(["1 saver-2 t", "3 saver-2 t", "4 saver-2 t"]);
  });

  it("to one receiver leave in the order of the activations all the same", () => {
    const vault = started();
    deliver(vault, "save", { id: "a", amount: 1 });
    deliver(vault, "greet", { saver: "saver-1" });
    expect(vault.left).toEqual([]);
    vault.storage.release();
    expect(vault.left.map((line) => line.split(" ")[2])).toEqual(["saved", "told"]);
  });

  it("are let go by each sync as far as it reaches; activations go on meanwhile", () => {
    const vault = started();
    for (const id of ["a", "b", "c"]) deliver(vault, "save", { id, amount: 1 });
    vault.storage.release(2);
    expect(vault.left.map((line) => line.split(" ")[0])).toEqual(["1", "2"]);
    vault.storage.release();
    expect(vault.left).toHaveLength(3);
  });

  it("wait for the journal, too", () => {
    const vault = started();
    deliver(vault, "note", { id: "n", amount: 0 });
    expect(vault.left).toEqual([]);
    vault.storage.release();
    expect(vault.left).toHaveLength(1);
  });
});

describe("what an activation stores", () => {
  it("is one record, with the changes and what it appended", () => {
    const vault = started();
    deliver(vault, "save", { id: "a", amount: 3 });
    vault.storage.release();
    const record = decodeRecord(vault.storage.durable.at(-1) ?? new Uint8Array());
    if (record.kind !== "changes") throw new Error("It changed something.");
    expect(record.changes).toHaveLength(2);
    expect(record.journals.map(({ journal, record: entry }) => [journal, decodePayload(entry)])).toEqual([
      ["ledger", { id: "a", amount: 3 }],
    ]);
  });

  it("is nothing when the handler throws, which sets no timers either", () => {
    const vault = started();
    deliver(vault, "save", { id: "a", amount: -1 });
    vault.storage.release();
    expect([vault.storage.durable.length, vault.left, vault.timers]).toEqual([1, [], []]);
    deliver(vault, "ask", {});
    expect(vault.left).toEqual(['2 saver-1 told {"what":"0"}']);
  });

  it("fails the activation when it cannot be stored", () => {
    const vault = started();
    deliver(vault, "spoil", {});
    expect(vault.failures.map(({ error }) => String(error))).toEqual([expect.stringMatching(/would hold a function/)]);
    deliver(vault, "ask", {});
    expect(vault.left).toEqual(['2 saver-1 told {"what":"0"}']);
  });

  it("is kept beyond snapshots when there is a journal", () => {
    expect(started().storage.snapshots).toEqual([{ keepEarlier: true }]);
  });
});

describe("a host that comes back", () => {
  function crash(before: Stage): Stage {
    return stage(before.storage.durable);
  }

  it("has started once, however often it crashes; what it recovers has to be stored before anybody hears of it", () => {
    let vault = stage();
    vault.host.start();
    expect([vault.host.recovered, vault.left]).toEqual([false, []]);
    vault = crash(vault); // before the first record was durable: as if it had never been
    expect([vault.host.recovered, vault.host.startHandlers]).toEqual([false, ["open"]]);
    vault.host.start();
    vault.storage.release();
    expect(vault.left).toEqual(['1 saver-1 told {"what":"open"}', '1 saver-2 told {"what":"open"}']);
    for (let i = 0; i < 3; i++) {
      vault = crash(vault);
      expect([vault.host.recovered, vault.host.startHandlers]).toEqual([true, ["reopen"]]);
      vault.host.start();
      expect(vault.left).toEqual([]);
      vault.storage.release();
      expect(vault.left).toHaveLength(2);
    }
  });

  it("has what was durable and nothing else, and sets its timers again", () => {
    const before = started();
    deliver(before, "save", { id: "a", amount: 2 });
    deliver(before, "look", {});
    before.storage.release();
    deliver(before, "save", { id: "b", amount: 5 }, "saver-2");
    const after = crash(before);
    after.host.start();
    after.storage.release();
    expect(after.left[0]).toBe('1 saver-1 told {"what":"reopen with 2"}');
    expect(after.timers).toEqual(["set reminded saver-1 100"]);
    deliver(after, "remember", { saver: "saver-1" });
    expect(after.left.at(-1)).toBe('2 saver-1 told {"what":""}');
    deliver(after, "save", { id: "c", amount: 1 });
    after.storage.release();
    expect(after.left.at(-1)).toBe('3 saver-1 saved {"id":"c","balance":3}');
  });
});

describe("one-shot timers", () => {
  it("fire for nobody to hear before what they were set in view of is stored", () => {
    const vault = started();
    deliver(vault, "save", { id: "a", amount: 1 });
    deliver(vault, "plan", { id: "x" });
    expect(vault.timers.at(-1)).toBe("set reminded x 50");
    vault.host.expire("reminded", "x");
    expect(vault.left).toEqual([]);
    vault.storage.release();
    expect(vault.left.at(-1)).toBe('3 saver-2 told {"what":"reminder of x"}');
    vault.host.expire("reminded", "x");
    expect(vault.left.at(-1)).toBe('4 saver-2 told {"what":"reminder of x"}');
  });

  it("are set and cleared when the handler has returned, and fire with their key", () => {
    const vault = started();
    deliver(vault, "save", { id: "a", amount: 1 });
    deliver(vault, "settle", { id: "saver-1" });
    expect(vault.timers).toEqual(["set reminded saver-1 100", "clear reminded saver-1"]);
    vault.storage.release();
    vault.host.expire("reminded", "saver-1");
    vault.host.expire("reminded", undefined);
    expect(vault.left.slice(1).map((line) => line.slice(line.indexOf("{")))).toEqual([
      '{"what":"reminder of saver-1"}',
      '{"what":"reminder of saver-1"}',
      '{"what":"reminder of all"}',
      '{"what":"reminder of all"}',
    ]);
  });
});

describe("a host", () => {
  it("knows whether a crash would lose anything", () => {
    expect(started().host.hasVolatileState).toBe(true);
  });

  it("needs storage exactly when there is something to store", () => {
    @Role()
    class Idle {
      @On() poke(): void {
        // Nothing to keep.
      }
    }
    const open = (role: "Vault" | "Idle"): ComponentHost => {
      const two = deploy(
        system({
          name: "two",
          roles: [...saving.roles, instances(Idle, 1)],
          clients: { driver: class extends Depositor {} },
        }),
      );
      const instance = two.instances.find((candidate) => candidate.role === role);
      if (instance === undefined) throw new Error(`There is a ${role}.`);
      return new ComponentHost({
        deployment: two,
        instance,
        emit: () => undefined,
        onFailure: () => undefined,
        onDeadLetter: () => undefined,
      });
    };
    expect(() => open("Vault")).toThrow(/Vault\/vault#main\.0 has durable state, and was given no storage/);
    expect(open("Idle").hasVolatileState).toBe(false);
  });
});
