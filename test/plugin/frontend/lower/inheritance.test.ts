import { printEffect } from "../../../../plugin/model/effect.ts";
import { findHandler, findRole, type Role } from "../../../../plugin/model/protocol.ts";
import { openInMemory } from "../../../../plugin/frontend/openInMemory.ts";
import { readProtocol } from "../../../../plugin/frontend/readProtocol.ts";

const CLIENT = `
import { Durable, On, peers, Role, type Ref } from "riven";
@Role({ external: true }) export abstract class Client { abstract done(m: { id: string; n: number }): void }
`;

function roleOf(text: string, name = "Server"): Role {
  const role = findRole(readProtocol(openInMemory({ "protocol.ts": CLIENT + text })), name);
  if (role === undefined) throw new Error(`no role ${name}`);
  return role;
}

function effectsOf(role: Role, handler: string): readonly string[] {
  const body = findHandler(role, handler)?.body;
  if (body === undefined) throw new Error(`no handler ${handler}`);
  return [
    ...body.effects.map((effect) => printEffect(effect).trim()),
    ...body.notUnderstood.map(({ why }) => `not understood: ${why}`),
  ];
}

const BASE = `
abstract class Counting {
  @Durable() protected readonly counts = new Map<string, number>();
  protected abstract step(): number;
  protected get first(): number { return 0; }
  @On() count(m: { id: string }, from: Ref<Client>): void {
    const n = (this.counts.get(m.id) ?? this.first) + this.step();
    this.counts.set(m.id, n);
    this.answer(m.id, n, from);
  }
  protected answer(id: string, n: number, from: Ref<Client>): void { from.done({ id, n }); }
}
abstract class Logging extends Counting {
  protected override answer(id: string, n: number, from: Ref<Client>): void { if (n > 1) from.done({ id, n }); }
}
`;

test("fields, handlers and helpers of base classes are those of the role", () => {
  const role = roleOf(`${BASE}
@Role() export class Server extends Logging { protected step(): number { return 2; } }`);
  expect(role.notUnderstood).toEqual([]);
  expect(role.fields.map(({ name, durable }) => [name, durable])).toEqual([["counts", true]]);
  expect(role.handlers.map(({ name }) => name)).toEqual(["count"]);
  expect(role.members.map(({ name }) => name)).toEqual(["step", "answer", "counts", "first", "count"]);
  const [write, send, ...rest] = effectsOf(role, "count");
  expect(write).toMatch(/^set counts\[m\.id\]/);
  expect(send).toMatch(/^send Client\.done to .* when /);
  expect(rest).toEqual([]);
});

test("what overrides a handler is one, marked or not", () => {
  const role = roleOf(`${BASE}
@Role() export class Server extends Counting {
  protected step(): number { return 1; }
  override count(m: { id: string }, from: Ref<Client>): void { from.done({ id: m.id, n: 0 }); }
}`);
  expect(role.handlers.map(({ name, trigger }) => [name, trigger])).toEqual([
    ["count", { kind: "message", fifo: false }],
  ]);
  expect(effectsOf(role, "count")).toEqual(["send Client.done to the sender { id: m.id, n: 0 }"]);
});

test("an abstract external role has the messages of the classes that it extends", () => {
  const role = roleOf(
    `abstract class Told { abstract told(m: { id: string }): void }
@Role({ external: true }) export abstract class Observer extends Told { abstract asked(m: { id: string }): void }`,
    "Observer",
  );
  expect(role.handlers.map(({ name }) => name)).toEqual(["asked", "told"]);
});

test("a call by super says what to do instead", () => {
  const role = roleOf(`${BASE}
@Role() export class Server extends Logging {
  protected step(): number { return 1; }
  protected override answer(id: string, n: number, from: Ref<Client>): void { super.answer(id, n, from); }
}`);
  expect(effectsOf(role, "count").at(-1)).toBe(
    "not understood: super.answer() (components extend nothing: give what it does a name of its own)",
  );
});

test.each([
  [
    "a generic base class",
    "abstract class B<T extends string> { protected x?: T }",
    "extends B<string> {",
    "type parameters",
  ],
  [
    "a role as base class",
    "@Role() export class B { @On() b(m: { id: string }): void {} }",
    "extends B {",
    "a role itself",
  ],
  ["a base class of the language", "", "extends EventTarget {", "not part of this project"],
  [
    "a constructor that calls that of the base class",
    "abstract class B { constructor(protected readonly x: number) {} }",
    "extends B { constructor(y: number) { super(y); }",
    "let the base class take all parameters",
  ],
  [
    "a field with two first values",
    "abstract class B { protected readonly x: number = 1; protected readonly y = this.x; }",
    "extends B { protected override readonly x = 2;",
    "gives another value first",
  ],
  [
    "a field that is made of what a base class takes",
    "abstract class B { constructor(protected readonly x: number) {} }",
    'extends B { private readonly y = new Map([["x", this.x]]);',
    "may depend on what the constructor of a base class takes",
  ],
])("%s is not taken apart", (_, top, head, why) => {
  const role = roleOf(`${top}\n@Role() export class Server ${head}\n  @On() a(m: { id: string }): void {}\n}`);
  expect(role.notUnderstood.map((one) => one.why).join()).toContain(why);
});
