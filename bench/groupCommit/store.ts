/** The smallest durable workload: a transaction is one write to a durable field, acknowledged. */
import { Durable, On, peer, Role, type Ref } from "riven";
import { instances, system } from "riven/runtime";
import { encodePayload } from "../../runtime/codec/payloadEncoder.ts";
import type { Workload } from "./workload.ts";

interface Transaction {
  readonly id: string;
  readonly key: number;
  readonly value: Uint8Array;
}

/** So many keys are written over and over, so that the state stays as large as it is. */
const KEYS = 10_000;
const VALUE = new Uint8Array(100).fill(7);

function transaction(n: number): Transaction {
  return { id: String(n), key: n % KEYS, value: VALUE };
}

@Role({ external: true })
export abstract class Writer {
  abstract written(m: { id: string }): void;
}

@Role()
export class Store {
  @Durable() private readonly values = new Map<number, Uint8Array>();

  @On() write(m: Transaction, from: Ref<Writer>): void {
    this.values.set(m.key, m.value);
    from.written({ id: m.id });
  }
}

class Driver extends Writer {
  private readonly store = peer(() => Store);

  request(n: number): string {
    const next = transaction(n);
    this.store.write(next);
    return next.id;
  }

  written(m: { id: string }): string {
    return m.id;
  }
}

const values = new Map<number, Uint8Array>();

export const store: Workload = {
  name: "store",
  transaction: "one write of 100 bytes, acknowledged when it is on stable storage",
  system: system({
    name: "store",
    roles: [instances(Store, ["store"])],
    clients: { driver: Driver },
  }),
  bare: (n, [log], over) => {
    const { key, value } = transaction(n);
    values.set(key, value);
    log?.append(encodePayload([key, value]), over);
  },
  logs: 1,
};
