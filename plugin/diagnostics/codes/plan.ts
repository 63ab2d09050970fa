import type { DiagnosticEntry } from "../entry.ts";

/** RVN4xx: what is wrong with a plan, or with the project around it. */
export const planCodes = {
  RVN400: {
    name: "no-such-folder",
    severity: "error",
    group: "plan",
    title: "The folder of the protocol is not there.",
    explanation: "Riven analyses the folder of one protocol: its `.ts` files, and `riven.plan.ts` beside them.",
    remedy: "Give the path of a folder, absolute or relative to the working directory.",
    example: { wrong: "riven check samples/votng", right: "riven check samples/voting" },
  },
  RVN401: {
    name: "no-tsconfig",
    severity: "error",
    group: "plan",
    title: "No tsconfig.json applies to the folder.",
    explanation:
      "What a protocol means depends on the compiler options: strictness, the library, how `riven` is resolved. " +
      "Riven takes them from the nearest `tsconfig.json`, in the folder of the protocol or above it.",
    remedy: "Add a `tsconfig.json`, or run Riven on a folder inside a TypeScript project. `npx tsc --init` writes one.",
    example: { wrong: "my-protocol/protocol.ts", right: "my-protocol/protocol.ts\nmy-protocol/tsconfig.json" },
  },
  RVN402: {
    name: "unusable-tsconfig",
    severity: "error",
    group: "plan",
    title: "The tsconfig.json does not parse.",
    explanation: "Without the compiler options there are no types, and an analysis without types would be void.",
    remedy: "Mend the `tsconfig.json`; `npx tsc --showConfig` shows how TypeScript reads it.",
    example: { wrong: '{ "compilerOptions": { "strict": true }', right: '{ "compilerOptions": { "strict": true } }' },
  },
  RVN403: {
    name: "no-role",
    severity: "error",
    group: "plan",
    title: "The folder declares no role.",
    explanation:
      'A protocol consists of classes that are decorated with `Role` from `"riven"`. A decorator of that name from another ' +
      "module does not count, and neither do files that Riven leaves out: `run.ts`, `riven.plan.ts`, `rewritten/`, tests and `.d.ts`.",
    remedy: 'Decorate the classes of the protocol: `import { Role } from "riven";`, then `@Role()` before the class.',
    example: {
      wrong: "export class Leader {}",
      right: 'import { Role } from "riven";\n\n@Role()\nexport class Leader {}',
    },
  },
  RVN410: {
    name: "not-a-plan",
    severity: "error",
    group: "plan",
    title: "The plan file does not export a plan.",
    explanation:
      '`riven.plan.ts` has one default export: a call of `plan` from `"riven"`, or a list of such calls. Riven reads it from ' +
      "the source and never runs it, so that a plan means the same on every machine and can be checked while it is being typed.",
    remedy: "Export `plan(Role, { ... })`, or an array of them, as the default.",
    example: {
      wrong: 'export const leader = plan(Leader, { collector: { moves: ["voted"] } });',
      right: 'export default plan(Leader, { collector: { moves: ["voted"] } });',
    },
  },
  RVN411: {
    name: "plan-computed",
    severity: "error",
    group: "plan",
    title: "A part of the plan is computed.",
    explanation:
      "A plan is read, not run. Variables, spreads, calls, conditions and templates with holes would have to be evaluated, " +
      "and what they evaluate to could differ from one build to the next. `as const` and `satisfies` are fine.",
    remedy:
      "Write the value out. The number of partitions can be chosen anew by the deployment, so it needs no variable.",
    example: {
      wrong: 'export default plan(Leader, { collector: { moves: ["voted"], into: partitions } });',
      right: 'export default plan(Leader, { collector: { moves: ["voted"], into: 3 } });',
    },
  },
  RVN412: {
    name: "plan-unknown-property",
    severity: "error",
    group: "plan",
    title: "A component of the plan has a property that plans do not know.",
    explanation:
      "A component has `moves` (what it takes), `by` (what its messages are routed by) and `into` (how many partitions), all optional.",
    remedy: "Correct the name, or remove the property.",
    example: {
      wrong: 'export default plan(Leader, { collector: { move: ["voted"] } });',
      right: 'export default plan(Leader, { collector: { moves: ["voted"] } });',
    },
  },
  RVN413: {
    name: "plan-wrong-value",
    severity: "error",
    group: "plan",
    title: "A value in the plan is not of the kind that belongs there.",
    explanation:
      '`moves` is a list of names: handlers (`"voted"`), fields (`"votes"`) or sends (`"propose -> Participant.vote"`, with `#2` ' +
      'for the second send of that message in that handler). `by` is a column path (`"id"`, `"order.sku"`, `"from.id"`), a list of ' +
      "them, a function (`(m) => hash(m.value)`), or an object that says one of these per handler. `into` is a whole number of partitions, at least 1.",
    remedy: "Write a value of that kind.",
    example: {
      wrong: 'export default plan(Leader, { collector: { moves: "voted", by: "id", into: 0 } });',
      right: 'export default plan(Leader, { collector: { moves: ["voted"], by: "id", into: 3 } });',
    },
  },
  RVN414: {
    name: "plan-unknown-role",
    severity: "error",
    group: "plan",
    title: "The plan is about something that is no role of this protocol.",
    explanation:
      "The first argument of `plan` is the class of a role, imported from the protocol. A class that is not decorated with " +
      "`Role`, or that lies outside of the protocol's folder, is not a role here.",
    remedy: "Import the class of the role and name it.",
    example: {
      wrong: 'export default plan("Leader", { collector: { moves: ["voted"] } });',
      right:
        'import { Leader } from "./protocol.ts";\n\nexport default plan(Leader, { collector: { moves: ["voted"] } });',
    },
  },
  RVN415: {
    name: "plan-external-role",
    severity: "error",
    group: "plan",
    title: "The plan is about an external role.",
    explanation:
      "An external role stands for what is outside the system, such as its clients. What it sends and receives is what the " +
      "rewritten system has to preserve, and its code is not part of the protocol.",
    remedy: "Plan the roles that the external one talks to.",
    example: {
      wrong: 'export default plan(Client, { reader: { moves: ["decided"] } });',
      right: 'export default plan(Leader, { collector: { moves: ["voted"] } });',
    },
  },
  RVN416: {
    name: "plan-role-twice",
    severity: "error",
    group: "plan",
    title: "Two plans are about the same role.",
    explanation: "The components of a role are planned together: whether one of them is safe depends on the others.",
    remedy: "Put the components of both into one plan.",
    example: {
      wrong:
        'export default [\n  plan(Leader, { collector: { moves: ["voted"] } }),\n' +
        '  plan(Leader, { broadcaster: { moves: ["propose -> Participant.vote"] } }),\n];',
      right:
        'export default plan(Leader, {\n  collector: { moves: ["voted"] },\n' +
        '  broadcaster: { moves: ["propose -> Participant.vote"] },\n});',
    },
  },
  RVN417: {
    name: "plan-empty",
    severity: "error",
    group: "plan",
    title: "The plan, or a component of it, is empty.",
    explanation:
      "A plan that asks for nothing is more likely to be unfinished than to be meant. A role without a plan is not rewritten, " +
      "and a component without `moves` (rather than with an empty list) is what stays at the role's address.",
    remedy: "Say what the component takes, or remove it.",
    example: {
      wrong: "export default plan(Leader, {});",
      right: 'export default plan(Leader, { collector: { moves: ["voted"] } });',
    },
  },
  RVN418: {
    name: "plan-component-name",
    severity: "error",
    group: "plan",
    title: "A component cannot have this name.",
    explanation:
      "The file and the class of a component are called after it (`leader.collector.ts`, `LeaderCollector`), on file systems that " +
      "may not tell upper from lower case. `main` is what stays at the role's address when the plan does not name it.",
    remedy:
      "Choose a name of letters and digits that begins with a small letter, another one than those of its siblings.",
    example: {
      wrong: 'export default plan(Leader, { "vote-collector": { moves: ["voted"] } });',
      right: 'export default plan(Leader, { voteCollector: { moves: ["voted"] } });',
    },
  },
  RVN419: {
    name: "plan-two-rests",
    severity: "error",
    group: "plan",
    title: "Two components claim what stays at the role's address.",
    explanation: "A component without `moves` is everything that no other component takes, so there can be only one.",
    remedy: "Say with `moves` what the other one takes.",
    example: {
      wrong: 'export default plan(Leader, { collector: { by: "id" }, rest: { by: "id" } });',
      right: 'export default plan(Leader, { collector: { moves: ["voted"], by: "id" }, rest: { by: "id" } });',
    },
  },
  RVN420: {
    name: "plan-key-not-evaluated",
    severity: "error",
    group: "plan",
    title: "A key of the plan is a function that senders cannot evaluate.",
    explanation:
      "Whoever sends a message evaluates its key, without the receiver's state and code: from the columns of the message, " +
      "`from.id`, constants, and what the protocol's modules export. So a key is made of these, by operators, templates, methods of " +
      "the language and pure functions; it never fails, and it is a string, number, bigint or boolean, or a tuple of them.",
    remedy: "Export the function that it uses, or move what is not understood into one that is wrapped in `pure`.",
    example: {
      wrong: "store: { by: (m) => hash(m.value), into: 3 }   // protocol.ts: function hash(value: string) { … }",
      right: "store: { by: (m) => hash(m.value), into: 3 }   // protocol.ts: export function hash(value: string) { … }",
    },
  },
  RVN450: {
    name: "plan-unknown-move",
    severity: "error",
    group: "plan",
    title: "The plan moves something that the role does not have.",
    explanation:
      "`moves` names handlers, fields, and single sends of a handler. A renamed handler, or a send that is no longer there, " +
      "makes the plan say something else than its author meant, so nothing is guessed.",
    remedy: "Name what the class has. `riven explain` lists the handlers, fields and sends of each role.",
    example: {
      wrong: 'plan(Leader, { collector: { moves: ["vote"] } });',
      right: 'plan(Leader, { collector: { moves: ["voted"] } });',
    },
  },
  RVN451: {
    name: "plan-moved-twice",
    severity: "error",
    group: "plan",
    title: "The plan moves the same thing twice.",
    explanation: "A handler, or an effect of one, runs in one component.",
    remedy: "Name it once.",
    example: {
      wrong: 'plan(Leader, { a: { moves: ["voted"] }, b: { moves: ["voted"] } });',
      right: 'plan(Leader, { a: { moves: ["voted"] } });',
    },
  },
  RVN452: {
    name: "plan-moves-configuration",
    severity: "error",
    group: "plan",
    title: "The plan moves a field that no handler changes.",
    explanation:
      "Memberships and other fields that are fixed for a run are configuration. Every component has it; it cannot move.",
    remedy: "Name the handlers that are to move, or a field that they change.",
    example: {
      wrong: 'plan(Leader, { sender: { moves: ["participants"] } });',
      right: 'plan(Leader, { sender: { moves: ["propose -> Participant.vote"] } });',
    },
  },
  RVN453: {
    name: "plan-unknown-column",
    severity: "error",
    group: "plan",
    title: "The plan partitions by a column that no message of the component has.",
    explanation:
      "A key is a column of the messages that the component handles, a path of columns, or `from.id`, the sender.",
    remedy: "Name a column that the messages carry.",
    example: {
      wrong: 'collector: { moves: ["voted"], by: "ballot", into: 3 }',
      right: 'collector: { moves: ["voted"], by: "id", into: 3 }',
    },
  },
  RVN454: {
    name: "plan-key-of-unknown-handler",
    severity: "error",
    group: "plan",
    title: "The plan gives a key to a handler that is not in the component.",
    explanation:
      "Where messages name the key differently, `by` gives a key for each handler of the component, by its name.",
    remedy: "Name a handler of the component.",
    example: {
      wrong: 'collector: { moves: ["voted"], by: { propose: "id" }, into: 3 }',
      right: 'collector: { moves: ["voted"], by: { voted: "id" }, into: 3 }',
    },
  },
  RVN455: {
    name: "plan-key-without-partitions",
    severity: "warning",
    group: "plan",
    title: "The plan names a key and no number of partitions.",
    explanation: "Without `into` a component is not partitioned, so its key says nothing.",
    remedy: "Add `into` (1 lets the deployment choose a number later), or remove `by`.",
    example: {
      wrong: 'collector: { moves: ["voted"], by: "id" }',
      right: 'collector: { moves: ["voted"], by: "id", into: 1 }',
    },
  },
  RVN456: {
    name: "plan-nothing-stays",
    severity: "error",
    group: "plan",
    title: "Nothing is left for the component that stays.",
    explanation:
      "A component without `moves` is what stays at the role's address. When every handler has moved elsewhere, it would be a process without work.",
    remedy: "Remove the component, or let it keep a handler.",
    example: {
      wrong: 'plan(Participant, { voter: { moves: ["vote"] }, rest: {} });',
      right: 'plan(Participant, { voter: { by: "id", into: 3 } });',
    },
  },
  RVN457: {
    name: "plan-uneven-keys",
    severity: "error",
    group: "plan",
    title: "The keys of the handlers have different numbers of columns.",
    explanation: "Messages meet when their keys are equal, and a pair is never equal to a single value.",
    remedy: "Give each handler as many columns, in the same order.",
    example: {
      wrong: 'by: { put: ["tenant", "key"], get: "key" }',
      right: 'by: { put: ["tenant", "key"], get: ["tenant", "key"] }',
    },
  },
  RVN458: {
    name: "plan-class-name-taken",
    severity: "error",
    group: "plan",
    title: "The class of a component would have the name of something else.",
    explanation:
      "The class of a component is called after its role and itself: `Leader` and `collector` make `LeaderCollector`.",
    remedy: "Give the component another name.",
    example: {
      wrong: "plan(Leader, { collector: {} }); // there is a role LeaderCollector",
      right: "plan(Leader, { votes: {} });",
    },
  },
  RVN459: {
    name: "plan-hold-without-forwards",
    severity: "warning",
    group: "plan",
    title: "The plan holds messages back for a component that is told nothing that would matter.",
    explanation:
      "`hold` makes the rest of the role wait until the component has applied what concerns its state. This one is forwarded no state, or keeps the rest waiting anyway, so `hold` has no effect.",
    remedy: "Remove `hold`.",
    example: {
      wrong: 'broadcaster: { moves: ["propose -> Participant.vote"], hold: true }',
      right: 'broadcaster: { moves: ["propose -> Participant.vote"] }',
    },
  },
} as const satisfies { readonly [code: `RVN4${number}`]: DiagnosticEntry };
