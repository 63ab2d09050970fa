import type { DiagnosticEntry } from "../../entry.ts";

/** Messages, state, references, and what is observed of them. */
export const valueCodes = {
  RVN121: {
    name: "payload-not-plain",
    severity: "error",
    group: "language",
    title: "A message carries something that is not plain data.",
    explanation:
      "A payload is encoded at the send and decoded afresh at the receiver, on every transport. Functions, " +
      "instances of classes, accessors, dates, errors, symbols and `Ref`s do not survive that, or not as what " +
      "they were.",
    remedy:
      "Send what they are made of: a number for a date, an id for a `Ref`, an object with the properties of an " +
      "instance.",
    example: {
      wrong: [
        "@On() propose(m: { id: string; at: Date }, from: Ref<Client>): void {",
        "  from.decided({ id: m.id });",
        "}",
      ].join("\n"),
      right: [
        "@On() propose(m: { id: string; at: number }, from: Ref<Client>): void {",
        "  from.decided({ id: m.id });",
        "}",
      ].join("\n"),
    },
  },
  RVN122: {
    name: "state-not-plain",
    severity: "error",
    group: "language",
    title: "A field of a role is not plain data.",
    explanation:
      "State is what a node would have to hand over, record, or roll back: `Map`, `Set`, arrays, plain records, " +
      "strings, numbers, booleans, bigints and `Uint8Array`. An instance of a class, a date or a function hides " +
      "changes from the recorder, and cannot be restored when a handler throws.",
    remedy: "Keep the data in plain fields, and the code in private methods or functions of the module.",
    example: {
      wrong: "private started = new Date(0);",
      right: "private started = 0;",
    },
  },
  RVN123: {
    name: "payload-changed",
    severity: "error",
    group: "language",
    title: "A handler changes the payload of its message.",
    explanation:
      "Payloads are frozen when they arrive, since the sender, and another component of the receiver, may use " +
      "the same values. The assignment throws, and the activation is rolled back.",
    remedy: "Build a new object: `{ ...m, count: m.count + 1 }`, `[...m.list, x]`.",
    example: {
      wrong: [
        "@On() vote(m: { id: string; path: string[] }, from: Ref<Client>): void {",
        '  m.path.push("here");',
        "  from.decided({ id: m.path.join() });",
        "}",
      ].join("\n"),
      right: [
        "@On() vote(m: { id: string; path: string[] }, from: Ref<Client>): void {",
        '  const path = [...m.path, "here"];',
        "  from.decided({ id: path.join() });",
        "}",
      ].join("\n"),
    },
  },
  RVN124: {
    name: "ref-compared",
    severity: "error",
    group: "language",
    title: "References to nodes are compared.",
    explanation:
      "A `Ref` is a handle that the runtime makes whenever it needs one: two of them for the same node need not " +
      "be the same object, so a comparison may say no where it should say yes. Only ids identify nodes.",
    remedy: "Compare `ref.id`.",
    example: {
      wrong: [
        "private readonly leader = peer(() => Participant);",
        "",
        "@On() voted(m: { id: string }, from: Ref<Participant>): void {",
        "  if (from === this.leader) from.vote(m);",
        "}",
      ].join("\n"),
      right: [
        "private readonly leader = peer(() => Participant);",
        "",
        "@On() voted(m: { id: string }, from: Ref<Participant>): void {",
        "  if (from.id === this.leader.id) from.vote(m);",
        "}",
      ].join("\n"),
    },
  },
  RVN125: {
    name: "ref-kept",
    severity: "error",
    group: "language",
    title: "A reference to a node is kept in state, or used as a key.",
    explanation:
      "A `Ref` is a handle of the runtime, not data: it cannot be recorded or restored, and as a key of a `Map` " +
      "or an element of a `Set` two handles of the same node count twice.",
    remedy: "Keep `ref.id`, and get back to the node with `.at(id)` of a membership.",
    example: {
      wrong: [
        "private readonly voters = new Set<Ref<Participant>>();",
        "",
        "@On() voted(m: { id: string }, from: Ref<Participant>): void {",
        '  if (m.id !== "") this.voters.add(from);',
        "}",
      ].join("\n"),
      right: [
        "private readonly voters = new Set<string>();",
        "",
        "@On() voted(m: { id: string }, from: Ref<Participant>): void {",
        '  if (m.id !== "") this.voters.add(from.id);',
        "}",
      ].join("\n"),
    },
  },
  RVN126: {
    name: "object-key",
    severity: "error",
    group: "language",
    title: "Objects are keys of a Map or elements of a Set.",
    explanation:
      "A `Map` and a `Set` tell objects apart by identity. Payloads are decoded afresh, and state may be " +
      "restored or spread over processes, so equal values are different objects and nothing would be found " +
      "again.",
    remedy:
      "Use a string, number, bigint or boolean as the key, for instance the id of the object. Several values " +
      "make a key when they are joined by something that none of them contains.",
    example: {
      wrong: [
        "private readonly seen = new Set<{ id: string }>();",
        "",
        "@On() voted(m: { id: string }): void {",
        "  this.seen.add({ id: m.id });",
        "}",
      ].join("\n"),
      right: [
        "private readonly seen = new Set<string>();",
        "",
        "@On() voted(m: { id: string }): void {",
        "  this.seen.add(m.id);",
        "}",
      ].join("\n"),
    },
  },
  RVN127: {
    name: "order-observed",
    severity: "hint",
    group: "language",
    title: "The order in which entries arrived is observed.",
    explanation:
      "Maps, sets and objects list their entries in the order of insertion, which is the order in which " +
      "messages arrived. That is legal. But insertions no longer commute with each other, so most rewrites of " +
      "what touches this collection will be refused.",
    remedy:
      "Choose by something that does not depend on arrival: the smallest, the largest, a list sorted by a total " +
      "order. If first come, first served is what is meant, leave it.",
    example: {
      wrong: [
        "private readonly waiting = new Set<string>();",
        "private readonly clients = peers(() => Client);",
        "",
        "@On() wait(m: { id: string }, from: Ref<Client>): void {",
        "  this.waiting.add(from.id);",
        "  const next = [...this.waiting][0];",
        "  if (next !== undefined) this.clients.at(next).decided(m);",
        "}",
      ].join("\n"),
      right: [
        "private readonly waiting = new Set<string>();",
        "private readonly clients = peers(() => Client);",
        "",
        "@On() wait(m: { id: string }, from: Ref<Client>): void {",
        "  this.waiting.add(from.id);",
        "  const next = [...this.waiting].sort()[0];",
        "  if (next !== undefined) this.clients.at(next).decided(m);",
        "}",
      ].join("\n"),
    },
  },
  RVN132: {
    name: "threshold-fires-again",
    severity: "hint",
    group: "language",
    title: "A threshold fires again when a message arrives twice.",
    explanation:
      "Adding an element that is there already leaves the size as it is. So when the last message is delivered " +
      "twice, or sent twice, the comparison holds a second time, and the decision is made a second time.",
    remedy: "Remember the decision: delete the entry, or note the key in a set of what is decided and ask it first.",
    example: {
      wrong: [
        "private readonly votes = new Map<string, Set<string>>();",
        "private readonly participants = peers(() => Participant);",
        "private readonly clients = peers(() => Client);",
        "",
        "@On() voted(m: { id: string; client: string }, from: Ref<Participant>): void {",
        "  const voters = this.votes.get(m.id) ?? new Set<string>();",
        "  this.votes.set(m.id, voters.add(from.id));",
        "  if (voters.size === this.participants.size) this.clients.at(m.client).decided({ id: m.id });",
        "}",
      ].join("\n"),
      right: [
        "private readonly votes = new Map<string, Set<string>>();",
        "private readonly participants = peers(() => Participant);",
        "private readonly clients = peers(() => Client);",
        "",
        "@On() voted(m: { id: string; client: string }, from: Ref<Participant>): void {",
        "  const voters = this.votes.get(m.id) ?? new Set<string>();",
        "  this.votes.set(m.id, voters.add(from.id));",
        "  if (voters.size === this.participants.size) {",
        "    this.votes.delete(m.id);",
        "    this.clients.at(m.client).decided({ id: m.id });",
        "  }",
        "}",
      ].join("\n"),
    },
  },
  RVN136: {
    name: "state-is-payload",
    severity: "warning",
    group: "language",
    title: "State that is part of a payload is changed.",
    explanation:
      "Storing a part of a payload is fine: nobody else can change it. But it is frozen, so changing it in " +
      "place later throws, and rolls the activation back.",
    remedy: "Store a copy (`{ ...m.order }`, `[...m.items]`), or replace the entry instead of changing it.",
    example: {
      wrong: [
        "private items: string[] = [];",
        "",
        "@On() reset(m: { items: string[] }): void {",
        "  this.items = m.items;",
        "}",
        "",
        "@On() append(m: { item: string }): void {",
        "  this.items.push(m.item);",
        "}",
      ].join("\n"),
      right: [
        "private items: string[] = [];",
        "",
        "@On() reset(m: { items: string[] }): void {",
        "  this.items = [...m.items];",
        "}",
        "",
        "@On() append(m: { item: string }): void {",
        "  this.items.push(m.item);",
        "}",
      ].join("\n"),
    },
  },
} as const satisfies { readonly [code: `RVN1${number}`]: DiagnosticEntry };
