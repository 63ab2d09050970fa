import type { DiagnosticEntry } from "../entry.ts";

/** RVN3xx: why state may not be spread. */
export const partitioningCodes = {
  RVN301: {
    name: "state-without-key",
    severity: "error",
    group: "partitioning",
    title: "State without a key would exist once for each partition.",
    explanation:
      "A counter, a window, a limit, a current leader: state of which the node has one. Each partition would have its own, so " +
      "two decisions would carry number 0, each partition would admit its own share of a limit, and so on.",
    remedy: "Keep it per key, or leave the handlers that use it in a component that is not partitioned.",
    example: {
      wrong: "private seq = 0; // this.seq++ in a handler that is partitioned by ballot",
      right: "private readonly seq = new Map<string, number>(); // one number for each ballot",
    },
  },
  RVN302: {
    name: "whole-collection",
    severity: "error",
    group: "partitioning",
    title: "A collection that would be spread is used as a whole.",
    explanation:
      "Its size, its entries, clearing it or replacing it concern all partitions at once. Asked on one partition, the answer is about " +
      "a part; put together from all of them, it is about no instant that ever was.",
    remedy:
      "Ask for single entries by key, or move the handler and the collection to a component that is not partitioned.",
    example: {
      wrong: "@On() stats(_m: object, from: Ref<Client>): void { from.count({ n: this.locks.size }); }",
      right:
        "@On() state(m: { lock: string }, from: Ref<Client>): void { from.held({ yes: this.locks.has(m.lock) }); }",
    },
  },
  RVN303: {
    name: "two-keys",
    severity: "error",
    group: "partitioning",
    title: "One handler touches the state of two keys.",
    explanation:
      "A message goes to one partition. The state of its other key is on another one, and what the handler does to it " +
      "would be done to a copy.",
    remedy: "Key everything that a message touches by one column, or send one message for each key.",
    example: {
      wrong: "@On() transfer(m: { a: string; b: string }): void { /* this.money.get(m.a), this.money.get(m.b) */ }",
      right: "@On() withdraw(m: { account: string }): void { /* this.money.get(m.account) */ }",
    },
  },
  RVN304: {
    name: "other-key",
    severity: "error",
    group: "partitioning",
    title: "The state is kept under another key than its messages would be routed by.",
    explanation:
      "Messages that concern one entry have to meet on one partition. Routed by something else they are scattered: the votes for one " +
      "ballot never meet when they are routed by the voter.",
    remedy: "Partition by the column that the state is keyed by.",
    example: {
      wrong: 'collector: { moves: ["voted"], by: "from.id", into: 3 }',
      right: 'collector: { moves: ["voted"], by: "id", into: 3 }',
    },
  },
  RVN305: {
    name: "missing-key-column",
    severity: "error",
    group: "partitioning",
    title: "A message does not carry the column that it would have to be routed by.",
    explanation:
      "The sender of a message computes its partition, from what is in the message. A handler that touches spread state can therefore " +
      "only be called with the key.",
    remedy:
      "Add the column to the message and let its senders fill it. It must agree with what the state is kept under.",
    example: {
      wrong: "@On() acked(m: { seq: number }): void",
      right: "@On() acked(m: { seq: number; key: string }): void",
    },
  },
  RVN306: {
    name: "derived-key",
    severity: "error",
    group: "partitioning",
    title: "The state is keyed by something that is computed from the message.",
    explanation:
      "Equal keys would have to come from equal routes. That does not hold for columns that are joined into one string (`a` and `bc`, " +
      "`ab` and `c`), and two values of a column may well have one value of a function. What can be routed by is the function itself, " +
      "if senders can compute it, or a column of which it is known that it has that value.",
    remedy:
      "Partition by the function (`by: (m) => hash(m.value)`), let the message carry the key as a column, or use nested maps instead of a joined string.",
    example: {
      wrong: "this.quota.get(`${m.tenant}${m.user}`)",
      right: "this.quota.get(m.tenant)?.get(m.user)",
    },
  },
  RVN307: {
    name: "key-from-state",
    severity: "error",
    group: "partitioning",
    title: "The key of the state is itself read from state.",
    explanation:
      "Which entry is meant turns out only after the message has arrived, on a partition that was chosen without knowing it.",
    remedy: "Let the message carry the key.",
    example: { wrong: 'this.jobs.get(this.jobOf.get(m.worker) ?? "")', right: "this.jobs.get(m.job)" },
  },
  RVN308: {
    name: "key-per-element",
    severity: "error",
    group: "partitioning",
    title: "One message touches an entry for each element of a list.",
    explanation:
      "The entries are on several partitions and the message goes to one. Two orders that name the same two articles in different " +
      "order would both take the last of each.",
    remedy: "Send one message for each element, where they need not succeed together.",
    example: { wrong: "for (const sku of m.skus) this.stock.set(sku, 0);", right: "this.stock.set(m.sku, 0);" },
  },
  RVN309: {
    name: "keys-become-strings",
    severity: "error",
    group: "partitioning",
    title: "Keys that routing keeps apart may be one entry of the collection.",
    explanation:
      'Plain objects and arrays make strings of their keys, so `1` and `"1"` are one entry there. Routing keeps types apart, so they may be two partitions.',
    remedy: "Use a `Map` or a `Set`, or one type of key everywhere.",
    example: {
      wrong: "private readonly seen: Record<string, boolean> = {};",
      right: "private readonly seen = new Map<string, boolean>();",
    },
  },
  RVN310: {
    name: "not-a-key",
    severity: "error",
    group: "partitioning",
    title: "The column is not of a type that can be a key.",
    explanation: "Keys are strings, numbers, bigints and booleans. Objects have no equality that survives a network.",
    remedy: "Partition by a column inside it.",
    example: { wrong: 'by: "order"', right: 'by: "order.id"' },
  },
  RVN311: {
    name: "optional-key",
    severity: "error",
    group: "partitioning",
    title: "The column may be missing.",
    explanation: "A message without its key cannot be routed. That the column is there has to follow from its type.",
    remedy: "Make the column required, or handle messages without it elsewhere.",
    example: { wrong: "@On() put(m: { key?: string }): void", right: "@On() put(m: { key: string }): void" },
  },
  RVN312: {
    name: "fifo-handler-spread",
    severity: "error",
    group: "partitioning",
    title: "The messages of one sender to a @Fifo handler would go to several partitions.",
    explanation: "Order exists on one channel between two processes. Messages to two partitions overtake each other.",
    remedy: "Partition by `from.id`, or drop `@Fifo` where the order does not matter.",
    example: {
      wrong: 'replica: { by: "slot", into: 3 } // apply is @Fifo',
      right: 'replica: { by: "from.id", into: 3 }',
    },
  },
  RVN313: {
    name: "fifo-sender-spread",
    severity: "error",
    group: "partitioning",
    title: "Messages to a @Fifo handler would leave from several partitions.",
    explanation:
      "The receiver relies on the order in which the node sends. Partitions of the node send independently of each other.",
    remedy: "Leave the handler that sends in a component that is not partitioned, or drop `@Fifo` at the receiver.",
    example: {
      wrong: 'leader: { by: "slot", into: 3 } // append sends to Replica.apply, which is @Fifo',
      right: "leader: {}",
    },
  },
  RVN314: {
    name: "timer-without-key",
    severity: "error",
    group: "partitioning",
    title: "A timer or a start handler shares state with handlers that would be spread.",
    explanation:
      "It has no message, so it has no key; it runs once per node, on the first partition, and there it sees only a part of the state.",
    remedy: "Leave it and the handlers that share its state in a component that is not partitioned.",
    example: {
      wrong: "@Every(1000) expire(): void { for (const [lock] of this.leases) this.leases.delete(lock); }",
      right: "// the handlers of `leases` in a component without `into`",
    },
  },
  RVN315: {
    name: "not-understood-spread",
    severity: "error",
    group: "partitioning",
    title: "What the analysis does not understand cannot be partitioned.",
    explanation: "Riven fails closed: an expression that it does not follow may touch the state of any key.",
    remedy: "Write the expression in a way that can be followed.",
    example: { wrong: "this.table[m.row][m.column] = eval(m.formula);", right: "this.table.set(m.row, m.value);" },
  },
  RVN316: {
    name: "nothing-to-spread-by",
    severity: "error",
    group: "partitioning",
    title: "No message of the component has anything that it could be routed by.",
    explanation: "Everything would go to the first partition, and the others would be idle.",
    remedy: "Leave out `into`, or add a column that says what a message is about.",
    example: { wrong: "@On() tick(): void // into: 3", right: "@On() tick(m: { shard: number }): void" },
  },
  RVN317: {
    name: "timer-not-keyed",
    severity: "error",
    group: "partitioning",
    title: "A one-shot timer without a key is used by handlers that would be spread.",
    explanation:
      "The node has one such timer, and each partition would have its own: armed on one, it cannot be disarmed on another, and it " +
      "fires once for each. A timer that is armed with the key of the message belongs to the partition of that key.",
    remedy: "Arm the timer with the key, and let its handler take the key as its parameter.",
    example: {
      wrong: "this.timers.timeout.set(500); // in a handler that is partitioned by id",
      right: "this.timers.timeout.set(500, m.id);",
    },
  },
  RVN318: {
    name: "recovery-spread",
    severity: "error",
    group: "partitioning",
    title: "A recovery handler does more than deal with each entry by itself.",
    explanation:
      "When a node comes back, every partition runs `@OnRecover` with the part of the state that it has. That amounts to what one node would have done " +
      "only if the handler consists of loops over the collections that are spread, and each turn touches, arms and sends only what " +
      "belongs to its own entry: nothing outside of the loops, nothing gathered from turn to turn, no pairs of entries, no exceptions.",
    remedy: "Loop over the collections that are spread and treat each entry by itself, or do not partition.",
    example: {
      wrong: "@OnRecover() resume(): void { this.peer.backWith({ pending: this.pending.size }); }",
      right: "@OnRecover() resume(): void { for (const [id, entry] of this.pending) this.peer.again({ id, entry }); }",
    },
  },
  RVN319: {
    name: "sequence-spread",
    severity: "error",
    group: "partitioning",
    title: "A component that keeps the order of another one would be spread.",
    explanation:
      "What is forwarded in order, or waited for, is in order between one instance that sends and one that receives. Several senders have no order among themselves; of several receivers one may be behind the others, and whoever hears of the one may write to the other.",
    remedy:
      "Leave the sender in one instance, and spread the receiver only when no message of its own can be caused by what either sends; or spread both by the same columns.",
    example: {
      wrong: 'plan(Ledger, { main: { by: "account", into: 2 }, audit: { moves: ["entries"] } });',
      right:
        'plan(Ledger, { main: { by: "account", into: 2 }, audit: { moves: ["entries"], by: "account", into: 2 } });',
    },
  },
  RVN320: {
    name: "senders-cannot-compute",
    severity: "error",
    group: "partitioning",
    title: "Senders cannot compute what the messages would be routed by.",
    explanation:
      "The sender of a message chooses its partition, so it has to evaluate the function that the state is keyed by: an exported one, of columns that are strings, numbers, " +
      "bigints or booleans, which has a result for all of them. If it threw, the sender would fail where the receiver would have.",
    remedy:
      "Export the function, let it have a result for every argument, or let the message carry the result as a column.",
    example: {
      wrong: "const shardOf = (key: string): string => key.slice(0, 2);",
      right: "export const shardOf = (key: string): string => key.slice(0, 2);",
    },
  },
  RVN321: {
    name: "composite-key",
    severity: "error",
    group: "partitioning",
    title: "A part of a key cannot be told from the key.",
    explanation:
      "State under a key that is put together from parts can be spread by one part, if the key tells what the part was. Two texts that are joined do not " +
      'tell where the first ends ("a/b" and "c", "a" and "b/c"), nor do numbers without anything between them.',
    remedy: "Use nested maps, `JSON.stringify([a, b])` for texts, or a separator that no number has.",
    example: {
      wrong: 'this.quota.get(`${m.tenant}/${m.user}`) // by: "tenant"',
      right: 'this.quota.get(JSON.stringify([m.tenant, m.user])) // by: "tenant"',
    },
  },
  RVN322: {
    name: "another-function",
    severity: "error",
    group: "partitioning",
    title: "State is kept under one function of the message, and would be routed by another one.",
    explanation:
      "Messages that touch one entry have to go to one partition. That two functions have equal results, or that one function has equal results for two columns, is nothing that follows from the code.",
    remedy: "Key all that a message touches by the same function of the same columns.",
    example: {
      wrong: "this.values.get(crc(m.value)) // elsewhere: this.values.set(sha(m.value), ...)",
      right: "this.values.get(sha(m.value))",
    },
  },
  RVN323: {
    name: "unproved-dependency",
    severity: "error",
    group: "partitioning",
    title: "Not everybody who sends the message sees to it that one column is a function of another.",
    explanation:
      "A column may stand for a function of other columns when every statement that sends the message computes it so, or passes on what was computed so. " +
      "Clients may send anything, and what was read from state was put there by other messages.",
    remedy:
      "Compute the column wherever the message is sent, or compute the key at the receiver and partition by the function.",
    example: {
      wrong: "this.storage.store({ value: m.value, hash: m.hash }); // m comes from a client",
      right: "this.storage.store({ value: m.value, hash: hash(m.value) });",
    },
  },
  RVN324: {
    name: "dependency-rests-on-component",
    severity: "error",
    group: "partitioning",
    title: "A promised dependency may be true only because the component is one.",
    explanation:
      "`@Determines` says that the senders see to it. When they can do so only because the component always answers the same (the first writer wins), then partitions, each of " +
      "which has a first writer, would make it false: the promise cannot be used to make them.",
    remedy: "Partition by the column that determines.",
    example: {
      wrong: '@On() @Determines("slot", "value") accept(m: { slot: number; value: string }): void // by: "value"',
      right: '@On() accept(m: { slot: number; value: string }): void // by: "slot"',
    },
  },
  RVN325: {
    name: "owner-unknown",
    severity: "error",
    group: "partitioning",
    title: "The partition of a durable entry could not be found from its key.",
    explanation:
      "Data on storage has to be moved when the number of partitions changes. Which partition an entry belongs to must follow from its key, by something that can be computed: " +
      "a part of a template can be read again, the arguments of an `injective` function cannot.",
    remedy: "Keep the state in nested maps, by what it is spread by first.",
    example: {
      wrong: "@Durable() private readonly log = new Map<string, Entry>(); // by injectiveKey(slot, ballot)",
      right: "@Durable() private readonly log = new Map<number, Map<number, Entry>>();",
    },
  },
} as const satisfies { readonly [code: `RVN3${number}`]: DiagnosticEntry };
