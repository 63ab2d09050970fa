import { On, Role, type Ref } from "riven";

@Role({ external: true })
export abstract class Client {
  abstract echoed(m: { id: string; times: number }): void;
}

@Role()
export class Server {
  private readonly heard = new Map<string, number>();

  @On() say(m: { id: string }, from: Ref<Client>): void {
    const times = (this.heard.get(m.id) ?? 0) + 1;
    this.heard.set(m.id, times);
    from.echoed({ id: m.id, times });
  }
}
