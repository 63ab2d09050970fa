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
} as const satisfies { readonly [code: `RVN4${number}`]: DiagnosticEntry };
