import fc from "fast-check";
import { Every, On, OnStart, peers, Role, self, type Ref } from "riven";
import { deploy } from "../../../../runtime/deployment.ts";
import { explore } from "../../../../runtime/simulator/index.ts";
import { instances, system, type SystemDefinition } from "../../../../runtime/system.ts";
import { exploreNaively } from "./naive.ts";

/** What a node does, by what it has seen last: made up. */
interface Rule {
  readonly writes: number;
  readonly remembers: boolean;
  /** How many others it tells, and whether it answers to the client. */
  readonly tells: number;
  readonly answers: boolean;
  readonly throws: boolean;
}

type Rules = readonly Rule[];

const MODULUS = 3;

@Role({ external: true })
abstract class Client {
  abstract answered(m: { id: string; state: number }): string;
}

@Role()
class Machine {
  private readonly self = self();
  private readonly others = peers(() => Machine);
  private readonly clients = peers(() => Client);
  private state = 0;
  private readonly seen = new Set<string>();
  private hops = 0;

  constructor(
    private readonly rules: Rules,
    private readonly starts: boolean,
  ) {}

  @OnStart() begin(): void {
    if (this.starts) this.obey("start", 0);
  }

  @On() asked(m: { id: string }, from: Ref<Client>): void {
    this.obey(`${from.id}/${m.id}`, 1);
  }

  @On() told(m: { id: string; state: number }, from: Ref<Machine>): void {
    this.obey(m.id, m.state + (from.id === this.self.id ? 0 : 1));
  }

  @Every(10) tick(): void {
    this.obey("tick", 2);
  }

  private obey(id: string, input: number): void {
    const rule = this.rules[(this.state + input) % this.rules.length];
    if (rule === undefined) return;
    this.state = (this.state + rule.writes) % MODULUS;
    if (rule.remembers) this.seen.add(id);
    if (rule.throws) throw new Error("made up");
    if (this.hops < 2)
      for (const other of [...this.others.others].slice(0, rule.tells)) other.told({ id, state: this.state });
    if (rule.tells > 0) this.hops++;
    const [client] = id.split("/");
    if (rule.answers && id.includes("/") && client !== undefined)
      this.clients.at(client).answered({ id, state: this.state });
  }
}

class Asker extends Client {
  private readonly self = self();
  private readonly machines = peers(() => Machine);

  request(n: number): string {
    const ids = this.machines.ids;
    this.machines.at(ids[n % ids.length] ?? "").asked({ id: String(n) });
    return `${this.self.id}/${String(n)}`;
  }

  override answered(m: { id: string }): string {
    return m.id;
  }
}

function madeUp(rules: Rules, starts: boolean, machines: number): SystemDefinition {
  return system({
    name: "made up",
    roles: [instances(Machine, machines, rules, starts)],
    clients: { driver: Asker },
  });
}

const rule: fc.Arbitrary<Rule> = fc.record({
  writes: fc.nat({ max: 2 }),
  remembers: fc.boolean(),
  tells: fc.nat({ max: 1 }),
  answers: fc.boolean(),
  throws: fc.nat({ max: 9 }).map((n) => n === 0),
});

describe("the explorer", () => {
  it("finds the states, the transitions and the depth that running everything anew finds", () => {
    const systems = fc.record({
      rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
      starts: fc.boolean(),
      clients: fc.integer({ min: 1, max: 2 }),
      operations: fc.integer({ min: 1, max: 2 }),
      window: fc.integer({ min: 1, max: 2 }),
      firings: fc.nat({ max: 1 }),
    });
    fc.assert(
      fc.property(systems, ({ rules, starts, clients, operations, window, firings }) => {
        const made = madeUp(rules, starts, 2);
        const bounds = { operations: clients === 2 ? 1 : operations, window, firings: clients === 2 ? 0 : firings };
        const options = { clients, ...bounds, failures: "tolerated" } as const;
        const { verdict, distinct, generated, depth } = explore(made, options);
        expect(verdict).toBe("exhausted");
        if (distinct > 400) return; // too many to run everything anew
        expect({ distinct, generated, depth }).toEqual(exploreNaively(deploy(made, { clients }), bounds));
        expect(explore(made, { ...options, exact: true })).toMatchObject({ distinct, generated, depth });
      }),
      { numRuns: 30 },
    );
  });
});
