import type { DiagnosticEntry } from "../../entry.ts";

/** The classes of roles and their members. */
export const roleCodes = {
  RVN106: {
    name: "static-state",
    severity: "error",
    group: "language",
    title: "A role has static state.",
    explanation:
      "A static field exists once per process: all nodes in one process share it, and nodes in different " +
      "processes do not. The same protocol would behave differently in a simulation and in production.",
    remedy: "Make it a private field, or a constant at the top of the module when it never changes.",
    example: {
      wrong: [
        "private static count = 0;",
        "",
        "@On() propose(m: { id: string }): void {",
        "  Leader.count += m.id.length;",
        "}",
      ].join("\n"),
      right: [
        "private count = 0;",
        "",
        "@On() propose(m: { id: string }): void {",
        "  this.count += m.id.length;",
        "}",
      ].join("\n"),
    },
  },
  RVN107: {
    name: "static-member",
    severity: "warning",
    group: "language",
    title: "A role has a static constant or a static method.",
    explanation:
      "It runs, but each component of a rewritten role is a class of its own, and a static member belongs to " +
      "one class. So the role is not rewritten.",
    remedy: "Move it to the top of the module: constants and pure functions there are fine.",
    example: {
      wrong: [
        "private static readonly LIMIT = 3;",
        "",
        "@On() propose(m: { id: string }, from: Ref<Client>): void {",
        "  if (m.id.length < Leader.LIMIT) from.decided(m);",
        "}",
      ].join("\n"),
      right: [
        "private readonly limit = 3;",
        "",
        "@On() propose(m: { id: string }, from: Ref<Client>): void {",
        "  if (m.id.length < this.limit) from.decided(m);",
        "}",
      ].join("\n"),
    },
  },
  RVN109: {
    name: "hash-private",
    severity: "error",
    group: "language",
    title: "A member is private by `#`.",
    explanation:
      "The recorder, on which the checks of a rewrite rely, stands between a handler and the fields of its " +
      "node. JavaScript lets nothing stand between a class and its `#` members: the recorder would not see " +
      "them, and the verdict of a check would be void.",
    remedy: "Declare it `private` instead.",
    example: {
      wrong: ["#round = 0;", "", "@On() propose(m: { id: string }): void {", "  this.#round += m.id.length;", "}"].join(
        "\n",
      ),
      right: [
        "private round = 0;",
        "",
        "@On() propose(m: { id: string }): void {",
        "  this.round += m.id.length;",
        "}",
      ].join("\n"),
    },
  },
  RVN110: {
    name: "public-helper",
    severity: "error",
    group: "language",
    title: "A public method is neither a handler nor a timer.",
    explanation:
      "The public methods of a role are what other roles can send to it. A helper that is public can be called " +
      "on a `Ref`, type-checks, and is a message that nobody handles.",
    remedy: "Make it private, or mark it with `@On()` if it is meant to be a message.",
    example: {
      wrong: ["isReady(): boolean {", "  return true;", "}"].join("\n"),
      right: ["private isReady(): boolean {", "  return true;", "}"].join("\n"),
    },
  },
  RVN111: {
    name: "public-field",
    severity: "warning",
    group: "language",
    title: "A field that changes is public.",
    explanation:
      "State belongs to one node, and only its handlers change it. A public field invites others to change it " +
      "without a message, which neither a transport nor a rewrite would carry out.",
    remedy: "Make it private.",
    example: {
      wrong: "round = 0;",
      right: "private round = 0;",
    },
  },
  RVN119: {
    name: "computed-decorator",
    severity: "error",
    group: "language",
    title: "An argument of a decorator is computed.",
    explanation:
      "The compiler reads decorators from the source and does not run them. A value that has to be evaluated is " +
      "not known to it, and the rewritten protocol would not be the one that runs.",
    remedy: "Write the value out.",
    example: {
      wrong: "@Every(10 * 60) tick(): void {}",
      right: "@Every(600) tick(): void {}",
    },
  },
  RVN120: {
    name: "decorator-misused",
    severity: "error",
    group: "language",
    title: "Decorators contradict each other, or have values that make no sense.",
    explanation:
      "A method is started by messages, by a timer, or by the start or the recovery of its node: by one of them. `@Fifo` orders " +
      "messages, so it belongs to a handler, and a timer needs a period greater than zero.",
    remedy: "Keep the decorator that is meant; share code between two triggers in a private method.",
    example: {
      wrong: "@On() @Every(100) tick(): void {}",
      right: "@Every(100) tick(): void {}",
    },
  },
  RVN130: {
    name: "role-not-exported",
    severity: "warning",
    group: "language",
    title: "A role is not exported.",
    explanation:
      "The generated components, and the routing table, refer to the classes of the protocol. They can only " +
      "import what is exported.",
    remedy: "Export the class.",
    example: {
      wrong: [
        "@Role()",
        "class Observer {",
        "  @On() seen(m: { id: string }, from: Ref<Client>): void {",
        "    from.decided(m);",
        "  }",
        "}",
      ].join("\n"),
      right: [
        "@Role()",
        "export class Observer {",
        "  @On() seen(m: { id: string }, from: Ref<Client>): void {",
        "    from.decided(m);",
        "  }",
        "}",
      ].join("\n"),
    },
  },
  RVN131: {
    name: "external-role-shape",
    severity: "error",
    group: "language",
    title: "An external role has more than abstract methods.",
    explanation:
      "An external role stands for what is outside the system: the application supplies what happens there. Its " +
      "class says which messages it receives, as abstract methods, and nothing else; what else it declared " +
      "would be taken for part of the protocol.",
    remedy:
      "Make the class and its methods abstract, and put the rest into the class of the application that extends " +
      "it.",
    example: {
      wrong: [
        "@Role({ external: true })",
        "export abstract class User {",
        "  private seen = 0;",
        "  abstract answer(m: { id: string }): void;",
        "}",
      ].join("\n"),
      right: [
        "@Role({ external: true })",
        "export abstract class User {",
        "  abstract answer(m: { id: string }): void;",
        "}",
      ].join("\n"),
    },
  },
  RVN133: {
    name: "role-name",
    severity: "error",
    group: "language",
    title: "A role has no name of its own.",
    explanation:
      "Messages are addressed by the name of the role, and generated files are called after it. Roles are named " +
      "after their classes.",
    remedy: "Give the class a name that no other role of the protocol has.",
    example: {
      wrong: [
        "@Role()",
        "export default class {",
        "  @On() seen(m: { id: string }, from: Ref<Client>): void {",
        "    from.decided(m);",
        "  }",
        "}",
      ].join("\n"),
      right: [
        "@Role()",
        "export default class Observer {",
        "  @On() seen(m: { id: string }, from: Ref<Client>): void {",
        "    from.decided(m);",
        "  }",
        "}",
      ].join("\n"),
    },
  },
  RVN134: {
    name: "abstract-role",
    severity: "error",
    group: "language",
    title: "A role is abstract, but not external.",
    explanation: "The runtime constructs a node of every role. An abstract class cannot be constructed.",
    remedy:
      "Write `@Role({ external: true })` if it is outside the system. If it is a base class of several roles, " +
      "take `@Role()` away from it and mark the classes that extend it.",
    example: {
      wrong: [
        "@Role()",
        "export abstract class Server {",
        "  @On() ping(m: { id: string }, from: Ref<Client>): void {",
        "    from.decided(m);",
        "  }",
        "}",
      ].join("\n"),
      right: [
        "export abstract class Server {",
        "  @On() ping(m: { id: string }, from: Ref<Client>): void {",
        "    from.decided(m);",
        "  }",
        "}",
        "",
        "@Role()",
        "export class Replica extends Server {}",
      ].join("\n"),
    },
  },
  RVN138: {
    name: "foreign-base",
    severity: "warning",
    group: "language",
    title: "A role extends a class whose source is not in the project.",
    explanation:
      "What the base class does with the state, and which handlers it brings along, cannot be seen. The class " +
      "runs, but is not rewritten.",
    remedy: "Extend a class of the project, or use the other class as a helper outside of the role.",
    example: {
      wrong: ["declare const Base: new () => object;", "", "@Role()", "export class Observer extends Base {}"].join(
        "\n",
      ),
      right: ["abstract class Base {}", "", "@Role()", "export class Observer extends Base {}"].join("\n"),
    },
  },
} as const satisfies { readonly [code: `RVN1${number}`]: DiagnosticEntry };
