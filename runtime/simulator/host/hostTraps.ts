/**
 * What of the host simulated code must not call: all that gives another answer on another day or machine, or is seen from
 * outside. Reading `process.env` and `process.argv` is left alone: they are the same for all of a run, many libraries look
 * at them in passing, and a trap could not tell these from a protocol. So is the console, which nobody's state depends on.
 */

import type * as net from "node:net";

/** A function, or a class, of the host. */
export interface HostFunction {
  readonly holder: object;
  readonly name: string;
  /** What people call it. */
  readonly call: string;
}

/** All of them that this version of Node.js has. (What cannot be replaced calls one that can.) */
export function hostFunctions(): readonly HostFunction[] {
  const known = [...clocks(), ...chance(), ...scheduling(), ...processes(), ...files(), ...networks(), ...collector()];
  return known.filter(
    ({ holder, name }) =>
      typeof Reflect.get(holder, name) === "function" &&
      Object.getOwnPropertyDescriptor(holder, name)?.configurable !== false,
  );
}

function clocks(): HostFunction[] {
  return [
    ...named(Date, "Date.", ["now"]),
    ...named(performance, "performance.", ["now", "mark", "measure", "toJSON", "eventLoopUtilization"]),
    ...named(process, "process.", ["hrtime", "uptime", "cpuUsage", "resourceUsage", "memoryUsage"]),
    ...named(process.hrtime, "process.hrtime.", ["bigint"]),
    ...named(process.memoryUsage, "process.memoryUsage.", ["rss"]),
  ];
}

const RANDOM = [
  ...["randomBytes", "pseudoRandomBytes", "prng", "rng", "randomInt", "randomUUID", "randomFillSync", "randomFill"],
  ...["getRandomValues", "generateKey", "generateKeySync", "generateKeyPair", "generateKeyPairSync"],
  ...["generatePrime", "generatePrimeSync"],
];

function chance(): HostFunction[] {
  return [
    ...named(Math, "Math.", ["random"]),
    ...named(globalThis.crypto, "crypto.", ["getRandomValues", "randomUUID"]),
    ...named(globalThis.crypto.subtle, "crypto.subtle.", ["generateKey"]),
    ...named(builtin("crypto"), "crypto.", RANDOM),
  ];
}

const TIMERS = ["setTimeout", "setInterval", "setImmediate"];

function scheduling(): HostFunction[] {
  return [
    ...named(globalThis, "", [...TIMERS, "queueMicrotask"]),
    ...named(builtin("timers"), "timers.", TIMERS),
    ...named(builtin("timers/promises"), "timers.promises.", TIMERS),
    ...named(process, "process.", ["nextTick"]),
    ...named(Atomics, "Atomics.", ["wait", "waitAsync"]),
  ];
}

const OF_THE_PROCESS = [
  ...["exit", "reallyExit", "abort", "kill", "send", "disconnect", "dlopen"],
  ...["cwd", "chdir", "umask", "setuid", "setgid", "seteuid", "setegid", "setgroups", "initgroups"],
];

function processes(): HostFunction[] {
  return [
    ...named(process, "process.", OF_THE_PROCESS),
    ...all("child_process"),
    ...named(builtin("worker_threads"), "worker_threads.", ["Worker", "MessageChannel", "BroadcastChannel"]),
    ...named(globalThis, "", ["MessageChannel", "BroadcastChannel"]),
    ...named(builtin("cluster"), "cluster.", ["fork"]),
    ...all("os"),
  ];
}

function files(): HostFunction[] {
  const classes = ["ReadStream", "WriteStream"];
  return [...all("fs"), ...named(builtin("fs"), "fs.", classes), ...all("fs/promises", "fs.promises.")];
}

function networks(): HostFunction[] {
  const { Socket, Server } = builtin("net") as typeof net;
  return [
    ...named(globalThis, "", ["fetch", "WebSocket", "EventSource"]),
    ...named(builtin("net"), "net.", ["connect", "createConnection", "createServer"]),
    ...named(Socket.prototype, "net.Socket.", ["connect"]),
    ...named(Server.prototype, "net.Server.", ["listen"]),
    ...named(builtin("tls"), "tls.", ["connect", "createServer"]),
    ...named(builtin("http"), "http.", ["request", "get", "createServer"]),
    ...named(builtin("https"), "https.", ["request", "get", "createServer"]),
    ...named(builtin("http2"), "http2.", ["connect", "createServer", "createSecureServer"]),
    ...named(builtin("dgram"), "dgram.", ["createSocket"]),
    ...all("dns"),
    ...all("dns/promises", "dns.promises."),
  ];
}

/** They tell when the collector has run. */
function collector(): HostFunction[] {
  return named(globalThis, "", ["WeakRef", "FinalizationRegistry", "gc"]);
}

function named(holder: object, prefix: string, names: readonly string[]): HostFunction[] {
  return names.map((name) => ({ holder, name, call: `${prefix}${name}()` }));
}

/** All functions of a module, without its classes. */
function all(module: string, prefix = `${module}.`): HostFunction[] {
  const holder = builtin(module);
  return named(
    holder,
    prefix,
    Object.keys(holder).filter((name) => /^[a-z]/.test(name)),
  );
}

/** The mutable object behind a module; what `import { randomBytes }` gives follows it when it is synchronised. */
function builtin(name: string): object {
  return process.getBuiltinModule(name) as object;
}
