/** State by key, and an epoch that all of it is compared with: what is about the epoch concerns all partitions. */
import { On, peer, Role, self, type Ref } from "riven";
import { instances, system, type RewrittenSystem, type SystemDefinition } from "riven/runtime";

@Role({ external: true })
export abstract class Client {
  abstract done(m: { id: string }): void;
}

@Role()
export class Register {
  private readonly values = new Map<string, Uint8Array>();
  private epoch = 0;

  @On() put(m: { id: string; epoch: number; value: Uint8Array }, from: Ref<Client>): void {
    if (m.epoch < this.epoch) return;
    this.values.set(m.id, m.value);
    from.done({ id: m.id });
  }

  @On() open(m: { id: string; epoch: number }, from: Ref<Client>): void {
    if (m.epoch > this.epoch) this.epoch = m.epoch;
    from.done({ id: m.id });
  }
}

/** A few keys, so that the state does not grow while it is measured. */
const KEYS = 1_000;

/** A client of which so many in a hundred operations concern all partitions. */
function createDriver(percent: number): SystemDefinition["clients"]["driver"] {
  return class Writer extends Client {
    private readonly self = self();
    private readonly register = peer(() => Register);

    request(n: number): string {
      const id = `${this.self.id}:${String(n % KEYS)}`;
      if (n % 100 < percent) this.register.open({ id, epoch: 1 });
      else this.register.put({ id, epoch: 1, value: new Uint8Array(16) });
      return id;
    }

    done(m: { id: string }): string {
      return m.id;
    }
  };
}

export function createSystem(percent: number): SystemDefinition {
  return system({
    name: `register-${String(percent)}`,
    roles: [instances(Register, ["register"])],
    clients: { driver: createDriver(percent) },
  });
}

export const rewrittenRegister: RewrittenSystem = {
  components: { Register: { main: Register } },
  routing: {
    roles: {
      Register: {
        components: {
          main: { partitions: 3, partitioned: true, replicates: ["epoch"], coordinator: "coordinator" },
          coordinator: { partitions: 1, partitioned: false, coordinates: "main" },
        },
        handlers: {
          put: { component: "main", key: (m: { id: string }) => m.id, by: "m.id" },
          open: { component: "main", replicated: {} },
        },
        timers: {},
      },
    },
  },
};
