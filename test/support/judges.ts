/**
 * Puts the protocols in test/fixtures/protocols before both judges: the rules of the compiler, and the verifier, which
 * trusts nothing of them. Each is a folder as an engineer would write it, and says at the top of protocol.ts what is
 * expected of its plan:
 *
 *     // expect: accepted
 *
 *     // expect: refused RVN301 at "this.seq++"     (one such line for each finding that is an error, no others)
 *     // class: the reason why it is wrong, if it is one of REFUSED_FOR
 *     // not shown: why no schedule gives the forced rewrite away, or why it cannot be built
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Finding } from "../../plugin/diagnostics/finding.ts";
import type { EmittedFile } from "../../plugin/emit/emittedFile.ts";
import { openInMemory } from "../../plugin/frontend/openInMemory.ts";
import type { Protocol } from "../../plugin/model/protocol.ts";
import { compileProject } from "../../plugin/pipeline.ts";
import { verifySystem, type Verification, type VerifyOptions } from "../../plugin/verify/index.ts";
import type { RewrittenSystem, SystemDefinition } from "../../runtime/system.ts";
import type { ExpectedFinding } from "./surprises.ts";

const PROTOCOLS = join(process.cwd(), "test/fixtures/protocols");
const PLAN = "riven.plan.ts";

export { describeFinding, surprises } from "./surprises.ts";

/** Why rewrites that look fine are wrong; there are several protocols for each. */
export const REFUSED_FOR = [
  "state without a key",
  "key of another message",
  "two keys in one handler",
  "join by inequality",
  "first writer wins, split by value",
  "whole-collection read",
  "stale read after a causally earlier answer",
  "timer races a guard",
  "durability apart from the answer",
  "channel order",
  "composite key that is not injective",
  "not understood",
  "duplicates",
  "edge-triggered check",
  "identity",
  "context not forwarded",
  "missing column",
  "check apart from act",
  "one cell, two writers",
  "negation of the other half",
  "garbage collection",
] as const;

type Reason = (typeof REFUSED_FOR)[number];

export type Expectation =
  | { readonly kind: "accepted" }
  | {
      readonly kind: "refused";
      readonly findings: readonly ExpectedFinding[];
      /** Which of the reasons why tempting rewrites are wrong is to blame; undefined: none of them, or several. */
      readonly reason: Reason | undefined;
      /** Why the verifier finds nothing against the forced rewrite; undefined: it finds a counterexample. */
      readonly notShown: string | undefined;
    };

export interface Fixture {
  readonly name: string;
  readonly expectation: Expectation;
  /** By path in its folder; run.ts and riven.plan.ts included. */
  readonly files: { readonly [path: string]: string };
}

/** All fixtures, by name. */
export function readFixtures(): readonly Fixture[] {
  return readdirSync(PROTOCOLS).sort().map(readFixture);
}

/**
 * @throws Error when the fixture does not say what is expected of it, or names a class that there is not.
 */
export function readFixture(name: string): Fixture {
  const folder = join(PROTOCOLS, name);
  const files = Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]));
  return { name, files, expectation: readExpectation(name, files["protocol.ts"] ?? "") };
}

function readExpectation(name: string, protocol: string): Expectation {
  const said = [...protocol.matchAll(/^\/\/ (expect|class|not shown): (.*)$/gm)].map(([, what, text = ""]) => ({
    what,
    text,
  }));
  const expected = said.filter(({ what }) => what === "expect").map(({ text }) => text);
  if (expected.length === 1 && expected[0] === "accepted") return { kind: "accepted" };
  const findings = expected.flatMap((text) => {
    const [, code, at] = /^refused (RVN\d+) at "(.*)"$/.exec(text) ?? [];
    return code === undefined || at === undefined ? [] : [{ code, at }];
  });
  if (findings.length === 0 || findings.length !== expected.length) {
    throw new Error(
      `${name}/protocol.ts does not say what is expected: // expect: accepted, or // expect: refused RVN301 at "this.seq++"`,
    );
  }
  const lineOf = (wanted: string): string | undefined => said.find(({ what }) => what === wanted)?.text;
  return { kind: "refused", findings, reason: readReason(name, lineOf("class")), notShown: lineOf("not shown") };
}

function readReason(name: string, text: string | undefined): Reason | undefined {
  const reason = REFUSED_FOR.find((one) => one === text);
  if (text !== undefined && reason === undefined) {
    throw new Error(`${name}/protocol.ts names a class that is not in REFUSED_FOR: // class: ${text}`);
  }
  return reason;
}

/** What the compiler makes of a fixture. */
export interface Judged {
  readonly protocol: Protocol;
  readonly errors: readonly Finding[];
  readonly files: readonly EmittedFile[];
}

/** The first judge. `force`: what is refused is built all the same. */
export function judgeStatically({ files }: Fixture, force = false): Judged {
  const sources = Object.fromEntries(Object.entries(files).filter(([path]) => path !== "run.ts"));
  const { protocol, findings, files: emitted } = compileProject(openInMemory(sources), { forceUnsafe: force });
  return { protocol, errors: findings.filter(({ severity }) => severity === "error"), files: emitted };
}

/** Where rewritten systems are written while they are judged, so that they can be loaded; ignored by git. */
const WORKSHOP = join(process.cwd(), "test/.tmp", `judges-${String(process.pid)}`);

export function clearWorkshop(): void {
  rmSync(WORKSHOP, { recursive: true, force: true });
}

/** The second judge: runs what was emitted beside what was written. */
export async function judgeDynamically(
  fixture: Fixture,
  judged: Judged,
  seeds: number,
  chooser?: VerifyOptions["chooser"],
): Promise<Verification> {
  return verifySystem({ ...(await loadBoth(fixture, judged)), seeds, chooser });
}

/** What was written, and what was made of it, to be run. */
export async function loadBoth(
  { name, files }: Fixture,
  { files: emitted }: Judged,
): Promise<{ readonly system: SystemDefinition; readonly rewritten: RewrittenSystem }> {
  const folder = join(WORKSHOP, name);
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) if (path !== PLAN) write(join(folder, path), text);
  for (const { path, text } of emitted) if (!path.endsWith(".map")) write(join(folder, path), text);
  const system = await load<SystemDefinition>(join(folder, "run.ts"));
  const rewritten = await load<RewrittenSystem>(join(folder, "rewritten/index.ts"));
  return { system, rewritten };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function load<T>(path: string): Promise<T> {
  const module = (await import(path)) as { readonly default: T };
  return module.default;
}

export function printVerification({ verdict, violations, coverage }: Verification): string {
  const told = violations.flatMap(({ kind, seed, summary, trace }) => [
    `${kind}, seed ${String(seed)}: ${summary}`,
    ...trace,
  ]);
  return [verdict, ...told, JSON.stringify(coverage)].join("\n");
}
