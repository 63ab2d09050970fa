import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { tsxLoaderUrl } from "../../../runtime/supervisor/childPath.ts";
import { launch } from "../../../runtime/supervisor/launch.ts";
import { banking, rewrittenBanking } from "../node/banking.ts";
import { until } from "../transport/network.ts";
import crashing from "./crashing.run.ts";

const modulePath = join(__dirname, "banking.run.ts");
const quick = { clients: 2, inflight: 4, warmUpSeconds: 0.1, seconds: 0.3 };

/** The pids of the children that a process has forked for a run. */
function childrenOf(pid: number): readonly number[] {
  const processes = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  return [...processes.matchAll(/^\s*(\d+)\s+(\d+)\s.*supervisor\/child\.ts/gm)].flatMap(([, child, parent]) =>
    Number(parent) === pid ? [Number(child)] : [],
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

afterEach(() => {
  expect(childrenOf(process.pid)).toEqual([]);
});

describe("launch", () => {
  it("runs each instance in a process, and measures them", async () => {
    const log: string[] = [];
    const result = await launch(banking, { ...quick, modulePath, log: (line) => log.push(line) });
    expect(log).toEqual([]);
    expect(result).toMatchObject({ system: "banking", transport: "tcp", rewritten: false, protocolProcesses: 3 });
    expect(result.processes.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      "protocol Bank/bank#main.0",
      "protocol Auditor/auditor-1#main.0",
      "protocol Auditor/auditor-2#main.0",
      "clients clients.1",
    ]);
    expect(result.commands).toBeGreaterThan(0);
    expect(result.busiest.name).toBe("Bank/bank#main.0");
    expect(result.processes.every(({ failures, deadLetters, dropped }) => failures + deadLetters + dropped === 0)).toBe(
      true,
    );
  }, 30_000);

  it("runs a rewritten system, with clients in several processes", async () => {
    const result = await launch(banking, {
      ...quick,
      modulePath,
      rewritten: rewrittenBanking,
      rewrittenPath: join(__dirname, "banking.rewritten.ts"),
      partitions: 2,
      clientProcesses: 2,
    });
    expect(result.processes.map(({ name }) => name)).toEqual([
      "Bank/bank#main.0",
      "Bank/bank#clerk.0",
      "Bank/bank#clerk.1",
      "Auditor/auditor-1#main.0",
      "Auditor/auditor-2#main.0",
      "clients.1",
      "clients.2",
    ]);
    expect(result.commands).toBeGreaterThan(0);
    expect(result.processes.every(({ failures, deadLetters, dropped }) => failures + deadLetters + dropped === 0)).toBe(
      true,
    );
  }, 30_000);

  it("needs the path of the rewritten system together with its value", async () => {
    await expect(launch(banking, { modulePath, rewritten: rewrittenBanking })).rejects.toThrow(
      /both its value and the path/,
    );
  });

  it("names the port that is in use", async () => {
    const occupant = createServer();
    await new Promise<void>((resolve) => occupant.listen(0, "127.0.0.1", resolve));
    const { port } = occupant.address() as AddressInfo;
    await expect(launch(banking, { ...quick, modulePath, basePort: port })).rejects.toThrow(
      new RegExp(`^Bank/bank#main\\.0 \\(process \\d+\\): The port 127\\.0\\.0\\.1:${String(port)} is in use`),
    );
    await new Promise((resolve) => occupant.close(resolve));
  }, 30_000);
});

describe("a process that fails", () => {
  afterEach(() => {
    delete process.env["SABOTAGE"];
  });

  it.each([
    [
      "ends",
      "exit",
      /^Saboteur\/saboteur-1#main\.0 \(process \d+\): ended unexpectedly, with exit code 3\..*\n {2}first line\n {2}out of paper$/,
    ],
    ["is killed", "signal", /^Saboteur\/saboteur-1#main\.0 \(process \d+\): ended unexpectedly, by SIGKILL\./],
    ["cannot construct its role", "constructor", /^Saboteur\/saboteur-1#main\.0 \(process \d+\): the vault is locked/],
  ])(
    "makes the run fail with one message: %s",
    async (_, how, message) => {
      process.env["SABOTAGE"] = how;
      const run = launch(crashing, {
        ...quick,
        seconds: 600,
        modulePath: join(__dirname, "crashing.run.ts"),
        log: () => undefined,
      });
      await expect(run).rejects.toThrow(message);
    },
    30_000,
  );
});

describe("when the launching program", () => {
  async function started(
    ...args: string[]
  ): Promise<{ readonly program: ChildProcess; readonly children: readonly number[] }> {
    const program = spawn(process.execPath, ["--import", tsxLoaderUrl(), join(__dirname, "longRun.ts"), ...args], {
      stdio: "ignore",
    });
    const pid = program.pid ?? 0;
    await until(() => childrenOf(pid).length === 4 || program.exitCode !== null);
    return { program, children: childrenOf(pid) };
  }

  function ended(program: ChildProcess): Promise<{ readonly code: number | null; readonly signal: string | null }> {
    return new Promise((resolve) => program.once("exit", (code, signal) => resolve({ code, signal })));
  }

  it.each(["SIGINT", "SIGTERM"] as const)(
    "gets %s, it stops every process and takes the signal",
    async (signal) => {
      const { program, children } = await started();
      expect(children).toHaveLength(4);
      program.kill(signal);
      expect(await ended(program)).toEqual({ code: null, signal });
      expect(children.filter(isAlive)).toEqual([]);
    },
    30_000,
  );

  it("throws, no process is left", async () => {
    const { program, children } = await started("throw");
    expect((await ended(program)).code).not.toBe(0);
    await until(() => !children.some(isAlive));
  }, 30_000);

  it("is killed, its processes notice and end", async () => {
    const { program, children } = await started();
    program.kill("SIGKILL");
    await ended(program);
    await until(() => !children.some(isAlive));
  }, 30_000);
});
