/** What a measurement depends on besides the code: every result file carries it. */
import { execFileSync } from "node:child_process";
import { cpus, release, totalmem, type } from "node:os";

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly kernel: string;
  readonly node: string;
  readonly date: string;
  /** The commit that was measured; `+changes` when the working tree differed from it. */
  readonly commit: string;
  readonly command: string;
}

export function describeMachine(command: string): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    kernel: `${type()} ${release()}`,
    node: process.version,
    date: new Date().toISOString(),
    commit: describeCommit(),
    command,
  };
}

function describeCommit(): string {
  const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8" }).trim();
  try {
    const changes = git("status", "--porcelain", "--untracked-files=no") === "" ? "" : "+changes";
    return git("rev-parse", "--short", "HEAD") + changes;
  } catch {
    return "unknown";
  }
}
