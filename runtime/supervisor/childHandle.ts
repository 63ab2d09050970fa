import { fork, type ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { setTimeout as elapse } from "node:timers/promises";
import type { Log } from "../transport/transport.ts";
import { childPath, tsxLoaderUrl } from "./childPath.ts";
import type { FromChild, ProcessPlan, ToChild } from "./ipc.ts";

const LAST_LINES = 12;
/** How long a child may take to stop when it is told to; and before, to end what it has begun. */
const STOP_MILLISECONDS = 2_000;

export interface ChildOptions {
  /** Whether the child has to understand TypeScript. */
  readonly typescript: boolean;
  /** The tsconfig.json whose import aliases the user's modules rely on. */
  readonly tsconfig: string | undefined;
  readonly log: Log;
  /** The child ended although it was not told to, or says that it cannot go on. Called at most once. */
  readonly onFailure: (error: Error) => void;
  /** The child cannot go on because it cannot reach another one. Called instead, at most once. */
  readonly onComplaint: (error: Error) => void;
}

/** One forked process, from its start to its certain end. */
export class ChildHandle {
  readonly plan: ProcessPlan;
  readonly #child: ChildProcess;
  readonly #options: ChildOptions;
  readonly #waiting = new Map<FromChild["kind"], (message: FromChild) => void>();
  readonly #ended: Promise<void>;
  readonly #lastLines: string[] = [];
  #stopping = false;
  #failed = false;

  constructor(plan: ProcessPlan, options: ChildOptions) {
    this.plan = plan;
    this.#options = options;
    const needsLoader = options.typescript || childPath.endsWith(".ts");
    this.#child = fork(childPath, [], {
      execArgv: needsLoader ? ["--import", tsxLoaderUrl()] : [],
      env: { ...process.env, ...(options.tsconfig !== undefined && { TSX_TSCONFIG_PATH: options.tsconfig }) },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child.on("message", (message) => {
      this.#hear(message as FromChild);
    });
    this.#child.on("error", (error) => {
      this.#fail(`cannot be started: ${error.message}`);
    });
    onLines(this.#child.stdout, (line) => {
      options.log(`[${plan.name}] ${line}`);
    });
    onLines(this.#child.stderr, (line) => {
      this.#lastLines.push(line);
      if (this.#lastLines.length > LAST_LINES) this.#lastLines.shift();
    });
    this.#ended = new Promise((resolve) => {
      this.#child.on("close", (code, signal) => {
        resolve();
        if (!this.#stopping) this.#fail(describeEnd(code, signal), this.#lastLines);
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  tell(message: ToChild): void {
    if (this.#child.connected) this.#child.send(message);
  }

  /** The next message of a kind. Never settles when the child fails first; that is what `onFailure` is for. */
  hear<K extends FromChild["kind"]>(kind: K): Promise<Extract<FromChild, { readonly kind: K }>> {
    return new Promise((resolve) => {
      this.#waiting.set(kind, (message) => {
        if (message.kind === kind) resolve(message as Extract<FromChild, { readonly kind: K }>);
      });
    });
  }

  /** Has the child end what it has begun together with others, if it can. Nothing stops before all have. */
  async settle(): Promise<void> {
    const patience = new AbortController();
    const deadline = elapse(STOP_MILLISECONDS, undefined, patience).catch(() => undefined);
    const settled = this.hear("settled");
    this.tell({ kind: "settle" });
    await Promise.race([settled, this.#ended, deadline]);
    patience.abort();
  }

  /** Has the child stop, and makes sure that it did. What it said on standard error is not lost. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.tell({ kind: "stop" });
    const killer = setTimeout(() => {
      void this.kill();
    }, STOP_MILLISECONDS);
    await this.#ended;
    clearTimeout(killer);
    if (!this.#failed) for (const line of this.#lastLines) this.#options.log(`[${this.plan.name}] ${line}`);
  }

  /** Ends the child at once. @returns when it has ended. */
  kill(): Promise<void> {
    this.#stopping = true;
    this.#child.kill("SIGKILL");
    return this.#ended;
  }

  #hear(message: FromChild): void {
    switch (message.kind) {
      case "log":
        if (!this.#stopping) this.#options.log(`[${this.plan.name}] ${message.line}`);
        return;
      case "failed":
        this.#fail(message.message, [], message.isOfAnother === true);
        return;
      default: {
        const resolve = this.#waiting.get(message.kind);
        this.#waiting.delete(message.kind);
        resolve?.(message);
      }
    }
  }

  #fail(what: string, lastLines: readonly string[] = [], isOfAnother = false): void {
    if (this.#failed || this.#stopping) return;
    this.#failed = true;
    const process = this.pid === undefined ? "" : ` (process ${String(this.pid)})`;
    const error = new Error(
      [`${this.plan.name}${process}: ${what}`, ...lastLines.map((line) => `  ${line}`)].join("\n"),
    );
    if (isOfAnother) this.#options.onComplaint(error);
    else this.#options.onFailure(error);
  }
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  const how = signal === null ? `with exit code ${String(code)}` : `by ${signal}`;
  return `ended unexpectedly, ${how}. The run is over; nothing is restarted.`;
}

function onLines(stream: Readable | null, onLine: (line: string) => void): void {
  let rest = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  stream?.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
