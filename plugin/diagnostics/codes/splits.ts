import type { DiagnosticEntry } from "../entry.ts";

/** RVN215 to RVN228: why a handler may not be split together with the state that it uses. */
export const splitCodes = {
  RVN215: {
    name: "stale-after-answer",
    severity: "error",
    group: "decoupling",
    title: "A message could arrive at a component before what its sender knows of has arrived there.",
    explanation:
      "One component forwards a change to another one and also tells somebody. Whoever is told may send a message because of it, and that message may enter at the other component before the forward does: a subscriber whose subscription was confirmed misses the next publication; the holder of a lock is told that it does not hold it. The finding names the way that leads from the message that leaves to the one that comes too early.",
    remedy:
      "Hold the messages back until the forward has been applied (`hold: true` in the plan), or keep the two handlers in one component.",
    example: {
      wrong: 'plan(Broker, { publisher: { moves: ["publish"] } }); // subscribe confirms, then the client publishes',
      right: 'plan(Broker, { publisher: { moves: ["publish"], hold: true } });',
    },
  },
  RVN216: {
    name: "halves-depend-on-each-other",
    severity: "error",
    group: "decoupling",
    title: "What stays and what goes would each need the other's state.",
    explanation:
      "A split sends information one way. If what stays looks at a field that goes, or what goes looks at one that stays, each would look at a field of its own. A check in one component and the act that it protects in another one is of this kind, and so is a condition that something has not happened in the other half. So is a handler whose pieces arrive one by one where others can look in between.",
    remedy:
      "Move all that uses the field, or none of it. What is only passed on may be read into a variable before: it travels.",
    example: {
      wrong:
        'plan(Store, { stock: { moves: ["stock"] } }); // if (this.stock.get(m.sku)! > 0) { ...; this.sold.add(m.order); }',
      right: 'plan(Store, { stock: { moves: ["stock", "sold"] } });',
    },
  },
  RVN217: {
    name: "edge-triggered",
    severity: "error",
    group: "decoupling",
    title: "A condition is tested in one handler and made true in another one.",
    explanation:
      "An `if` is tested when its handler runs, and not again. In one node the two halves of a condition arrive in some order and the last one finds it true. If one half is forwarded late, the handler that tests has been and gone, and nobody acts.",
    remedy:
      "Test the condition in every handler that can make it true, or let the handler that tests it do nothing else: then its message waits.",
    example: {
      wrong: "@On() b(m: Id) { this.bs.add(m.id); if (this.as.has(m.id)) this.client.both(m); } // a only adds to as",
      right:
        "@On() a(m: Id) { this.as.add(m.id); this.check(m.id); }\n@On() b(m: Id) { this.bs.add(m.id); this.check(m.id); }",
    },
  },
  RVN218: {
    name: "counts-repetitions",
    severity: "error",
    group: "decoupling",
    title: "A number is counted up by something that may arrive twice.",
    explanation:
      "What is forwarded is sent again until it is acknowledged, so it may come twice. A set does not mind. A counter counts twice, and a threshold is reached with too few.",
    remedy: "Count the members of a set.",
    example: {
      wrong: "this.count.set(m.id, (this.count.get(m.id) ?? 0) + 1);",
      right: "this.voters.set(m.id, (this.voters.get(m.id) ?? new Set()).add(from.id));",
    },
  },
  RVN219: {
    name: "not-a-join",
    severity: "error",
    group: "decoupling",
    title: "What is written depends on the order in which messages arrive.",
    explanation:
      "The component hears of things in any order. A value that the last writer sets, or that the first one keeps, would be another one. Adding to a set, a maximum, creating an empty entry: these give the same in any order.",
    remedy:
      "Write what only grows, or decide where the messages are handled and forward the decision. In one sequence (no messages of its own in the component) order does not matter.",
    example: {
      wrong: "this.latest.set(m.key, m.value);",
      right: "if (m.version > this.latest) this.latest = m.version;",
    },
  },
  RVN220: {
    name: "not-up-closed",
    severity: "error",
    group: "decoupling",
    title: "Something happens because of what has not arrived.",
    explanation:
      "A condition that is true with little and false with more, such as `!this.cancelled.has(id)`, is true as long as the component has not heard of it: an order is shipped after its cancellation was confirmed. Conditions that stay true once they are true can only be late.",
    remedy:
      "Ask for what has arrived. Only a mark of what has been done may be asked for by its absence, in the handler that sets it.",
    example: {
      wrong: "if (!this.cancelled.has(m.id)) this.courier.ship(m); // cancelled is forwarded",
      right: "if (this.released.has(m.id)) this.courier.ship(m);",
    },
  },
  RVN221: {
    name: "state-in-output",
    severity: "error",
    group: "decoupling",
    title: "A message carries what a component knows at the moment.",
    explanation:
      "What a component has heard of by then is not what one node would have known. So it may decide that something is sent, once enough is there, but it may not show in what is sent, nor in where it goes to.",
    remedy: "Send what was received, or a function of the key; or leave the state where the message is handled.",
    example: {
      wrong: "if (voters.size >= n) this.client.decided({ id, votes: voters.size });",
      right: "if (voters.size >= n) this.client.decided({ id });",
    },
  },
  RVN222: {
    name: "fires-again",
    severity: "error",
    group: "decoupling",
    title: "Something that is to happen once happens each time that its condition is tested.",
    explanation: "A threshold stays reached. What comes after it, or comes twice, finds it reached again.",
    remedy: "Guard it by a set of what is done, and add to the set in the same handler.",
    example: {
      wrong: "if (voters.size >= n) this.client.decided({ id });",
      right: "if (voters.size >= n && !this.done.has(id)) {\n  this.done.add(id);\n  this.client.decided({ id });\n}",
    },
  },
  RVN223: {
    name: "forgotten-too-early",
    severity: "error",
    group: "decoupling",
    title: "An entry is deleted that something still under way has to find.",
    explanation:
      "When everything arrives at one node, an entry may be deleted as soon as it has served. When a part arrives by another way, it may come later: it starts a new entry, is lost, or sets off again what had been done.",
    remedy:
      "Keep a small mark of what is done; delete the rest under the condition that adds it, and ask for the mark wherever the entry is used.",
    example: {
      wrong: "if (voters.size >= n) { this.votes.delete(id); this.client.decided({ id }); }",
      right:
        "if (!this.done.has(id) && voters.size >= n) { this.done.add(id); this.votes.delete(id); this.client.decided({ id }); }",
    },
  },
  RVN224: {
    name: "output-not-of-key",
    severity: "error",
    group: "decoupling",
    title: "What happens once for a key differs between the messages that may set it off.",
    explanation:
      "The last message that was needed sets it off, and which one that is depends on the order of arrival. So what is sent, and to whom, must be the same for all of them.",
    remedy: "Make what differs a part of the key, or leave it out.",
    example: {
      wrong: "if (!this.done.has(m.id)) { this.done.add(m.id); this.client.decided({ id: m.id, last: from.id }); }",
      right: "if (!this.done.has(m.id)) { this.done.add(m.id); this.client.decided({ id: m.id }); }",
    },
  },
  RVN225: {
    name: "order-observed",
    severity: "error",
    group: "decoupling",
    title: "The order of arrival shows.",
    explanation:
      "Collections are iterated in the order in which they were filled. In a component that hears of things in any order that is another one: the first entry is not the first.",
    remedy: "Sort by something in the entries, or treat them all alike.",
    example: {
      wrong: "const [first] = this.waiting.get(m.lock)!;",
      right: "const first = [...this.waiting.get(m.lock)!].sort()[0];",
    },
  },
  RVN226: {
    name: "nothing-stays-of-handler",
    severity: "error",
    group: "decoupling",
    title: "All of a handler that the plan does not name would go.",
    explanation:
      "The plan moves a handler, and with it state that another handler uses. If everything that the other one does is about that state, it would be nothing but a way to pass messages on, and that should be what the plan says.",
    remedy: "Name that handler in `moves` too, or name the field.",
    example: {
      wrong: 'plan(Broker, { publisher: { moves: ["publish"] } }); // subscribe only adds to topics',
      right: 'plan(Broker, { publisher: { moves: ["publish", "subscribe"] } });',
    },
  },
  RVN227: {
    name: "no-single-sequence",
    severity: "error",
    group: "decoupling",
    title: "A component would follow an order that does not exist.",
    explanation:
      "What one component forwards arrives in its order. From two components there is no common order; and where two components are waited for, or one follows another that is itself changed from outside, what one is told may be known before the other knows.",
    remedy: "Let everything that the component is told come from one component.",
    example: {
      wrong: 'plan(Store, { a: { moves: ["put"] }, index: { moves: ["entries"] } }); // put and drop both fill entries',
      right: 'plan(Store, { index: { moves: ["entries", "put", "drop"] } });',
    },
  },
  RVN228: {
    name: "start-apart",
    severity: "error",
    group: "decoupling",
    title: "A handler that runs before everything else would be split.",
    explanation:
      "`@OnStart` and `@OnRecover` run before anything else in their node. What they forward arrives at another component at some time, perhaps after messages that should have found it.",
    remedy: "Move the handler as a whole, or write one for each component.",
    example: {
      wrong:
        '@OnStart() open(): void { this.rooms.add("lobby"); this.ready = true; } // rooms goes elsewhere, ready stays',
      right: '@OnStart() openRooms(): void { this.rooms.add("lobby"); }',
    },
  },
} as const satisfies { readonly [code: `RVN2${number}`]: DiagnosticEntry };
