/**
 * Keeps clocks, timers and chance of the host away from simulated code: a run must be a function of its seed, and a
 * handler a function of its inputs.
 */
import * as crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

/** Code of a protocol called something that gives another answer each time. */
export class HostCallError extends Error {
  override readonly name = "HostCallError";

  constructor(readonly call: string) {
    super(`${call} was called by a handler. Handlers are deterministic: time and chance reach them as inputs.`);
  }
}

interface Trap {
  readonly holder: object;
  readonly name: string;
  readonly call: string;
}

const TRAPS: readonly Trap[] = [
  { holder: Date, name: "now", call: "Date.now()" },
  { holder: Math, name: "random", call: "Math.random()" },
  { holder: performance, name: "now", call: "performance.now()" },
  { holder: process, name: "hrtime", call: "process.hrtime()" },
  ...trapsOn(globalThis, "", ["setTimeout", "setInterval", "setImmediate", "queueMicrotask"]),
  ...trapsOn(globalThis.crypto, "crypto.", ["getRandomValues", "randomUUID"]),
  ...trapsOn(nodeCrypto(), "crypto.", ["randomBytes", "randomInt", "randomUUID", "randomFillSync", "randomFill"]),
];

function trapsOn(holder: object, prefix: string, names: readonly string[]): Trap[] {
  return names.map((name) => ({ holder, name, call: `${prefix}${name}()` }));
}

/** The mutable object behind the module; what `import { randomBytes }` gives follows it when it is synchronised. */
function nodeCrypto(): object {
  return (crypto as { readonly default?: object }).default ?? crypto;
}

/**
 * Runs `simulation`, in which every such call throws.
 *
 * @throws HostCallError also when the handler caught it, for its result depends on the call all the same.
 */
export function withoutHostCalls<T>(simulation: () => T): T {
  let trapped: HostCallError | undefined;
  const refuse = (call: string): never => {
    trapped ??= new HostCallError(call);
    throw trapped;
  };
  const restore = install(refuse);
  let result: T;
  try {
    result = simulation();
  } finally {
    restore();
  }
  if (trapped !== undefined) throw trapped;
  return result;
}

function install(refuse: (call: string) => never): () => void {
  const before = TRAPS.map(({ holder, name }) => Object.getOwnPropertyDescriptor(holder, name));
  const hostDate = globalThis.Date;
  for (const { holder, name, call } of TRAPS) {
    Object.defineProperty(holder, name, { value: () => refuse(call), configurable: true, writable: true });
  }
  globalThis.Date = new Proxy(hostDate, {
    apply: () => refuse("Date()"),
    construct: (target, args: unknown[], newTarget) =>
      args.length === 0 ? refuse("new Date()") : (Reflect.construct(target, args, newTarget) as object),
  });
  syncBuiltinESMExports();
  return () => {
    globalThis.Date = hostDate;
    TRAPS.forEach(({ holder, name }, index) => {
      const descriptor = before[index];
      if (descriptor === undefined) Reflect.deleteProperty(holder, name);
      else Object.defineProperty(holder, name, descriptor);
    });
    syncBuiltinESMExports();
  };
}
