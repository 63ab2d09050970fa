import type { DiagnosticEntry } from "../../entry.ts";

/** What a role may not touch: time, chance, the world outside, and code that nobody can see. */
export const outsideCodes = {
  RVN100: {
    name: "does-not-type-check",
    severity: "error",
    group: "language",
    title: "TypeScript reports errors in the protocol.",
    explanation:
      "Riven takes from the types what is a message, what is state and what a key may be. Where TypeScript " +
      "finds a contradiction, an analysis would be void.",
    remedy: "Mend what TypeScript says; `npx tsc --noEmit` shows all of it.",
    example: {
      wrong: 'private round: number = "first";',
      right: "private round: number = 1;",
    },
  },
  RVN101: {
    name: "asynchronous",
    severity: "error",
    group: "language",
    title: "A role waits, or does something later.",
    explanation:
      "A handler is atomic: it runs to completion on one message, and the next message finds the state as it " +
      "left it. At an `await` (or in a promise, or in a generator that is resumed) other messages would get in " +
      "between, and what it sends after that would belong to no activation. Time and chance are inputs: what " +
      "has to happen later is started by a timer or by another message.",
    remedy: "Answer with a message when the result is there, or continue in a method marked with `@Every`.",
    example: {
      wrong: [
        "@On() async propose(m: { id: string }, from: Ref<Client>): Promise<void> {",
        "  await Promise.resolve();",
        "  from.decided({ id: m.id });",
        "}",
      ].join("\n"),
      right: ["@On() propose(m: { id: string }, from: Ref<Client>): void {", "  from.decided({ id: m.id });", "}"].join(
        "\n",
      ),
    },
  },
  RVN102: {
    name: "clock-or-chance",
    severity: "error",
    group: "language",
    title: "A role uses a clock, a source of randomness, or something else that differs from run to run.",
    explanation:
      "A handler is a function of its state, its payload, the id of the sender and the configuration. Only then " +
      "can a run be replayed, and a rewritten system be checked against the original by replaying it. Two " +
      "components of one node also run on machines whose clocks differ.",
    remedy:
      "Let the value come in a message (a client can choose an id, or say what time it is), or use `@Every` for " +
      "what is to happen from time to time. A value that is the same for the whole run may be a parameter of " +
      "the constructor.",
    example: {
      wrong: [
        "@On() propose(m: { id: string }, from: Ref<Client>): void {",
        "  from.decided({ id: `${m.id}/${Date.now()}` });",
        "}",
      ].join("\n"),
      right: [
        "@On() propose(m: { id: string; at: number }, from: Ref<Client>): void {",
        "  from.decided({ id: `${m.id}/${m.at}` });",
        "}",
      ].join("\n"),
    },
  },
  RVN103: {
    name: "input-or-output",
    severity: "error",
    group: "language",
    title: "A role reads or writes something outside of the system.",
    explanation:
      "What a handler does takes effect when it has returned, and is undone when it throws; a replay runs it " +
      "again. Neither holds for a file, a socket or a request. A node may also be spread over processes that do " +
      "not share a disk.",
    remedy: "Make what is outside an external role, and talk to it with messages.",
    example: {
      wrong: ["@On() propose(m: { id: string }): void {", "  void fetch(`http://audit/${m.id}`);", "}"].join("\n"),
      right: [
        "private readonly auditors = peers(() => Client);",
        "",
        "@On() propose(m: { id: string }): void {",
        "  for (const auditor of this.auditors) auditor.decided({ id: m.id });",
        "}",
      ].join("\n"),
    },
  },
  RVN104: {
    name: "console-output",
    severity: "warning",
    group: "language",
    title: "A role writes to the console.",
    explanation:
      "It runs, but replays and simulations of the protocol repeat it thousands of times, an activation that is " +
      "rolled back has written all the same, and a rewrite may evaluate the statement in another process.",
    remedy: "Remove it before a rewrite; what is to be observed can be sent to an external role.",
    example: {
      wrong: ["@On() propose(m: { id: string }): void {", "  console.log(m.id);", "}"].join("\n"),
      right: ["@On() propose(m: { id: string }, from: Ref<Client>): void {", "  from.decided({ id: m.id });", "}"].join(
        "\n",
      ),
    },
  },
  RVN105: {
    name: "locale-dependent",
    severity: "error",
    group: "language",
    title: "A result depends on the language or the time zone of the machine.",
    explanation:
      "Nodes, and the components of one node, run on machines that may be set up differently. A comparison or a " +
      "formatted number that differs between them makes replicas diverge.",
    remedy:
      "Use what does not depend on it: `<` on strings, `toUpperCase`, `toISOString`, UTC methods, " +
      "`localeCompare` with a locale.",
    example: {
      wrong: [
        "private names: string[] = [];",
        "",
        "@On() join(m: { name: string }): void {",
        "  this.names = [...this.names, m.name].sort((a, b) => a.localeCompare(b));",
        "}",
      ].join("\n"),
      right: [
        "private names: string[] = [];",
        "",
        "@On() join(m: { name: string }): void {",
        "  this.names = [...this.names, m.name].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));",
        "}",
      ].join("\n"),
    },
  },
  RVN108: {
    name: "module-state",
    severity: "error",
    group: "language",
    title: "A role uses a variable of its module that changes.",
    explanation:
      "All nodes that run in one process would share the variable, and nodes in different processes would not: " +
      "the same protocol behaves differently in a simulation and in production. No transport carries it, and no " +
      "rewrite can move it.",
    remedy: "Make it a private field of the role. What several roles need is sent in messages.",
    example: {
      wrong: [
        "let decisions = 0;",
        "",
        "@Role()",
        "export class Counter {",
        "  @On() decide(m: { id: string }): void {",
        "    decisions += m.id.length;",
        "  }",
        "}",
      ].join("\n"),
      right: [
        "@Role()",
        "export class Counter {",
        "  private decisions = 0;",
        "",
        "  @On() decide(m: { id: string }): void {",
        "    this.decisions += m.id.length;",
        "  }",
        "}",
      ].join("\n"),
    },
  },
  RVN128: {
    name: "code-at-run-time",
    severity: "error",
    group: "language",
    title: "Code is made or loaded at run time.",
    explanation:
      "`eval`, `Function`, `with`, `require` and `import()` run code that the compiler cannot see, so nothing " +
      "would be known about the handler, and what is found would not be true.",
    remedy: "Write the code into the source.",
    example: {
      wrong: [
        "@On() compute(m: { formula: string }, from: Ref<Client>): void {",
        "  from.decided({ id: String(eval(m.formula)) });",
        "}",
      ].join("\n"),
      right: [
        "@On() compute(m: { a: number; b: number }, from: Ref<Client>): void {",
        "  from.decided({ id: String(m.a + m.b) });",
        "}",
      ].join("\n"),
    },
  },
  RVN129: {
    name: "dynamic-member",
    severity: "warning",
    group: "language",
    title: "Which member or property is meant, is only known at run time.",
    explanation:
      "The analysis tells the fields of a role apart to find what may run elsewhere. A member that is chosen by " +
      "a value could be any of them, so the handler counts as using everything. The class runs, but is not " +
      "rewritten.",
    remedy: "Name the member, or keep the values in a `Map`, whose keys the analysis follows.",
    example: {
      wrong: [
        "private yes = 0;",
        "private no = 0;",
        "",
        '@On() voted(m: { answer: "yes" | "no" }): void {',
        "  this[m.answer] += 1;",
        "}",
      ].join("\n"),
      right: [
        "private readonly answers = new Map<string, number>();",
        "",
        '@On() voted(m: { answer: "yes" | "no" }): void {',
        "  this.answers.set(m.answer, (this.answers.get(m.answer) ?? 0) + 1);",
        "}",
      ].join("\n"),
    },
  },
} as const satisfies { readonly [code: `RVN1${number}`]: DiagnosticEntry };
