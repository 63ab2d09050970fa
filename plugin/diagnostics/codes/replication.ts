import type { DiagnosticEntry } from "../entry.ts";

/** RVN33x: why state of which the node has one may not have a copy on every partition, beside what is spread. */
export const replicationCodes = {
  RVN330: {
    name: "writes-a-copy-by-key",
    severity: "error",
    group: "partitioning",
    title: "A message that concerns one key also changes what every partition would have a copy of.",
    explanation:
      "State without a key can have a copy on every partition if it is rarely written: whatever writes it runs on all of them, one " +
      "message after the other, while the partitions stand still. A handler that also touches the entry of one key would " +
      "have every such message run everywhere, and nothing would be spread any more.",
    remedy:
      "Change it in a handler of its own, which touches no single entry, and only compare with it where there is a key. An " +
      "acceptor need not promise when it accepts: the strict form ignores lower ballots, and answers higher ones with a rejection.",
    example: {
      wrong: "if (m.ballot >= this.promised) { this.promised = m.ballot; this.log.set(m.slot, m.value); }",
      right:
        "if (m.ballot !== this.promised) return from.rejected({ promised: this.promised }); this.log.set(m.slot, m.value);",
    },
  },
  RVN331: {
    name: "copy-depends-on-entries",
    severity: "error",
    group: "partitioning",
    title: "What every partition would have a copy of is changed depending on what is spread.",
    explanation:
      "All copies have to stay the same. Each partition sees its own entries only, so a value that is computed from them, or a " +
      "change that happens if there are any, would be another one on each.",
    remedy: "Compute it from the message and from other state of which there are copies, or keep it per key.",
    example: {
      wrong: "@On() compact(): void { this.lowest = Math.min(...this.log.keys()); }",
      right: "@On() compact(m: { lowest: number }): void { this.lowest = m.lowest; }",
    },
  },
  RVN332: {
    name: "seal-not-a-union",
    severity: "error",
    group: "partitioning",
    title: "A message says something about all entries together that is no union of what the partitions have.",
    explanation:
      "A list, a map, a set or a record of all entries can be sent in parts, which the receiver's runtime puts together. A size, a " +
      "sum, a maximum, or the first entry cannot: each partition knows it of its own entries only.",
    remedy: "Send the entries, and let the receiver count; or leave the handler and the state in one instance.",
    example: {
      wrong: "from.promise({ ballot: this.promised, accepted: this.log.size });",
      right: "from.promise({ ballot: this.promised, log: [...this.log.values()] });",
    },
  },
  RVN333: {
    name: "sent-by-entries",
    severity: "error",
    group: "partitioning",
    title: "Whether a message is sent, or to whom, depends on all entries together.",
    explanation:
      "Each partition sees its own entries only. One of them would find the condition true, and another one not.",
    remedy:
      "Send in any case, and let the receiver see whether there is something in it; or send for each entry in a loop over all.",
    example: {
      wrong: "if (this.log.size > 0) from.promise({ log: [...this.log.values()] });",
      right: "from.promise({ log: [...this.log.values()] });",
    },
  },
  RVN334: {
    name: "entries-not-apart",
    severity: "error",
    group: "partitioning",
    title: "A loop over all entries does something that is not about the entry of its turn.",
    explanation:
      "Every partition goes through its own entries. What a turn changes, and what it looks at, has to belong to its own entry, to the message, or to " +
      "what every partition has a copy of; nothing may be carried from turn to turn.",
    remedy: "Use in each turn only what is kept under the key of its entry.",
    example: {
      wrong: "for (const slot of this.log.keys()) this.log.delete(slot - 1);",
      right: "for (const slot of this.log.keys()) if (slot < m.below) this.log.delete(slot);",
    },
  },
  RVN335: {
    name: "sealed-order-seen",
    severity: "error",
    group: "partitioning",
    title: "The receiver of a list that partitions put together sees in which order it is.",
    explanation:
      "The parts of the list come one after another, in the order of the partitions, and not in the order in which the entries were " +
      "made. Who takes the first, numbers them, keeps the list, or lets later elements overwrite earlier ones would do what it never did before.",
    remedy:
      "Sort the list by the key of the entries where it is sent (`.sort((a, b) => a.slot - b.slot)`), or send a map; or let each turn of " +
      "the receiver's loop touch only what is kept under the key of its element.",
    example: {
      wrong: "from.snapshot({ entries: [...this.log.values()] }); // the receiver: this.last = m.entries.at(-1)",
      right: "from.snapshot({ entries: [...this.log.values()].sort((a, b) => a.slot - b.slot) });",
    },
  },
  RVN336: {
    name: "mixed-durability",
    severity: "error",
    group: "partitioning",
    title: "Copies and entries do not all survive a crash, or all not.",
    explanation:
      "What all partitions do is written down once, and repeated where it is missing when the node comes back. Repeated on state of which a " +
      "part survived and a part did not, it would come to something else than before.",
    remedy: "Make all state of the component `@Durable()`, or none; or move what differs to a component of its own.",
    example: {
      wrong: "@Durable() private promised = 0; private readonly log = new Map<number, Value>();",
      right: "@Durable() private promised = 0; @Durable() private readonly log = new Map<number, Value>();",
    },
  },
  RVN337: {
    name: "throws-by-entry",
    severity: "error",
    group: "partitioning",
    title: "A handler that every partition runs may throw on one of them, and not on another.",
    explanation:
      "A handler that throws is undone. Undone on one partition, and done on the others, the copies would differ.",
    remedy: "Throw before anything depends on entries, or send a message that says what is wrong.",
    example: {
      wrong: 'for (const entry of this.log.values()) if (entry.ballot > m.ballot) throw new Error("late");',
      right: "for (const [slot, entry] of this.log) if (entry.ballot > m.ballot) from.late({ slot });",
    },
  },
  RVN338: {
    name: "runs-once",
    severity: "error",
    group: "partitioning",
    title: "Something that a node does once would be done by every partition.",
    explanation:
      "A handler that changes a copy, or concerns all entries, runs on every partition. A record in a journal, a one-shot timer without " +
      "a key, or a forward to another component would come from each of them.",
    remedy:
      "Do it in a handler that runs on one partition, or leave the handler in a component that is not partitioned.",
    example: {
      wrong: "@On() prepare(m: Ballot): void { this.promised = m.ballot; this.timers.lease.set(500); }",
      right: "@On() prepare(m: Ballot): void { this.promised = m.ballot; }",
    },
  },
  RVN339: {
    name: "sent-both-ways",
    severity: "error",
    group: "partitioning",
    title: "One message is sent once in one place of a handler, and by every partition in another.",
    explanation:
      "Whether one partition sends a message or all of them is known by the name of the message. Under one name, the receiver could not tell " +
      "a message from a part of one.",
    remedy: "Give the two messages different names.",
    example: {
      wrong: "from.state({ rows: [] }); from.state({ rows: [...this.log.values()] });",
      right: "from.empty({}); from.state({ rows: [...this.log.values()] });",
    },
  },
  RVN340: {
    name: "entries-from-the-start",
    severity: "error",
    group: "partitioning",
    title: "A collection that is spread and used as a whole does not start empty.",
    explanation:
      "Every partition starts with what the class says. Entries that are there from the start would be on all of them, and be listed once for each.",
    remedy: "Start empty, and put the entries in with messages.",
    example: {
      wrong: 'private readonly stock = new Map([["pen", 2]]);',
      right: "private readonly stock = new Map<string, number>();",
    },
  },
} as const satisfies { readonly [code: `RVN3${number}`]: DiagnosticEntry };
