import type { DiagnosticEntry } from "../entry.ts";

/** RVN43x: why a plan that is safe cannot be written out as components. */
export const outputCodes = {
  RVN430: {
    name: "component-does-not-type-check",
    severity: "error",
    group: "plan",
    title: "A component would not type-check",
    explanation:
      "TypeScript checks every component before it is written, in the project that it will be part of. What it reports here " +
      "is in text that was taken over from the protocol, so the place is the author's own line. Usually a component lacks " +
      "a name that the statement relied on, or a type that is valid in the protocol is not valid in a file of its own.",
    remedy:
      "Export the types that the handler uses, or write the type of the value out. If the protocol itself type-checks and " +
      "nothing in the message explains the finding, it is a bug in Riven.",
    example: {
      wrong: "const local = makeLocal(); // its type is declared inside a function",
      right: "const local: Local = makeLocal(); // Local is declared at the top of the module",
    },
  },
  RVN431: {
    name: "cannot-be-written",
    severity: "error",
    group: "plan",
    title: "A component cannot be written out",
    explanation:
      "The step is safe, but the text of the protocol at this place does not lend itself to being cut: Riven edits copies of " +
      "what the author wrote rather than printing code of its own, so that names, comments and layout survive.",
    remedy: "Write the statement in the plainer form that the message names.",
    example: {
      wrong: "private handle = { propose: (m: Ballot) => this.fanOut(m) };",
      right: "private fanOut(m: Ballot): void {}",
    },
  },
} as const satisfies { readonly [code: `RVN43${number}`]: DiagnosticEntry };
