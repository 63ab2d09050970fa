/** Fixes on protocols that are refused: what they make is accepted, and the verifier has nothing against it. */
import { applyEdits } from "../../../plugin/diagnostics/applyEdits.ts";
import type { Finding, Fix } from "../../../plugin/diagnostics/finding.ts";
import { MOST_CHECKED, offerFixes } from "../../../plugin/fixes/offerFixes.ts";
import { openInMemory } from "../../../plugin/frontend/openInMemory.ts";
import { compileProject } from "../../../plugin/pipeline.ts";
import {
  clearWorkshop,
  judgeDynamically,
  judgeStatically,
  printVerification,
  readFixture,
  type Fixture,
} from "../../support/judges.ts";

const SEEDS = 150;

afterAll(clearWorkshop);

function sourcesOf({ files }: Pick<Fixture, "files">): Fixture["files"] {
  return Object.fromEntries(Object.entries(files).filter(([path]) => path !== "run.ts"));
}

function findingsOf(fixture: Pick<Fixture, "files">): readonly Finding[] {
  return compileProject(openInMemory(sourcesOf(fixture)), { fixes: true }).findings;
}

function titles(fixture: Pick<Fixture, "files">): readonly string[] {
  return findingsOf(fixture).flatMap(({ fixes }) => fixes.map(({ title }) => title));
}

function fixed(fixture: Fixture, { edits }: Fix): Fixture {
  const files = Object.entries(fixture.files).map(([path, text]) => [
    path,
    applyEdits(
      text,
      edits.filter(({ span }) => span.file === path),
    ),
  ]);
  return { ...fixture, files: Object.fromEntries(files) as Fixture["files"] };
}

/** The lines of all files that are not in the original. */
function newLines(before: Fixture, after: Fixture): string {
  return Object.entries(after.files)
    .flatMap(([path, text]) => {
      const old = before.files[path]?.split("\n") ?? [];
      return text.split("\n").filter((line) => !old.includes(line));
    })
    .join("\n");
}

function changed(name: string, pattern: string | RegExp, replacement: string): Fixture {
  const fixture = readFixture(name);
  const text = fixture.files["protocol.ts"] ?? "";
  const result = text.replaceAll(pattern, replacement);
  expect(result).not.toBe(text);
  return { ...fixture, files: { ...fixture.files, "protocol.ts": result } };
}

describe("what is offered is accepted, and refines the protocol that it makes", () => {
  it.each([
    ["locks-released-apart", "Hold messages back until `table` has applied what it was forwarded"],
    ["counter-with-two-writers", "Move `points` along"],
    ["ballot-not-forwarded", "Move only what `propose` sends, with the values that it needs"],
    ["fanout-reads-the-term-in-a-callback", "Compute `this.term` before, as `term`"],
    ["downloads-counted-behind-a-channel", "Keep in `seen` who was counted, not how many"],
    ["likes-as-a-sum", "Keep in `likes` who was counted, not how many"],
    ["quorum-answers-every-time", "Send `closed` once for each `m.poll`"],
    ["bid-over-the-limit-answers-each-time", "Send `overLimit` once for each `m.lot`"],
    [
      "acks-without-key",
      "Let messages to `saved` carry `key`, and keep `pending` under it (all who name one entry have to agree on it)",
    ],
    [
      "acks-through-a-gateway",
      "Let messages to `saved` carry `key`, and keep `pending` under it (all who name one entry have to agree on it)",
    ],
    ["reply-without-key", "Route `carried` by `to`, and the others by `customer`"],
    ["confirmations-by-number", "Route `confirm` by `from.id`, and the others by `owner`"],
  ])("%s: %s", async (name, title) => {
    const fixture = readFixture(name);
    const fix = findingsOf(fixture)
      .flatMap(({ fixes }) => fixes)
      .find((one) => one.title === title);
    if (fix === undefined) throw new Error(`not offered; what is: ${titles(fixture).join("; ")}`);
    const after = { ...fixed(fixture, fix), name: `fixed-${name}` };
    expect(newLines(fixture, after)).toMatchSnapshot();
    const judged = judgeStatically(after);
    expect(judged.errors).toEqual([]);
    expect(printVerification(await judgeDynamically(after, judged, SEEDS))).toMatch(/^refines/);
  });
});

