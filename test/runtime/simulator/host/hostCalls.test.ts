/** Simulated code does not reach the host: neither its clocks and chance, nor its files, networks and processes. */
import { spawnSync } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { lookup } from "node:dns";
import { createSocket } from "node:dgram";
import { existsSync, promises, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { request as secureRequest } from "node:https";
import { connect, Socket } from "node:net";
import { hostname, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { HostCallError, withHostTraps, withoutHostCalls } from "../../../../runtime/simulator/index.ts";

/** Those that would leave something behind are never let through here. */
const CALLS: readonly (readonly [call: string, use: () => unknown])[] = [
  ["Date.now()", () => Date.now()],
  ["new Date()", () => new Date()],
  ["Date()", () => Date()],
  ["Intl.DateTimeFormat.format()", () => new Intl.DateTimeFormat("en").format()],
  ["Intl.DateTimeFormat.formatToParts()", () => new Intl.DateTimeFormat("en").formatToParts()],
  ["performance.now()", () => performance.now()],
  ["process.hrtime()", () => process.hrtime()],
  ["process.hrtime.bigint()", () => process.hrtime.bigint()],
  ["process.uptime()", () => process.uptime()],
  ["process.memoryUsage()", () => process.memoryUsage()],
  ["Math.random()", () => Math.random()],
  ["crypto.randomBytes()", () => randomBytes(4)],
  ["crypto.randomInt()", () => randomInt(4)],
  ["crypto.randomUUID()", () => crypto.randomUUID()],
  ["crypto.getRandomValues()", () => crypto.getRandomValues(new Uint8Array(1))],
  ["setTimeout()", () => setTimeout(() => undefined, 0)],
  ["queueMicrotask()", () => queueMicrotask(() => undefined)],
  ["timers.promises.setTimeout()", () => sleep(0)],
  ["process.nextTick()", () => process.nextTick(() => undefined)],
  ["Atomics.wait()", () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0)],
  ["process.exit()", () => process.exit(0)],
  ["process.kill()", () => process.kill(process.pid, 0)],
  ["process.cwd()", () => process.cwd()],
  ["process.chdir()", () => process.chdir(".")],
  ["child_process.spawnSync()", () => spawnSync("true")],
  ["worker_threads.Worker()", () => new Worker("")],
  ["os.hostname()", () => hostname()],
  ["os.loadavg()", () => loadavg()],
  ["fs.readFileSync()", () => readFileSync("package.json")],
  ["fs.existsSync()", () => existsSync("package.json")],
  ["fs.promises.readFile()", () => readFile("package.json")],
  ["fs.promises.stat()", () => promises.stat("package.json")],
  ["net.connect()", () => connect(1)],
  ["net.Socket.connect()", () => new Socket().connect(1)],
  ["http.request()", () => request("http://localhost:1")],
  ["https.request()", () => secureRequest("https://localhost:1")],
  ["dgram.createSocket()", () => createSocket("udp4")],
  ["dns.lookup()", () => lookup("localhost", () => undefined)],
  ["fetch()", () => fetch("http://localhost:1")],
  ["WeakRef()", () => new WeakRef({})],
  ["FinalizationRegistry()", () => new FinalizationRegistry(() => undefined)],
];

it.each(CALLS)("%s is refused by name, also when the error is caught", (call, use) => {
  expect(() => withoutHostCalls(use)).toThrow(HostCallError);
  const hidden = (): void => {
    try {
      use();
    } catch {
      // hides it from the caller, but not from the simulator
    }
  };
  expect(() => withoutHostCalls(hidden)).toThrow(`${call} was called by a handler`);
});

const HARMLESS = CALLS.filter(([call]) =>
  /^(Date|new Date|Math|performance|process\.(hr|up|cwd)|crypto|os|fs\.\w+Sync|WeakRef|Intl)/.test(call),
);

it.each(HARMLESS)("%s works afterwards, and while nothing is simulated", (_call, use) => {
  expect(() => withoutHostCalls(use)).toThrow(HostCallError);
  expect(use).not.toThrow();
  withHostTraps(() => {
    expect(use).not.toThrow();
    expect(() => withoutHostCalls(use)).toThrow(HostCallError);
    expect(use).not.toThrow();
  });
});

it("gives every function back as it was", () => {
  const before = [Date, Math.random, setTimeout, readFileSync, WeakRef];
  withoutHostCalls(() => undefined);
  expect([Date, Math.random, setTimeout, readFileSync, WeakRef]).toEqual(before);
});

it("leaves alone what is a function of its inputs, and what is seen by nobody", () => {
  const seen = withoutHostCalls(() => {
    return [
      new Date(0).toISOString(),
      new Date(0) instanceof Date,
      new Intl.DateTimeFormat("en", { timeZone: "UTC" }).format(new Date(0)),
      Date.UTC(2000, 0),
      structuredClone({ a: [1] }),
      process.env["NODE_ENV"],
    ];
  });
  expect(seen).toEqual([
    "1970-01-01T00:00:00.000Z",
    true,
    "1/1/1970",
    946684800000,
    { a: [1] },
    process.env["NODE_ENV"],
  ]);
});

it("says which of several calls came first", () => {
  const several = (): void => {
    try {
      Math.random();
    } catch {
      Date.now();
    }
  };
  expect(() => withoutHostCalls(several)).toThrow("Math.random()");
});
