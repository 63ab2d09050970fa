import type { Finding } from "../diagnostics/finding.ts";

/** What a command has to say. One place prints it, as text or as JSON. */
export interface Outcome {
  readonly findings: readonly Finding[];
  /** The folder that the files of the findings are relative to. Absolute. */
  readonly root: string;
  /** For people: what follows the findings. Empty when there is nothing to add. */
  readonly text: string;
  /** For programs: the `result` of the JSON form. Plain data. */
  readonly result: object | null;
  /** True when the command found something wrong that is not a finding, such as output that is out of date. */
  readonly failed?: boolean;
}

/** The exit codes; documented in docs/reference/cli.md. */
export const ExitCode = { ok: 0, findings: 1, usage: 2, bug: 70 } as const;

/** Errors fail a command; warnings and hints do not. */
export function exitCodeOf({ findings, failed }: Outcome): number {
  const bad = failed === true || findings.some(({ severity }) => severity === "error");
  return bad ? ExitCode.findings : ExitCode.ok;
}