describe("what would still be wrong is not offered", () => {
  it("to send once, what is not the same for all who may be the one", () => {
    const fixture = changed("quorum-answers-every-time", "closed({ poll: m.poll })", "closed({ poll: m.name })");
    expect(titles(fixture)).not.toContainEqual(expect.stringMatching(/^Send/));
  });

  it("to send once, where the condition decides about more than sending", () => {
    const fixture = changed(
      "quorum-answers-every-time",
      "if (names.size >= 2) for",
      "if (names.size >= 2) this.votes.set(m.poll + '!', new Set<string>());\n    if (names.size >= 2) for",
    );
    expect(titles(fixture)).not.toContainEqual(expect.stringMatching(/^Send/));
  });

  it("to count senders, where the number itself is told", () => {
    const fixture = changed(
      "downloads-counted-behind-a-channel",
      "popular({ file: m.file })",
      "popular({ file: `${m.file} ${String(seen)}` })",
    );
    expect(titles(fixture)).not.toContainEqual(expect.stringMatching(/^Keep in/));
  });

  it("to compute before, what changes on the way", () => {
    const fixture = changed(
      "fanout-reads-the-term-in-a-callback",
      "forEach((id) => this",
      "forEach((id) => { this.term += 1; this",
    );
    const closed = fixture.files["protocol.ts"]?.replace("+ id.length }));", "+ id.length }); });") ?? "";
    const files = { ...fixture.files, "protocol.ts": closed };
    expect(findingsOf({ files })).not.toEqual([]);
    expect(titles({ files })).not.toContainEqual(expect.stringMatching(/^Compute/));
  });

  it("to compute before, what depends on a name that is another one there", () => {
    const fixture = changed(
      "fanout-reads-the-term-in-a-callback",
      /forEach\(\(id\) => .*\);/g,
      "forEach((m) => this.members.at(m).announced({ op: m, term: this.terms.get(m) ?? 0 }));",
    );
    const text = fixture.files["protocol.ts"]
      ?.replace("private term = 0;", "private term = 0;\n  private readonly terms = new Map<string, number>();")
      .replace("this.term += 1;", "this.term += 1;\n    this.terms.set(m.op, this.term);");
    const files = { ...fixture.files, "protocol.ts": text ?? "" };
    expect(findingsOf({ files }).map(({ code }) => code)).toEqual(["RVN205"]);
    expect(titles({ files })).not.toContainEqual(expect.stringMatching(/^Compute/));
  });

  it("a column that the message lacks, when its state is kept under another one all the same", () => {
    const fixture = changed("reply-without-key", "this.open.set(m.to", "this.open.set(m.parcel");
    expect(titles(fixture)).toEqual([]);
  });

  it("a column that one of the senders cannot provide", () => {
    const fixture = changed(
      "acks-without-key",
      "@On() save(",
      `private readonly stores = peers(() => Store);
  @On() probe(m: { seq: number }): void { for (const store of this.stores) store.saved({ op: "probe", seq: m.seq }); }
  @On() save(`,
    );
    expect(titles(fixture)).toEqual([]);
  });

  it("a column for a map that is also looked at as a whole", () => {
    const fixture = changed(
      "acks-without-key",
      "if (client !== undefined)",
      "if (client !== undefined && this.pending.size > 0)",
    );
    expect(titles(fixture)).toEqual([]);
  });

  it("to hold messages back, where somebody else is not held", () => {
    expect(titles(readFixture("broker-publish-apart-from-subscribe"))).not.toContainEqual(
      expect.stringMatching(/^Hold/),
    );
  });

  it("to move along all that the role does", () => {
    expect(titles(readFixture("locks-acquire-apart-from-release"))).not.toContain("Move `acquire` along");
  });
});

describe("a promise", () => {
  const fixture = readFixture("the-last-voter-is-told");

  it("is left to the author, and tested by the verifier", async () => {
    const fix = findingsOf(fixture)
      .flatMap(({ fixes }) => fixes)
      .find(({ promises }) => promises === true);
    expect(fix?.title).toBe("Promise that all messages with one `poll` have one `name`, if their senders agree on it");
    if (fix === undefined) return;
    const after = { ...fixed(fixture, fix), name: "promised" };
    expect(newLines(fixture, after)).toMatchSnapshot();
    const judged = judgeStatically(after);
    expect(judged.errors).toEqual([]);
    // The voters of this one do not keep it.
    expect(printVerification(await judgeDynamically(after, judged, SEEDS))).toMatch(/^counterexample/);
  });
});

test("nothing is tried unless asked for, and only so much in one run", () => {
  const open = openInMemory(sourcesOf(readFixture("balance-asked-apart")));
  const result = compileProject(open);
  expect(result.findings.flatMap(({ fixes }) => fixes)).toEqual([]);
  const many = Array.from({ length: 40 }, () => result.findings).flat();
  let compiled = 0;
  const offered = offerFixes(open, many, result, () => {
    compiled += 1;
    return result.findings;
  });
  expect(compiled).toBe(MOST_CHECKED);
  expect(offered.flatMap(({ fixes }) => fixes)).toEqual([]);
});
