/** The samples: what is committed is what Riven makes of them, and it is what they say, also when things break. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Component } from "../../plugin/model/component.ts";
import { compile, type CompileResult } from "../../plugin/pipeline.ts";
import { verifySystem } from "../../plugin/verify/index.ts";
import { applySource } from "../support/protocolInMemory.ts";
import { loadSample, SAMPLES } from "./sampleNames.ts";

/** `riven verify` runs as many as one likes; so few touch all that was rewritten. */
const SEEDS = 40;

/** What else could be done with them takes longer to find out than what is asked for. */
const EXPLORED: ReadonlySet<string> = new Set(["twopc-locks"]);

const samples: readonly (readonly [name: string, compiled: CompileResult])[] = SAMPLES.map((name) => [
  name,
  compile(join(process.cwd(), "samples", name), { explore: EXPLORED.has(name) }),
]);

function compiled(name: string): CompileResult {
  const found = samples.find(([sample]) => sample === name)?.[1];
  if (found === undefined) throw new Error(`no sample ${name}`);
  return found;
}

/** The rules by which a component came about, in order. */
function rulesOf(result: CompileResult, role: string, component: string): readonly string[] {
  const components: readonly Component[] = result.rewrite.roles.find((one) => one.role === role)?.components ?? [];
  return components.find(({ name }) => name === component)?.proofs.map(({ rule }) => rule) ?? [];
}

describe.each(samples)("samples/%s", (name, { findings, files, root }) => {
  it("has nothing to report", () => {
    expect(findings.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  });

  it("is committed as it is built", () => {
    expect(files.length).toBeGreaterThan(0);
    for (const { path, text } of files) {
      const file = join(root, path);
      expect([path, existsSync(file) ? readFileSync(file, "utf8") : "is missing"]).toEqual([path, text]);
    }
  });

  it.each([false, true])("refines the original; with faults: %s", async (faults) => {
    const { system, rewritten } = await loadSample(name);
    const { verdict, violations, coverage } = verifySystem({ system, rewritten, faults, seeds: SEEDS });
    expect(violations).toEqual([]);
    expect(verdict).toBe("refines");
    expect(coverage.partsTouched).toBe(coverage.parts);
    expect(coverage.crashes > 0).toBe(faults);
  });
});

describe("what is derived", () => {
  const INDEPENDENT = "mutually independent decoupling";
  const FUNCTIONAL = "functional decoupling";
  const MONOTONIC = "monotonic decoupling";
  const BY_KEY = "co-hashing";
  const BY_FUNCTION = "dependencies";
  const PARTLY = "partial partitioning";

  it("of two-phase commit is the decoupling of the paper", () => {
    const result = compiled("twopc");
    expect(rulesOf(result, "Coordinator", "requester")).toEqual([FUNCTIONAL, BY_KEY]);
    expect(rulesOf(result, "Coordinator", "committer")).toEqual([INDEPENDENT, BY_KEY]);
    expect(rulesOf(result, "Coordinator", "ender")).toEqual([INDEPENDENT, BY_KEY]);
    expect(rulesOf(result, "Participant", "voter")).toEqual([BY_KEY]);
    expect(rulesOf(result, "Participant", "acker")).toEqual([INDEPENDENT, BY_KEY]);
  });

  it("of the replicated store is what the paper does", () => {
    const result = compiled("kvs");
    expect(rulesOf(result, "Leader", "main")).toEqual([BY_KEY]);
    expect(rulesOf(result, "Leader", "broadcaster")).toEqual([FUNCTIONAL, BY_KEY]);
    expect(rulesOf(result, "Leader", "collector")).toEqual([INDEPENDENT, BY_KEY]);
    expect(rulesOf(result, "Leader", "detector")).toEqual([MONOTONIC, BY_KEY]);
    expect(rulesOf(result, "Storage", "main")).toEqual([BY_FUNCTION]);
  });

  it("of the replicated sets is one rule each", () => {
    expect(rulesOf(compiled("rset/mutually-independent"), "Leader", "collector")).toEqual([INDEPENDENT]);
    expect(rulesOf(compiled("rset/monotonic"), "Leader", "collector")).toEqual([MONOTONIC]);
    expect(rulesOf(compiled("rset/functional"), "Leader", "answerer")).toEqual([FUNCTIONAL]);
    expect(rulesOf(compiled("rset/co-hashing"), "Leader", "main")).toEqual([BY_KEY]);
    expect(rulesOf(compiled("rset/dependencies"), "Replica", "main")).toEqual([BY_FUNCTION]);
    expect(rulesOf(compiled("rset/partial"), "Replica", "main")).toEqual([PARTLY]);
  });

  it("of the lock server is everything by lock, and the announcements apart", () => {
    const result = compiled("lock-server");
    expect(rulesOf(result, "LockServer", "main")).toEqual([BY_KEY]);
    expect(rulesOf(result, "LockServer", "announcer")).toEqual([FUNCTIONAL, BY_KEY]);
    expect(rulesOf(result, "Store", "main")).toEqual([BY_KEY]);
    expect(rulesOf(result, "Directory", "main")).toEqual([BY_KEY]);
  });

  it("of the order pipeline is a re-shuffle between order and article", () => {
    const result = compiled("order-pipeline");
    expect(rulesOf(result, "Orders", "main")).toEqual([BY_KEY]);
    expect(rulesOf(result, "Orders", "bestsellers")).toEqual([MONOTONIC, BY_KEY]);
    for (const service of ["Inventory", "Payments", "Shipping"]) {
      expect([service, rulesOf(result, service, "main")]).toEqual([service, [BY_KEY]]);
    }
  });

  it("of the shopping cart is everything by cart, and what is told to others apart", () => {
    const result = compiled("crdt-cart");
    expect(rulesOf(result, "Replica", "main")).toEqual([BY_KEY]);
    expect(rulesOf(result, "Replica", "herald")).toEqual([FUNCTIONAL, BY_KEY]);
    expect(rulesOf(result, "Till", "main")).toEqual([BY_KEY]);
    expect(rulesOf(result, "Till", "closer")).toEqual([FUNCTIONAL, BY_KEY]);
  });

  it("of two-phase commit with locks is the coordinator by transaction, and nothing of the participant", () => {
    const result = compiled("twopc-locks");
    expect(rulesOf(result, "Coordinator", "main")).toEqual([BY_KEY]);
    expect(rulesOf(result, "Coordinator", "committer")).toEqual([FUNCTIONAL, BY_KEY]);
    const participant = result.exploration.find(({ role }) => role === "Participant");
    expect(participant?.groups.map(({ handlers }) => handlers)).toEqual([
      ["prepare", "commit", "abort", "outcomeOverdue", "resume"],
    ]);
    expect(participant?.keys.legal).toEqual([]);
    const byTransaction = participant?.keys.refused.find(({ by }) => by === "id")?.refusals;
    expect([...new Set(byTransaction?.map(({ code }) => code))]).toEqual(["RVN308"]);
  });

  it("does not tear apart a participant that keeps what it has voted for", () => {
    const source = readFileSync(join(process.cwd(), "samples/twopc-locks/protocol.ts"), "utf8");
    const { findings } = applySource(
      source.replace(/^import .*from "riven";$/m, ""),
      `plan(Participant, { voter: {}, acker: { moves: ["commit", "abort"] } })`,
    );
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.filter(({ severity }) => severity !== "error")).toEqual([]);
    expect(findings[0]).toMatchObject({ code: "RVN201" });
    expect(findings[0]?.message).toContain("`prepared`");
  });
});
