/** Where nodes crash only histories are compared: a crash may take a forward along, and then nobody answers. */
import { component, On, OnStart, peer, Role, self, type Ref } from "riven";
import { instances, system, type RewrittenSystem } from "riven/runtime";
import { verifyExactly } from "../../../../plugin/verify/containment/verifyExactly.ts";
import { routes } from "../../../fixtures/verify/routes.ts";

interface Question {
  readonly id: string;
}

@Role({ external: true })
abstract class Client {
  abstract answer(m: Question): string;
}

@Role()
class Desk {
  @On() ask(m: Question, from: Ref<Client>): void {
    from.answer(m);
  }
}

/** Never comes to rest, and nobody sees it. */
@Role()
class Beacon {
  private readonly mirror = peer(() => Mirror);

  @OnStart() begin(): void {
    this.mirror.flash({});
  }

  @On() reflect(_: object): void {
    this.mirror.flash({});
  }
}

@Role()
class Mirror {
  @On() flash(_: object, from: Ref<Beacon>): void {
    from.reflect({});
  }
}

class Asking extends Client {
  private readonly self = self();
  private readonly desk = peer(() => Desk);

  request(n: number): string {
    const id = `${this.self.id}/${String(n)}`;
    this.desk.ask({ id });
    return id;
  }

  override answer(m: Question): string {
    return m.id;
  }
}

class Front {
  private readonly back = component<Back>("back");

  ask(m: Question): void {
    this.back.forwarded(m);
  }
}

class Back {
  forwarded(m: Question, from?: Ref<Client>): void {
    from?.answer(m);
  }
}

const rewritten: RewrittenSystem = {
  components: { Desk: { front: Front, back: Back } },
  routing: { roles: { Desk: routes({ front: 1, back: 1 }, { ask: "front", "forwarded+": "back" }) } },
};

const restless = [instances(Desk, 1), instances(Beacon, 1), instances(Mirror, 1)];

it.each([
  ["rests", restless.slice(0, 1)],
  ["goes round in silence for ever", restless],
])("holds of a system that %s", (_, roles) => {
  const asking = system({ name: "asking", roles, clients: { driver: Asking } });
  const { verdict } = verifyExactly({ system: asking, rewritten, clients: 1, operations: 1, spreads: 1, crashes: 1 });
  expect(verdict).toBe("refines");
});
