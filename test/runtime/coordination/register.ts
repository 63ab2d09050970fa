/** A node in partitions with a copy of some state each, as generated code would have it. */
import { Durable, Every, On, peer, Role, self, type Ref } from "../../../decorators/index.ts";
import type { SealedColumn } from "../../../runtime/routing/routingTable.ts";
import { instances, system, type RewrittenSystem } from "../../../runtime/system.ts";

export interface Entry {
  readonly key: string;
  readonly epoch: number;
}

@Role({ external: true })
export abstract class Editor {
  abstract written(m: { id: string; epoch: number }): void;
  abstract rejected(m: { id: string; epoch: number }): void;
  abstract opened(m: { id: string; epoch: number; entries: readonly Entry[] }): void;
}

/** Writes belong to an epoch; a new one is opened for all keys at once, and hears what was written. */
@Role()
export class Register {
  @Durable() epoch = 0;
  @Durable() readonly entries = new Map<string, number>();

  @On() write(m: { id: string; key: string; epoch: number }, from: Ref<Editor>): void {
    if (m.epoch !== this.epoch) {
      from.rejected({ id: m.id, epoch: this.epoch });
      return;
    }
    this.entries.set(m.key, m.epoch);
    from.written({ id: m.id, epoch: m.epoch });
  }

  @On() open(m: { id: string; epoch: number }, from: Ref<Editor>): void {
    if (m.epoch < 0) throw new Error("negative");
    if (m.epoch <= this.epoch) {
      from.rejected({ id: m.id, epoch: this.epoch });
      return;
    }
    this.epoch = m.epoch;
    const entries = [...this.entries].map(([key, epoch]) => ({ key, epoch }));
    from.opened({ id: m.id, epoch: m.epoch, entries: entries.sort(byKey) });
  }

  @Every(200) advance(): void {
    this.epoch += 1;
  }
}

export const byKey = (a: Entry, b: Entry): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/** Opens an epoch every so often, and writes in between, in the last epoch that it has heard of. */
export class Typist extends Editor {
  private readonly register = peer(() => Register);
  private readonly self = self();
  private epoch = 0;

  request(n: number): string {
    const id = `${this.self.id}:${String(n)}`;
    if (n % 8 === 7) this.register.open({ id, epoch: this.epoch + 1 });
    else this.register.write({ id, key: String(n % 32), epoch: this.epoch });
    return id;
  }

  written(m: { id: string }): string {
    return m.id;
  }

  rejected(m: { id: string; epoch: number }): string {
    this.epoch = Math.max(this.epoch, m.epoch);
    return m.id;
  }

  opened(m: { id: string; epoch: number; entries: readonly Entry[] }): string {
    const keys = m.entries.map(({ key }) => key);
    if (new Set(keys).size !== keys.length) throw new Error("A key was there twice.");
    this.epoch = Math.max(this.epoch, m.epoch);
    return m.id;
  }
}

export const register = system({
  name: "register",
  roles: [instances(Register, ["register"])],
  clients: { driver: Typist },
});

const sealed: readonly SealedColumn[] = [{ path: ["entries"], order: byKey }];
const key = (m: { key: string }): string => m.key;

export interface RegisterOptions {
  readonly partitions?: number;
  readonly durable?: boolean;
  /** Whether the epoch advances by itself. */
  readonly timer?: boolean;
}

export function rewrittenRegister({
  partitions = 3,
  durable = false,
  timer = false,
}: RegisterOptions = {}): RewrittenSystem {
  const fields = durable ? { durable: ["epoch", "entries"], owners: { entries: ([k]: [string]) => k } } : {};
  return {
    components: { Register: { main: Register } },
    routing: {
      roles: {
        Register: {
          components: {
            main: { partitions, partitioned: true, coordinator: "coordinator", replicates: ["epoch"], ...fields },
            coordinator: { partitions: 1, partitioned: false, coordinates: "main" },
          },
          handlers: {
            write: { component: "main", key, by: "m.key" },
            open: { component: "main", replicated: { sends: { "Editor.opened": { sealed } } } },
          },
          timers: timer ? { advance: { component: "main", replicated: {} } } : {},
        },
      },
    },
  };
}
