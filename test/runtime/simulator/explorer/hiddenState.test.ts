/** What a class keeps where `describe` does not look must not make two states one: that would pass for "exhausted". */
import { On, peer, Role, self, type Ref } from "riven";
import { explore, type Exploration } from "../../../../runtime/simulator/index.ts";
import { instances, system, type Invariant } from "../../../../runtime/system.ts";

@Role({ external: true })
abstract class Client {
  abstract heard(m: { word: string }): void;
  abstract done(m: { id: string }): string;
}

@Role()
class Server {
  @On() go(m: { id: string; first: string }, from: Ref<Client>): void {
    from.heard({ word: "left" });
    from.heard({ word: "right" });
    from.done({ id: m.id });
  }
}

/** Says with each operation what it has heard first. */
abstract class Listener extends Client {
  private readonly self = self();
  private readonly server = peer(() => Server);

  protected abstract readonly first: string;

  request(n: number): string {
    const id = `${this.self.id}/${String(n)}`;
    this.server.go({ id, first: this.first });
    return id;
  }

  override done(m: { id: string }): string {
    return m.id;
  }
}

class Open extends Listener {
  protected first = "";

  override heard({ word }: { word: string }): void {
    if (this.first === "") this.first = word;
  }
}

class WithPrivateField extends Listener {
  #heard = "";

  protected get first(): string {
    return this.#heard;
  }

  override heard({ word }: { word: string }): void {
    if (this.#heard === "") this.#heard = word;
  }
}

class WithClosure extends Listener {
  private say = (): string => "";

  protected get first(): string {
    return this.say();
  }

  override heard({ word }: { word: string }): void {
    if (this.say() === "") this.say = () => word;
  }
}

type Driver = typeof Open | typeof WithPrivateField | typeof WithClosure;

function exploreWith(driver: Driver, invariants: readonly Invariant[] = []): Exploration {
  const listening = system({ name: "listening", roles: [instances(Server, 1)], clients: { driver } });
  return explore(listening, { clients: 1, operations: 2, invariants });
}

test.each(["left", "right"])("what clients keep in the open is explored: they hear %s first", (word) => {
  const never: Invariant = {
    name: "never says so",
    holds: (history) => history.every(({ payload }) => (payload as { readonly first?: string }).first !== word),
  };
  expect(exploreWith(Open, [never]).verdict).toBe("violated");
});

test.each([WithPrivateField, WithClosure])("%p is refused, for its states cannot be told apart", (driver) => {
  expect(() => exploreWith(driver)).toThrow("Client/client-1#main.0 is not in the same state after the same inputs.");
});
