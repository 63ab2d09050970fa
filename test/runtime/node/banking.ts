/** A small system for the tests of the runtime: accounts that clients move money between, one by one. */
import { component, Every, On, OnStart, peer, peers, Role, self, type Ref } from "../../../decorators/index.ts";
import { instances, system, type RewrittenSystem } from "../../../runtime/system.ts";

export interface Deposit {
  readonly id: string;
  readonly amount: number;
}

@Role({ external: true })
export abstract class Customer {
  abstract confirmed(m: { id: string; balance: number }): void;
}

@Role()
export class Bank {
  private readonly balances = new Map<string, number>();
  private started = 0;
  private ticks = 0;
  private readonly auditors = peers(() => Auditor);
  private readonly customers = peers(() => Customer);
  private readonly self = self();

  @OnStart() open(): void {
    this.started++;
    for (const auditor of this.auditors) auditor.opened({ bank: this.self.id, started: this.started });
  }

  @Every(1000) tick(): void {
    this.ticks++;
    for (const auditor of this.auditors) auditor.opened({ bank: this.self.id, started: this.ticks });
  }

  @On() deposit(m: Deposit, from: Ref<Customer>): void {
    const balance = (this.balances.get(from.id) ?? 0) + m.amount;
    this.balances.set(from.id, balance);
    from.confirmed({ id: m.id, balance });
    if (balance < 0) throw new Error(`${from.id} is overdrawn`);
  }

  @On() notify(m: { customer: string }): void {
    this.customers.at(m.customer).confirmed({ id: "notice", balance: 0 });
  }

  @On() change(m: { list: number[] }): void {
    const first = this.auditors.ids[0] ?? "";
    const list = [...m.list];
    this.auditors.at(first).counted({ list });
    list.push(99);
    this.auditors.at(first).counted({ list });
  }

  @On() spoil(m: { list: number[] }): void {
    m.list.push(1);
  }

  @On() sendRef(_m: unknown, from: Ref<Customer>): void {
    this.auditors.at("auditor-1").counted({ list: [from as never] });
  }

  // A role must not do this; the compiler says so, and the runtime refuses it too.
  @On() async wait(): Promise<void> {
    await Promise.resolve();
  }
}

@Role()
export class Auditor {
  private readonly others = peers(() => Auditor);

  @On() opened(m: { bank: string; started: number }): void {
    for (const other of this.others.others) other.counted({ list: [m.started] });
  }

  @On() counted(_m: { list: number[] }): void {
    // Receives only.
  }
}

export class Depositor extends Customer {
  private readonly bank = peer(() => Bank);
  private readonly self = self();

  request(n: number): string {
    const id = `${this.self.id}:${String(n)}`;
    this.bank.deposit({ id, amount: 1 });
    return id;
  }

  confirmed(m: { id: string }): string {
    return m.id;
  }
}

export const banking = system({
  name: "banking",
  roles: [instances(Bank, ["bank"]), instances(Auditor, 2)],
  clients: { driver: Depositor },
});

/** As generated code would have it: deposits stay, confirmations go through another component, by customer. */
class BankMain {
  private readonly balances = new Map<string, number>();
  private readonly clerk = component<BankClerk>("clerk");

  open(): void {
    this.clerk.opening({ bank: "bank" });
  }

  tick(): void {
    this.clerk.opening({ bank: "tick" });
  }

  deposit(m: Deposit, from: Ref<Customer>): void {
    const balance = (this.balances.get(from.id) ?? 0) + m.amount;
    this.balances.set(from.id, balance);
    this.clerk.confirm({ id: m.id, balance });
  }
}

class BankClerk {
  private readonly auditors = peers(() => Auditor);

  confirm(m: { id: string; balance: number }, from: Ref<Customer>): void {
    from.confirmed(m);
  }

  opening(m: { bank: string }, from: Ref<Bank>): void {
    for (const auditor of this.auditors) auditor.opened({ bank: `${m.bank} by ${from.id}`, started: 1 });
  }
}

export const rewrittenBanking: RewrittenSystem = {
  components: { Bank: { main: BankMain, clerk: BankClerk } },
  routing: {
    roles: {
      Bank: {
        components: {
          main: { partitions: 1, partitioned: false },
          clerk: { partitions: 3, partitioned: true },
        },
        handlers: {
          deposit: { component: "main" },
          confirm: {
            component: "clerk",
            key: (m: { id: string }, from) => [m.id, from.id],
            by: "m.id, from.id",
            internal: true,
          },
          opening: { component: "clerk", internal: true },
        },
        timers: { open: { component: "main" }, tick: { component: "main" } },
      },
    },
  },
};
