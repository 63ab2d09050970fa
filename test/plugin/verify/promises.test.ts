import { Determines, On, peer, Role, self, type Ref } from "../../../decorators/index.ts";
import { verifySystem, type Verification } from "../../../plugin/verify/index.ts";
import { instances, system } from "../../../runtime/system.ts";

@Role({ external: true })
abstract class Writer {
  abstract written(m: { op: string }): void;
}

/** Remembers which command has which number. */
@Role()
class Log {
  private readonly commands = new Map<number, string>();

  @Determines("entry.slot", "entry.command")
  @Determines("from.id", "writer")
  @On()
  write(m: { op: string; writer: string; entry: { slot: number; command: string } }, from: Ref<Writer>): void {
    this.commands.set(m.entry.slot, m.entry.command);
    from.written({ op: m.op });
  }
}

function verify(entryOf: (writer: string, n: number) => { slot: number; command: string }): Verification {
  class Scribe extends Writer {
    private readonly self = self();
    private readonly log = peer(() => Log);

    request(n: number): string {
      const op = `${this.self.id}:${String(n)}`;
      this.log.write({ op, writer: this.self.id, entry: entryOf(this.self.id, n) });
      return op;
    }

    written(m: { op: string }): string {
      return m.op;
    }
  }
  const definition = system({ name: "log", roles: [instances(Log, ["log"])], clients: { driver: Scribe } });
  return verifySystem({ system: definition, rewritten: undefined, seeds: 10, clients: 2 });
}

describe("@Determines", () => {
  it("is no more than true when it is kept", () => {
    const { verdict, violations } = verify((_writer, n) => ({ slot: n, command: `set ${String(n)}` }));
    expect([verdict, violations]).toEqual(["refines", []]);
  });

  it("names the two messages that falsify it", () => {
    const { verdict, violations } = verify((writer, n) => ({ slot: n % 2, command: `${writer} ${String(n % 2)}` }));
    expect(verdict).toBe("counterexample");
    const [violation] = violations;
    expect(violation?.kind).toBe("promise");
    expect(violation?.summary).toBe(
      '@Determines("entry.slot", "entry.command") on Log.write is a falsified promise: two messages to log have the same entry.slot, and not the same entry.command.',
    );
    const [first, second] = violation?.trace ?? [];
    expect(violation?.trace).toHaveLength(2);
    for (const line of [first, second]) expect(line).toMatch(/^Log log handled write\(\{ entry: .* \}\) from /);
    expect(/slot: (\d)/.exec(first ?? "")?.[1]).toBe(/slot: (\d)/.exec(second ?? "")?.[1]);
    expect(/command: "(.*?)"/.exec(first ?? "")?.[1]).not.toBe(/command: "(.*?)"/.exec(second ?? "")?.[1]);
  });
});
