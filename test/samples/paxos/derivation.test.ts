/** What Riven makes of Multi-Paxos: what is committed, by the rules that the paper applies by hand; and of the acceptor of textbooks nothing. */
import { join } from "node:path";
import { compile } from "../../../plugin/pipeline.ts";
import { deploy } from "../../../runtime/deployment.ts";
import { loadSample } from "../sampleNames.ts";

const folder = (name: string): string => join(process.cwd(), "samples", name);

describe("samples/paxos", () => {
  const { rewrite } = compile(folder("paxos"));

  it("is what the paper does to it", () => {
    const rules = rewrite.roles.flatMap(({ role, components }) =>
      components.map(({ name, proofs }) => [`${role}.${name}`, proofs.map(({ rule }) => rule)]),
    );
    expect(Object.fromEntries(rules)).toEqual({
      "Proposer.main": [],
      "Proposer.broadcaster": ["functional decoupling", "co-hashing"],
      "Proposer.collector": ["asymmetric decoupling", "dependencies"],
      "Acceptor.main": ["partial partitioning"],
      "Replica.main": [],
    });
  });

  it.each([1, 3, 5])("takes 8 + 7n machines, with n = %d", async (partitions) => {
    const { system, rewritten } = await loadSample("paxos");
    const { instances } = deploy(system, { rewritten, clients: 1, partitions });
    expect(instances.filter(({ role }) => role !== "Client")).toHaveLength(8 + 7 * partitions);
    const before = deploy(system, { clients: 1 }).instances.filter(({ role }) => role !== "Client");
    expect(before).toHaveLength(8);
  });
});

it("does not spread the acceptor of textbooks, which promises by accepting", () => {
  const { findings } = compile(folder("paxos-textbook"));
  expect(findings.map(({ code }) => code)).toEqual(["RVN330"]);
  expect(findings[0]?.message).toContain("`promised`");
});
