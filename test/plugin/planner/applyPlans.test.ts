import { applyPlans } from "../../../plugin/planner/applyPlans.ts";
import { applySource, codesOf, componentOf, readSource, textAt } from "../../support/protocolInMemory.ts";

const voting = `
export interface Ballot { readonly id: string; readonly payload: Uint8Array }
@Role({ external: true }) export abstract class Client { abstract decided(m: { id: string }): void; }
@Role() export class Leader {
  private readonly votes = new Map<string, Set<string>>();
  private readonly clients = peers(() => Client);
  private readonly participants = peers(() => Participant);
  @On() propose(m: Ballot, from: Ref<Client>): void {
    for (const participant of this.participants) participant.vote({ ...m, client: from.id });
  }
  @On() voted(m: { id: string; client: string }, from: Ref<Participant>): void {
    const voters = this.votes.get(m.id) ?? new Set<string>();
    this.votes.set(m.id, voters.add(from.id));
    if (voters.size === this.participants.size) {
      this.votes.delete(m.id);
      this.clients.at(m.client).decided({ id: m.id });
    }
  }
}
@Role() export class Participant {
  @On() vote(m: Ballot & { client: string }, from: Ref<Leader>): void { from.voted({ id: m.id, client: m.client }); }
}`;

describe("applyPlans", () => {
  it("leaves roles without a plan in one piece, and external roles out", () => {
    const applied = applyPlans(readSource(voting).protocol, []);
    expect(applied.findings).toEqual([]);
    expect(applied.rewrite.roles).toMatchObject([
      { role: "Leader", components: [{ name: "main", handlers: ["propose", "voted"], forwards: [], proofs: [] }] },
      { role: "Participant", components: [{ name: "main", handlers: ["vote"] }] },
    ]);
  });

  it("rewrites voting", () => {
    const applied = applySource(
      voting,
      `plan(Leader, {
         collector: { moves: ["voted"], by: "id", into: 3 },
         broadcaster: { moves: ["propose -> Participant.vote"], by: "id", into: 3 },
       }),
       plan(Participant, { participant: { by: "id", into: 3 } })`,
    );
    expect(applied.findings).toEqual([]);
    const id = [{ kind: "column", path: ["id"] }];
    expect(componentOf(applied, "Leader", "main")).toMatchObject({ handlers: ["propose"], partitioning: undefined });
    expect(componentOf(applied, "Leader", "collector").partitioning).toEqual({
      partitions: 3,
      keys: { voted: id },
      positions: { votes: [0] },
    });
    const broadcaster = componentOf(applied, "Leader", "broadcaster");
    expect(broadcaster).toMatchObject({ handlers: [], partitioning: { keys: { proposeVote: id }, positions: {} } });
    expect(broadcaster.forwards).toMatchObject([
      { name: "proposeVote", handler: "propose", from: "main", hoisted: [] },
    ]);
    expect(componentOf(applied, "Participant", "participant").partitioning?.keys).toEqual({ vote: id });
    expect(broadcaster.proofs.map(({ rule }) => rule)).toEqual(["functional decoupling", "co-hashing"]);
  });

  it("partitions the whole leader", () => {
    const applied = applySource(voting, `plan(Leader, { leader: { by: "id", into: 2 } })`);
    expect(applied.findings).toEqual([]);
    expect(componentOf(applied, "Leader", "leader").handlers).toEqual(["propose", "voted"]);
  });

  it("chooses a key when none is asked for", () => {
    const applied = applySource(voting, `plan(Leader, { collector: { moves: ["voted"], into: 3 } })`);
    expect(componentOf(applied, "Leader", "collector").partitioning?.keys).toEqual({
      voted: [{ kind: "column", path: ["id"] }],
    });
  });

  it("lets a send leave a handler that has itself moved", () => {
    const applied = applySource(
      voting,
      `plan(Leader, { collector: { moves: ["voted"] }, decider: { moves: ["voted -> Client.decided"] } })`,
    );
    expect(applied.findings).toEqual([]);
    expect(componentOf(applied, "Leader", "decider").forwards).toMatchObject([{ handler: "voted", from: "collector" }]);
  });

  it("has no component for what stays when nothing does", () => {
    const applied = applySource(voting, `plan(Leader, { a: { moves: ["voted"] }, b: { moves: ["propose"] } })`);
    expect(applied.rewrite.roles[0]?.components.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("keeps the order of the plan, after what stays", () => {
    const applied = applySource(voting, `plan(Leader, { collector: { moves: ["voted"] }, rest: {} })`);
    expect(applied.rewrite.roles[0]?.components.map(({ name }) => name)).toEqual(["collector", "rest"]);
  });

  it.each<readonly [string, string, string, string]>([
    ["RVN450", "Did you mean `voted`?", `"vote"`, `plan(Leader, { c: { moves: ["vote"] } })`],
    ["RVN450", "Did you mean `votes`?", `"vots"`, `plan(Leader, { c: { moves: ["vots"] } })`],
    [
      "RVN450",
      "It has the handlers `propose` and `voted` and the fields `votes`.",
      `"ledger"`,
      `plan(Leader, { c: { moves: ["ledger"] } })`,
    ],
    [
      "RVN450",
      "Did you mean `propose -> Participant.vote`?",
      `"propose -> Participant.votes"`,
      `plan(Leader, { c: { moves: ["propose -> Participant.votes"] } })`,
    ],
    [
      "RVN450",
      "no send",
      `"propose -> Participant.vote#2"`,
      `plan(Leader, { c: { moves: ["propose -> Participant.vote#2"] } })`,
    ],
    ["RVN451", "twice", `"voted"`, `plan(Leader, { c: { moves: ["voted", "voted"] } })`],
    ["RVN451", "to `c` and to `d`", `"voted"`, `plan(Leader, { c: { moves: ["voted"] }, d: { moves: ["voted"] } })`],
    ["RVN451", "to `c` and to `d`", `"votes"`, `plan(Leader, { c: { moves: ["voted"] }, d: { moves: ["votes"] } })`],
    [
      "RVN451",
      "twice",
      `"voted -> Client.decided"`,
      `plan(Leader, { c: { moves: ["voted", "voted -> Client.decided"] } })`,
    ],
    ["RVN452", "configuration", `"participants"`, `plan(Leader, { c: { moves: ["participants"] } })`],
    ["RVN453", "Did you mean `id`?", `"idd"`, `plan(Leader, { c: { moves: ["voted"], by: "idd", into: 2 } })`],
    [
      "RVN453",
      "They have `id` and `client`.",
      `"quantity"`,
      `plan(Leader, { c: { moves: ["voted"], by: "quantity", into: 2 } })`,
    ],
    [
      "RVN454",
      "`c` handles no `propose`.",
      `{ propose: "id" }`,
      `plan(Leader, { c: { moves: ["voted"], by: { propose: "id" }, into: 2 } })`,
    ],
    ["RVN455", "no number of partitions", `"id"`, `plan(Leader, { c: { moves: ["voted"], by: "id" } })`],
    ["RVN456", "Nothing stays", "rest", `plan(Leader, { c: { moves: ["voted", "propose"] }, rest: {} })`],
    [
      "RVN457",
      "different numbers of columns",
      `{ voted: ["id", "client"], propose: "id" }`,
      `plan(Leader, { all: { by: { voted: ["id", "client"], propose: "id" }, into: 2 } })`,
    ],
  ])("reports %s: %s", (code, message, at, plan) => {
    const applied = applySource(voting, plan);
    const found = applied.findings.find((finding) => finding.code === code);
    expect(found?.message).toContain(message);
    const text = `import { plan } from "riven";\nimport { Client, Leader, Participant } from "./protocol.ts";\nexport default [${plan}];\n`;
    expect(text.slice(found?.span.start, found?.span.end)).toBe(at);
  });

  it("reports a class name that is taken", () => {
    const source = `${voting}\n@Role() export class LeaderCollector { @On() x(m: { id: string }): void {} }`;
    expect(codesOf(applySource(source, `plan(Leader, { collector: { moves: ["voted"] } })`))).toEqual(["RVN458"]);
  });

  it("rewrites nothing of a role whose plan has an error, and the others all the same", () => {
    const applied = applySource(
      voting,
      `plan(Leader, { c: { moves: ["nope"], into: 2 } }), plan(Participant, { p: { by: "id", into: 2 } })`,
    );
    expect(applied.rewrite.roles.map(({ components }) => components.map(({ name }) => name))).toEqual([
      ["main"],
      ["p"],
    ]);
  });

  it("only warns about a key that says nothing", () => {
    const applied = applySource(voting, `plan(Leader, { c: { moves: ["voted"], by: "id" } })`);
    expect(applied.findings.map(({ severity }) => severity)).toEqual(["warning"]);
    expect(componentOf(applied, "Leader", "c").handlers).toEqual(["voted"]);
  });
});

describe("applyPlans, forced", () => {
  const numbered = voting
    .replace("private readonly clients", "private seq = 0;\n  private readonly clients")
    .replace("this.votes.delete(m.id);", "this.votes.delete(m.id);\n      this.seq += 1;");

  it("uses the keys that are asked for, without a proof, and reports the refusal all the same", () => {
    const applied = applySource(numbered, `plan(Leader, { c: { moves: ["voted"], by: "id", into: 3 } })`, {
      force: true,
    });
    expect(codesOf(applied)).toEqual(["RVN301"]);
    const component = componentOf(applied, "Leader", "c");
    expect(component.partitioning).toMatchObject({
      partitions: 3,
      keys: { voted: [{ kind: "column", path: ["id"] }] },
    });
    expect(component.proofs.map(({ rule }) => rule)).toEqual(["mutually independent decoupling"]);
  });

  it("tells a component in any order what it has to be told in one", () => {
    const source = voting.replace("for (const participant", "this.votes.delete(m.id);\n    for (const participant");
    const applied = applySource(source, `plan(Leader, { c: { moves: ["voted"] } })`, { force: true });
    expect(codesOf(applied)).toEqual(["RVN223"]);
    expect(componentOf(applied, "Leader", "c")).toMatchObject({
      handlers: ["voted"],
      forwards: [{ handler: "propose", from: "main", channel: "repeatable" }],
      proofs: [],
    });
    expect(componentOf(applied, "Leader", "main").handlers).toEqual(["propose"]);
  });

  it("lets a statement leave without the state that it needs", () => {
    const source = voting
      .replace("private readonly clients", "private round = 0;\n  private readonly clients")
      .replace(
        "for (const participant of this.participants) participant.vote({ ...m, client: from.id });",
        "this.round += 1;\n    this.participants.ids.forEach((id) => this.participants.at(id).vote({ ...m, client: String(this.round) + id }));",
      );
    const applied = applySource(source, `plan(Leader, { b: { moves: ["propose -> Participant.vote"] } })`, {
      force: true,
    });
    expect(codesOf(applied)).toEqual(["RVN205"]);
    const [forward] = componentOf(applied, "Leader", "b").forwards;
    expect(forward).toMatchObject({ hoisted: [], live: [{ name: "m" }] });
    expect(forward === undefined ? "" : textAt(applied.protocol, forward.region)).toMatch(
      /^this\.participants\.ids\.forEach/,
    );
  });

  it("changes nothing about what is legal", () => {
    const plan = `plan(Leader, { c: { moves: ["voted"], by: "id", into: 3 }, b: { moves: ["propose -> Participant.vote"], into: 2 } })`;
    const strip = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll(/protocol-\d+/g, "p"));
    expect(strip(applySource(voting, plan, { force: true }).rewrite)).toEqual(strip(applySource(voting, plan).rewrite));
  });
});
