import type { DiagnosticEntry } from "../../entry.ts";

/** Lattices, and promises about state and messages. */
export const latticeCodes = {
  RVN144: {
    name: "lattice-misplaced",
    severity: "error",
    group: "language",
    title: "A lattice is somewhere else than in a field of its own.",
    explanation:
      "A `GrowSet`, `MaxReg`, `GrowMap`, `Counter`, `Tally` or `Once` is state that only grows. That can be relied on while it is clear which " +
      "piece of state it is: it is made by the initialiser of a readonly field (or by a `GrowMap`, for a key), and is never assigned, put " +
      "into another container, or sent.",
    remedy:
      "Keep it in a `private readonly` field with `new` behind it; for one per key use a `GrowMap`. Send what the receiver needs of it: " +
      "`[...set]`, `register.value`, `counter.value`, `tally.count(key)`, `once.has(key)`.",
    example: {
      wrong: [
        "private readonly voters = new Map<string, GrowSet<string>>();",
        "",
        "@On() voted(m: { id: string }, from: Ref<Participant>): void {",
        "  this.voters.get(m.id)?.add(from.id);",
        "}",
      ].join("\n"),
      right: [
        "private readonly voters = new GrowMap<string, GrowSet<string>>(() => new GrowSet());",
        "",
        "@On() voted(m: { id: string }, from: Ref<Participant>): void {",
        "  this.voters.at(m.id).add(from.id);",
        "}",
      ].join("\n"),
    },
  },
  RVN145: {
    name: "forget-misplaced",
    severity: "error",
    group: "language",
    title: "@Forget is on a field without entries that could be forgotten.",
    explanation:
      "`@Forget(...)` deletes the entries that an activation wrote and that are of no use any more. That needs a field with entries: a `Map`, a " +
      "record with any names, a `GrowMap` or a `Tally`. When a handler assigns the field as a whole, it is not clear which entries it wrote.",
    remedy: "Keep what is to be forgotten in a Map, and change its entries one by one.",
    example: {
      wrong: [
        "@Forget((id: string) => id.length > 3)",
        "private readonly seen = new Set<string>();",
        "",
        "@On() saw(m: { id: string }): void {",
        "  this.seen.add(m.id);",
        "}",
      ].join("\n"),
      right: [
        "@Forget((left: number) => left === 0)",
        "private readonly left = new Map<string, number>();",
        "",
        "@On() saw(m: { id: string; left: number }): void {",
        "  this.left.set(m.id, m.left);",
        "}",
      ].join("\n"),
    },
  },
  RVN146: {
    name: "forget-condition",
    severity: "error",
    group: "language",
    title: "The condition of @Forget is not one that can be analysed.",
    explanation:
      "The condition is read as if it stood at the end of each handler that writes the field, also in components that have nothing but that " +
      "field. So it is an arrow function over the value of one entry, written out in the decorator, that changes nothing and asks nothing but the " +
      "entry, constants and pure functions.",
    remedy: "Keep in the entry what the condition needs to know.",
    example: {
      wrong: [
        "@Forget(function (left: number): boolean { return left === 0; })",
        "private readonly left = new Map<string, number>();",
        "",
        "@On() saw(m: { id: string; left: number }): void {",
        "  this.left.set(m.id, m.left);",
        "}",
      ].join("\n"),
      right: [
        "@Forget((left: number) => left === 0)",
        "private readonly left = new Map<string, number>();",
        "",
        "@On() saw(m: { id: string; left: number }): void {",
        "  this.left.set(m.id, m.left);",
        "}",
      ].join("\n"),
    },
  },
  RVN147: {
    name: "promise-about-nothing",
    severity: "error",
    group: "language",
    title: "@Determines is about columns that the messages do not have.",
    explanation:
      '`@Determines("slot", "command")` on a message handler promises that messages with the same `slot` have the same `command`. Columns are ' +
      "named as in plans: properties of the payload, nested ones with dots, and `from.id` for the sender. The compiler routes by such promises, " +
      "and every simulated run holds them against the messages.",
    remedy: "Name two different columns of the payload.",
    example: {
      wrong: ['@Determines("slto", "command")', "@On() accept(_m: { slot: number; command: string }): void {}"].join(
        "\n",
      ),
      right: ['@Determines("slot", "command")', "@On() accept(_m: { slot: number; command: string }): void {}"].join(
        "\n",
      ),
    },
  },
} as const satisfies { readonly [code: `RVN1${number}`]: DiagnosticEntry };
