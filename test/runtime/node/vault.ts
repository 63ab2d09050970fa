/** A small system with durable state, for the tests of the runtime. */
import {
  After,
  Durable,
  journal,
  On,
  OnRecover,
  OnStart,
  peer,
  peers,
  Role,
  self,
  timers,
  type Ref,
} from "../../../decorators/index.ts";
import { instances, system, type RewrittenSystem } from "../../../runtime/system.ts";

@Role({ external: true })
export abstract class Saver {
  abstract saved(m: { id: string; balance: number }): void;
  abstract told(m: { what: string }): void;
}

@Role()
export class Vault {
  @Durable() private readonly balances = new Map<string, number>();
  @Durable() private total = 0;
  private lastSeen = "";
  private readonly ledger = journal<{ id: string; amount: number }>();
  private readonly timers = timers<"reminder">();
  private readonly savers = peers(() => Saver);

  @OnStart() open(): void {
    this.tell("open");
  }

  @OnRecover() reopen(): void {
    this.tell(`reopen with ${String(this.total)}`);
    for (const [id] of this.balances) this.timers.reminder.set(100, id);
  }

  @On() save(m: { id: string; amount: number }, from: Ref<Saver>): void {
    const balance = (this.balances.get(from.id) ?? 0) + m.amount;
    this.balances.set(from.id, balance);
    this.total += m.amount;
    this.ledger.append(m);
    this.timers.reminder.set(100, from.id);
    from.saved({ id: m.id, balance });
    if (balance < 0) throw new Error("overdrawn");
  }

  /** Reads durable state. */
  @On() ask(_m: unknown, from: Ref<Saver>): void {
    from.told({ what: String(this.total) });
  }

  /** Touches no state. */
  @On() greet(m: { saver: string }): void {
    this.savers.at(m.saver).told({ what: "hello" });
  }

  /** Writes volatile state that depends on durable state. */
  @On() look(): void {
    this.lastSeen = String(this.total);
  }

  /** Reads volatile state. */
  @On() remember(m: { saver: string }): void {
    this.savers.at(m.saver).told({ what: this.lastSeen });
  }

  /** Sets a timer in view of durable state. */
  @On() plan(m: { id: string }): void {
    if (this.total > 0) this.timers.reminder.set(50, m.id);
  }

  @On() settle(m: { id: string }): void {
    this.timers.reminder.clear(m.id);
  }

  /** Appends to the journal, and to nothing else. */
  @On() note(m: { id: string; amount: number }, from: Ref<Saver>): void {
    this.ledger.append(m);
    from.told({ what: "noted" });
  }

  @On() spoil(): void {
    Reflect.set(this, "total", () => 0);
  }

  @After("reminder") reminded(id?: string): void {
    this.tell(`reminder of ${id ?? "all"}`);
  }

  private tell(what: string): void {
    for (const saver of this.savers) saver.told({ what });
  }
}

export class Depositor extends Saver {
  private readonly vault = peer(() => Vault);
  private readonly self = self();
  private highest = 0;

  request(n: number): string {
    const id = `${this.self.id}:${String(n)}`;
    this.vault.save({ id, amount: 1 });
    return id;
  }

  /** What was acknowledged is never forgotten: every balance is higher than the ones before. */
  saved(m: { id: string; balance: number }): string {
    if (m.balance <= this.highest) throw new Error(`${String(this.highest)} were saved, and now ${String(m.balance)}`);
    this.highest = m.balance;
    return m.id;
  }

  told(): undefined {
    return undefined;
  }
}

export const saving = system({
  name: "saving",
  roles: [instances(Vault, ["vault"])],
  clients: { driver: Depositor },
});

/** As generated code would have it: by saver, and partitioned. */
class VaultMain {
  private readonly balances = new Map<string, number>();

  save(m: { id: string; amount: number }, from: Ref<Saver>): void {
    const balance = (this.balances.get(from.id) ?? 0) + m.amount;
    this.balances.set(from.id, balance);
    from.saved({ id: m.id, balance });
  }
}

export const partitionedSaving: RewrittenSystem = {
  components: { Vault: { main: VaultMain } },
  routing: {
    roles: {
      Vault: {
        components: { main: { partitions: 2, partitioned: true, durable: ["balances"] } },
        handlers: { save: { component: "main", key: (_m: never, from) => from.id, by: "from.id" } },
        timers: {},
      },
    },
  },
};
