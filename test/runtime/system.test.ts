import { On, peer, peers, Role, self, type Ref } from "riven";
import { instances, runInMemory, system } from "riven/runtime";

@Role({ external: true })
abstract class Asker {
  abstract told(m: { id: string; limit: number }): void;
}

@Role()
class Limiter {
  private readonly askers = peers(() => Asker);

  constructor(private readonly limit: number) {}

  @On() ask(m: { id: string }, from: Ref<Asker>): void {
    this.askers.at(from.id).told({ id: m.id, limit: this.limit });
  }
}

describe("what the constructor of a role takes", () => {
  it("is configuration that the topology gives, and components get the same", async () => {
    const seen = new Set<number>();
    class Driver extends Asker {
      private readonly limiter = peer(() => Limiter);
      private readonly self = self();
      request(n: number): string {
        const id = `${this.self.id}:${String(n)}`;
        this.limiter.ask({ id });
        return id;
      }
      told(m: { id: string; limit: number }): string {
        seen.add(m.limit);
        return m.id;
      }
    }
    const limited = system({ name: "limited", roles: [instances(Limiter, 1, 7)], clients: { driver: Driver } });
    const asWritten = await runInMemory(limited, { seconds: 0.05, warmUpSeconds: 0 });
    expect(asWritten.commands).toBeGreaterThan(0);
    const rewritten = {
      components: { Limiter: { main: Limiter } },
      routing: {
        roles: {
          Limiter: {
            components: { main: { partitions: 2, partitioned: true } },
            handlers: { ask: { component: "main", key: (m: { id: string }) => m.id, by: "m.id" } },
            timers: {},
          },
        },
      },
    };
    await runInMemory(limited, { rewritten, seconds: 0.05, warmUpSeconds: 0 });
    expect([...seen]).toEqual([7]);
  });
});
