import type { DiagnosticEntry } from "../../entry.ts";

/** What survives a crash, and one-shot timers. */
export const durabilityCodes = {
  RVN140: {
    name: "timer-mismatch",
    severity: "error",
    group: "language",
    title: "A one-shot timer and its handler do not find each other.",
    explanation:
      "`timers<...>()` names the one-shot timers of a role, and each name has exactly one method marked with `@After`. A handler of a timer that " +
      "does not exist never runs; a timer without a handler fires for nothing.",
    remedy: "Give the timer and the argument of `@After` one name, and each timer one handler.",
    example: {
      wrong: [
        'private readonly timers = timers<"timeout">();',
        "",
        "@On() begin(m: { id: string }): void {",
        "  this.timers.timeout.set(500, m.id);",
        "}",
        "",
        '@After("timeuot") expired(id: string): void {}',
      ].join("\n"),
      right: [
        'private readonly timers = timers<"timeout">();',
        "",
        "@On() begin(m: { id: string }): void {",
        "  this.timers.timeout.set(500, m.id);",
        "}",
        "",
        '@After("timeout") expired(id: string): void {}',
      ].join("\n"),
    },
  },
  RVN141: {
    name: "timer-key",
    severity: "error",
    group: "language",
    title: "The handler of a one-shot timer takes something else than the key of the timer.",
    explanation:
      "A timer that fires hands over the key that it was armed with, a string, and nothing else. When it is armed without a key, there is none.",
    remedy: "Take one `string`, arm the timer with it everywhere, and look up everything else under it.",
    example: {
      wrong: [
        'private readonly timers = timers<"timeout">();',
        "",
        "@On() begin(m: { id: string }): void {",
        "  this.timers.timeout.set(500, m.id);",
        "}",
        "",
        '@After("timeout") expired(m: { id: string }): void {}',
      ].join("\n"),
      right: [
        'private readonly timers = timers<"timeout">();',
        "",
        "@On() begin(m: { id: string }): void {",
        "  this.timers.timeout.set(500, m.id);",
        "}",
        "",
        '@After("timeout") expired(id: string): void {}',
      ].join("\n"),
    },
  },
  RVN142: {
    name: "facility-escapes",
    severity: "warning",
    group: "language",
    title: "A journal, or the timers, are handed on instead of being used.",
    explanation:
      "The analysis sees what is appended, armed and disarmed by the calls on the field itself. Under another name, or behind a computed one, " +
      "it may not see which timer is meant, and then the class is not rewritten. A journal cannot be read: keep what handlers need in a " +
      "`@Durable()` field.",
    remedy: "Call the methods on the field: `this.log.append(record)`, `this.timers.timeout.set(500, key)`.",
    example: {
      wrong: [
        "private readonly log = journal<string>();",
        "",
        "@On() note(m: { id: string }): void {",
        "  const { log } = { log: this.log };",
        "  log.append(m.id);",
        "}",
      ].join("\n"),
      right: [
        "private readonly log = journal<string>();",
        "",
        "@On() note(m: { id: string }): void {",
        "  this.log.append(m.id);",
        "}",
      ].join("\n"),
    },
  },
  RVN143: {
    name: "durable-misused",
    severity: "error",
    group: "language",
    title: "@Durable is on a field that holds no state.",
    explanation:
      "`@Durable()` lets the value of a field survive a crash. Memberships come from the topology, a journal is durable by itself, and pending " +
      "timers do not survive: a node that comes back arms them again.",
    remedy: "Take the decorator away; arm timers again in a method marked with `@OnRecover()`.",
    example: {
      wrong: "@Durable() private readonly clients = peers(() => Client);",
      right: [
        "@Durable() private readonly names = new Set<string>();",
        "",
        "@On() add(m: { id: string }): void {",
        "  this.names.add(m.id);",
        "}",
      ].join("\n"),
    },
  },
} as const satisfies { readonly [code: `RVN1${number}`]: DiagnosticEntry };
