/** What of JavaScript's and Node's surroundings a role must not touch. */
import { isBuiltin } from "node:module";
import type { Code } from "../../diagnostics/codes.ts";
import type { ExternalName } from "../syntax/externalName.ts";

/** Why something outside is out of bounds: the code, and what it does (fits behind its name). */
export interface Objection {
  readonly code: Extract<Code, "RVN102" | "RVN103" | "RVN104" | "RVN105" | "RVN128">;
  readonly because: string;
}

const chance = "gives a different result at every call, so the handler cannot be replayed";
const clock = "tells the time of the machine it runs on, so the handler cannot be replayed";
const later = "runs code after the handler has returned, when its activation is over";
const machine = "differs from process to process, so a node would behave differently after a rewrite";
const outside = "is input or output that a replay of the handler would repeat";
const code = "runs code that the compiler cannot see";

/** Globals, by the path that leads to them; a longer path wins. */
const GLOBALS: { readonly [path: string]: Objection } = {
  "Date.now": { code: "RVN102", because: clock },
  performance: { code: "RVN102", because: clock },
  "Math.random": { code: "RVN102", because: chance },
  "crypto.randomUUID": { code: "RVN102", because: chance },
  "crypto.getRandomValues": { code: "RVN102", because: chance },
  "crypto.subtle": { code: "RVN102", because: later },
  process: { code: "RVN102", because: machine },
  "process.stdout": { code: "RVN103", because: outside },
  "process.stderr": { code: "RVN103", because: outside },
  "process.stdin": { code: "RVN103", because: outside },
  "process.exit": { code: "RVN103", because: "ends every node of the process" },
  "process.nextTick": { code: "RVN102", because: later },
  setTimeout: { code: "RVN102", because: later },
  setInterval: { code: "RVN102", because: later },
  setImmediate: { code: "RVN102", because: later },
  queueMicrotask: { code: "RVN102", because: later },
  WeakRef: { code: "RVN102", because: "changes when the garbage collector runs" },
  FinalizationRegistry: { code: "RVN102", because: "runs code when the garbage collector does" },
  fetch: { code: "RVN103", because: outside },
  WebSocket: { code: "RVN103", because: outside },
  EventSource: { code: "RVN103", because: outside },
  XMLHttpRequest: { code: "RVN103", because: outside },
  localStorage: { code: "RVN103", because: outside },
  sessionStorage: { code: "RVN103", because: outside },
  console: { code: "RVN104", because: "is output that a replay of the handler would repeat" },
  Intl: { code: "RVN105", because: "depends on the language data of the machine" },
  eval: { code: "RVN128", because: code },
  Function: { code: "RVN128", because: code },
  require: { code: "RVN128", because: code },
};

/** Node's modules whose functions depend on nothing but their arguments. */
const HARMLESS_MODULES = new Set([
  "assert",
  "assert/strict",
  "buffer",
  "path",
  "path/posix",
  "punycode",
  "querystring",
  "string_decoder",
  "url",
  "util",
]);

/** Of `node:crypto`, what draws random numbers. Digests, ciphers and signatures are functions of their arguments. */
const RANDOM_CRYPTO =
  /^(random|getRandom|generate|createDiffieHellman|createECDH|pseudoRandom|prng|rng|webcrypto|subtle)/;

const CLOCK_MODULES = new Set(["perf_hooks", "timers", "timers/promises"]);

/** What there is against the use of something that the project does not define; undefined when nothing is known. */
export function objectionTo(name: ExternalName): Objection | undefined {
  if (name.module === undefined) return ofGlobal(name.path);
  return isBuiltin(name.module) ? ofModule(name.module, name.path[0]) : undefined;
}

function ofGlobal(path: readonly string[]): Objection | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const key = path.slice(0, length).join(".");
    if (Object.hasOwn(GLOBALS, key)) return GLOBALS[key];
  }
  return undefined;
}

function ofModule(module: string, member: string | undefined): Objection | undefined {
  if (HARMLESS_MODULES.has(module)) return undefined;
  if (CLOCK_MODULES.has(module)) return { code: "RVN102", because: clock };
  if (module === "crypto") {
    const isRandom = member !== undefined && RANDOM_CRYPTO.test(member);
    return isRandom ? { code: "RVN102", because: chance } : undefined;
  }
  if (module === "process" || module === "os") return { code: "RVN102", because: machine };
  return { code: "RVN103", because: outside };
}
