import type { DiagnosticEntry } from "../../entry.ts";

/** Signatures of handlers and timers. */
export const handlerCodes = {
  RVN112: {
    name: "handler-parameters",
    severity: "error",
    group: "language",
    title: "A handler has other parameters than a payload and a sender.",
    explanation:
      "A message carries one payload, and the runtime adds who sent it. More parameters, optional ones and type " +
      "parameters have nothing to be filled from.",
    remedy:
      "Put all of it into one payload object; make properties of the payload optional where something may be " +
      "missing.",
    example: {
      wrong: [
        "@On() voted(m: { id: string }, from: Ref<Participant>, round: number): void {",
        "  from.vote({ id: m.id + round });",
        "}",
      ].join("\n"),
      right: [
        "@On() voted(m: { id: string; round: number }, from: Ref<Participant>): void {",
        "  from.vote({ id: m.id + m.round });",
        "}",
      ].join("\n"),
    },
  },
  RVN113: {
    name: "handler-payload",
    severity: "error",
    group: "language",
    title: "The payload of a handler is not an object.",
    explanation:
      "Messages are routed by named columns of their payload, and grow columns when a rewrite needs to forward " +
      "a value. Both need an object with named properties. The sender is always the second parameter.",
    remedy:
      "Wrap the value: `{ id: string }` instead of `string`. A handler that needs the sender only takes `_m: " +
      "object` first.",
    example: {
      wrong: ["@On() voted(id: string): void {", "  this.last = id;", "}", "", 'private last = "";'].join("\n"),
      right: ["@On() voted(m: { id: string }): void {", "  this.last = m.id;", "}", "", 'private last = "";'].join(
        "\n",
      ),
    },
  },
  RVN114: {
    name: "handler-sender",
    severity: "error",
    group: "language",
    title: "The second parameter of a handler is not a Ref of a role.",
    explanation: "The runtime hands over the sender as a `Ref` of its role: something with an id that can be sent to.",
    remedy: "Declare it as `from: Ref<Sender>`, or `from: Ref<A | B>` when several roles send the message.",
    example: {
      wrong: [
        "@On() voted(m: { id: string }, from: string): void {",
        "  this.last = m.id + from;",
        "}",
        "",
        'private last = "";',
      ].join("\n"),
      right: [
        "@On() voted(m: { id: string }, from: Ref<Participant>): void {",
        "  this.last = m.id + from.id;",
        "}",
        "",
        'private last = "";',
      ].join("\n"),
    },
  },
  RVN115: {
    name: "handler-result",
    severity: "error",
    group: "language",
    title: "A handler or timer returns a value.",
    explanation:
      "A send is one way and has no result: when the handler runs, the activation that sent the message is " +
      "over. What is returned would be lost.",
    remedy: "Send the answer: `from.answer({ ... })`.",
    example: {
      wrong: ["@On() ask(m: { id: string }): boolean {", '  return m.id !== "";', "}"].join("\n"),
      right: [
        "@On() ask(m: { id: string }, from: Ref<Client>): void {",
        '  if (m.id !== "") from.decided(m);',
        "}",
      ].join("\n"),
    },
  },
  RVN116: {
    name: "handler-overloads",
    severity: "error",
    group: "language",
    title: "A handler has overloads.",
    explanation: "A message of one name has one payload type: routing, and the type of `Ref`, know only one.",
    remedy: "Use a union, told apart by a property, or two messages.",
    example: {
      wrong: [
        "@On() ask(m: { id: string }): void;",
        "@On() ask(m: { id: string; deep: boolean }): void;",
        "@On() ask(m: { id: string; deep?: boolean }): void {",
        "  this.last = m.id;",
        "}",
        "",
        'private last = "";',
      ].join("\n"),
      right: [
        "@On() ask(m: { id: string; deep?: boolean }): void {",
        "  this.last = m.id;",
        "}",
        "",
        'private last = "";',
      ].join("\n"),
    },
  },
  RVN117: {
    name: "handler-not-public",
    severity: "error",
    group: "language",
    title: "A handler or timer is private, protected, static or abstract.",
    explanation:
      "Handlers are the public methods of an instance: others could not send to a private one, a static one " +
      "belongs to no node, and TypeScript allows no decorator on an abstract one. The abstract methods of an " +
      "external role need none.",
    remedy: "Remove the modifier, or the decorator.",
    example: {
      wrong: ["@On() private voted(m: { id: string }, from: Ref<Participant>): void {", "  from.vote(m);", "}"].join(
        "\n",
      ),
      right: ["@On() voted(m: { id: string }, from: Ref<Participant>): void {", "  from.vote(m);", "}"].join("\n"),
    },
  },
  RVN118: {
    name: "timer-parameters",
    severity: "error",
    group: "language",
    title: "A timer, or what runs at the start, has parameters.",
    explanation:
      "Nothing is sent when a timer fires or a node starts, so there is neither a payload nor a sender. Only `@After` hands " +
      "something over: the key that its timer was armed with.",
    remedy: "Remove the parameters. The node itself is `private readonly self = self();`.",
    example: {
      wrong: ["@Every(100) tick(m: { id: string }): void {", "  this.last = m.id;", "}", "", 'private last = "";'].join(
        "\n",
      ),
      right: ["@Every(100) tick(): void {", '  this.last = "";', "}", "", 'private last = "";'].join("\n"),
    },
  },
  RVN139: {
    name: "handler-name",
    severity: "error",
    group: "language",
    title: "A handler cannot have this name.",
    explanation:
      "A `Ref` has an `id` and one function per handler, and is an object. A handler called `id` would " +
      "contradict that; `then` would make a promise of it. Names that are not identifiers cannot be written in " +
      "plans and generated code.",
    remedy: "Choose another name.",
    example: {
      wrong: ["@On() then(m: { id: string }, from: Ref<Client>): void {", "  from.decided(m);", "}"].join("\n"),
      right: ["@On() next(m: { id: string }, from: Ref<Client>): void {", "  from.decided(m);", "}"].join("\n"),
    },
  },
} as const satisfies { readonly [code: `RVN1${number}`]: DiagnosticEntry };
