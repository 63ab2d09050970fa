import type { DiagnosticEntry } from "../entry.ts";

/** RVN2xx: why code may not move to a component of its own. */
export const decouplingCodes = {
  RVN201: {
    name: "two-writers",
    severity: "error",
    group: "decoupling",
    title: "Handlers that write the same state would run in different components.",
    explanation:
      "Components of a node are processes without common memory. A field that two of them write would exist twice, each would " +
      "build on its own copy, and updates would be lost. This is also what goes wrong when a check and the act that it " +
      "protects are separated, and when two handlers share a counter.",
    remedy: "Move all handlers that use the field together, or leave them where they are.",
    example: {
      wrong: 'plan(Store, { reserver: { moves: ["reserve"] } }); // restock writes stock too',
      right: 'plan(Store, { stockkeeper: { moves: ["reserve", "restock"] } });',
    },
  },
  RVN202: {
    name: "stale-read",
    severity: "error",
    group: "decoupling",
    title: "A handler would read state that another component writes.",
    explanation:
      "A handler that only reads is not safe to move for that reason. Whoever causes the write may be told so, and call the " +
      "reading handler because of it; in the other component the write has not arrived. A client that has been granted a lock " +
      "is then told that it does not hold it; an order that was cancelled is shipped.",
    remedy: "Keep the handlers that write a field and those that read it in one component.",
    example: {
      wrong: 'plan(LockServer, { releaser: { moves: ["release"] } }); // acquire writes holders',
      right: 'plan(LockServer, { main: { by: "lock", into: 3 } });',
    },
  },
  RVN203: {
    name: "timer-apart",
    severity: "error",
    group: "decoupling",
    title: "A timer would run in another component than the state that it guards.",
    explanation:
      "A timer that expires, retries or gives up decides by state. Apart from the handlers that keep that state up to date it decides " +
      "by an old one: a lease that has just been renewed is given to somebody else. That a one-shot timer is armed is state as well: " +
      "what arms it, what disarms it, and its `@After` handler belong together.",
    remedy: "Move the timer together with the handlers that use its state, or leave it with them.",
    example: {
      wrong: 'plan(Leases, { reaper: { moves: ["expire"] } }); // renew writes what expire reads',
      right: 'plan(Leases, { leases: { moves: ["expire", "renew"] } });',
    },
  },
  RVN204: {
    name: "handler-on-both-sides",
    severity: "error",
    group: "decoupling",
    title: "A handler would have effects in two components.",
    explanation:
      "A handler happens as a whole. When it is split, one half becomes visible before the other. That is harmless only where " +
      "the half that leaves consists of sends that need no state (the functional rule), because then the handler still takes " +
      "effect in one place. Other splits need coordination that this version does not generate.",
    remedy: "Move the whole handler, or only its sends.",
    example: {
      wrong: 'plan(Shop, { audit: { moves: ["log"] } }); // buy writes log and stock',
      right: 'plan(Shop, { notifier: { moves: ["buy -> Client.bought"] } });',
    },
  },
  RVN205: {
    name: "state-not-forwarded",
    severity: "error",
    group: "decoupling",
    title: "A send that is to leave needs state, and its value cannot be computed before.",
    explanation:
      "The component that sends has no state, so what the send needs has to travel. A value travels when it can be computed " +
      "before the statement leaves, each time that the statement is reached, and not when it depends on a variable of " +
      "the statement itself (of a loop, for instance) or is computed only on some paths. Without that the component would read a field of its " +
      "own, which nobody writes.",
    remedy: "Compute the value into a variable before the statement.",
    example: {
      wrong: "this.peers.forEach((p) => p.vote({ id: m.id, ballot: this.ballot }));",
      right: "const ballot = this.ballot;\nthis.peers.forEach((p) => p.vote({ id: m.id, ballot }));",
    },
  },
  RVN206: {
    name: "may-throw-apart",
    severity: "error",
    group: "decoupling",
    title: "What is to leave may throw after the handler has taken effect.",
    explanation:
      "A handler that throws undoes everything that it did. If the part that throws runs in another component, the rest has " +
      "happened already and cannot be undone: state has changed, other messages have left.",
    remedy: "Compute what may throw into a variable before the statement that leaves.",
    example: {
      wrong: "for (const p of this.peers) p.vote({ n: BigInt(m.text) });",
      right: "const n = BigInt(m.text);\nfor (const p of this.peers) p.vote({ n });",
    },
  },
  RVN207: {
    name: "value-does-not-travel",
    severity: "error",
    group: "decoupling",
    title: "What is to leave needs a value that cannot be sent.",
    explanation:
      "Between components values travel as messages, so they are plain data. Functions, iterators and memberships are not. " +
      "A node travels by its id where the role has `peers` of that role to find it again. What arrives is a copy: a statement " +
      "that asks whether two objects are the same one cannot leave either.",
    remedy: "Let the statement use data: the id of a node, a list, a field of the class itself.",
    example: {
      wrong: "const others = this.replicas.others;\nif (this.ready) for (const r of others) r.ping({});",
      right: "if (this.ready) for (const r of this.replicas.others) r.ping({});",
    },
  },
  RVN208: {
    name: "state-in-shared-helper",
    severity: "error",
    group: "decoupling",
    title: "A send that is to leave needs state that a helper reads.",
    explanation:
      "A helper that is called from several places stays as it is: its body cannot ask for the value of an expression in one of its " +
      "calls and compute it in the others. So what it reads of the state cannot be forwarded.",
    remedy: "Read the value in the handler and pass it to the helper.",
    example: {
      wrong: "private tell(id: string) { this.client.done({ id, n: this.n }); }",
      right: "private tell(id: string, n: number) { this.client.done({ id, n }); }",
    },
  },
  RVN209: {
    name: "entangled-statement",
    severity: "error",
    group: "decoupling",
    title: "A send that is to leave shares its statement with something that stays.",
    explanation:
      "Whole statements leave a handler. One that also changes state, sets a variable that is used later, changes an object that " +
      "a local name stands for, or returns, cannot leave without taking that along.",
    remedy: "Put the send into a statement of its own.",
    example: {
      wrong: "this.client.done({ n: this.n++ });",
      right: "const n = this.n;\nthis.n += 1;\nthis.client.done({ n });",
    },
  },
  RVN210: {
    name: "fifo-senders-apart",
    severity: "error",
    group: "decoupling",
    title: "Messages to a @Fifo handler would leave from different components.",
    explanation:
      "A `@Fifo` handler relies on the order in which one node sends to it. That order exists on one channel. Messages that leave " +
      "several components, or that are forwarded to one before they leave, overtake each other.",
    remedy:
      "Keep everything that sends to the `@Fifo` handlers of a role in one component, and do not forward such sends.",
    example: {
      wrong: 'plan(Leader, { shipper: { moves: ["append -> Replica.apply"] } }); // apply is @Fifo',
      right: "@On() apply(m: Entry): void { /* takes entries in any order */ }",
    },
  },
  RVN211: {
    name: "fifo-handlers-apart",
    severity: "error",
    group: "decoupling",
    title: "@Fifo handlers of one class would run in different components.",
    explanation:
      "The messages of one sender to the `@Fifo` handlers of a class are ordered among each other. When two of these handlers run in " +
      "two processes, nothing orders their messages.",
    remedy: "Move all `@Fifo` handlers of the class together, or drop `@Fifo` where the order does not matter.",
    example: {
      wrong: 'plan(Replica, { log: { moves: ["append"] } }); // truncate is @Fifo too',
      right: 'plan(Replica, { log: { moves: ["append", "truncate"] } });',
    },
  },
  RVN212: {
    name: "not-understood-apart",
    severity: "error",
    group: "decoupling",
    title: "What the analysis does not understand cannot be separated from the fields of its class.",
    explanation:
      "Riven fails closed: an expression that it does not follow may read or write any field, those included that look like " +
      "configuration. So the handler around it stays in one component with every handler that uses a field.",
    remedy: "Write the expression in a way that can be followed; `riven explain` lists what is not.",
    example: { wrong: "this[m.field] = m.value;", right: "this.values.set(m.field, m.value);" },
  },
  RVN213: {
    name: "durability-apart",
    severity: "error",
    group: "decoupling",
    title: "Something durable would be written in another component than the one that answers for it.",
    explanation:
      "No message of an activation leaves before what the activation wrote to durable fields and journals is on stable storage. " +
      "Within a component the runtime sees to that. If the record is made in one component and the message leaves from another, a crash " +
      "between the two leaves somebody with a promise that the node does not remember: a participant that has voted yes and comes back " +
      "without the record presumes an abort, while the coordinator commits. The same goes for state that stays: who meets there what an " +
      "activation did may write something down, or tell somebody, and a crash may spare that and not the record of the activation.",
    remedy:
      "Move the whole handler. Its sends may leave afterwards: a forward is a message too, and waits for the record. Or hold messages " +
      "back until the other component has written (`hold: true`).",
    example: {
      wrong: 'plan(Participant, { logger: { moves: ["prepared"] } }); // prepare writes prepared, and votes',
      right: 'plan(Participant, { voter: { moves: ["prepare"] } });',
    },
  },
  RVN214: {
    name: "recovery-apart",
    severity: "error",
    group: "decoupling",
    title: "A recovery handler would use state that belongs to another component.",
    explanation:
      "What `@OnRecover` does it does with the state that has survived. In a component of its own, or in one with only a part of that state, " +
      "it finds nothing where the other component has something: nothing is sent again, and no timer is armed again.",
    remedy: "Keep it together with the handlers of the state that it uses, or write a recovery handler for each part.",
    example: {
      wrong:
        'plan(Coordinator, { resumer: { moves: ["resume"] } }); // resume loops over committed, which voted writes',
      right: 'plan(Coordinator, { committer: { moves: ["voted", "resume"] } });',
    },
  },
} as const satisfies { readonly [code: `RVN2${number}`]: DiagnosticEntry };
