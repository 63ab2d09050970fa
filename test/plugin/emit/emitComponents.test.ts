/**
 * What comes out for whole protocols, against committed files. `npx jest test/plugin/emit -u` writes them anew.
 * Every golden file type-checks under this repository's options and without anything unused.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { Project } from "ts-morph";
import { checkEmitted } from "../../../plugin/emit/checkEmitted.ts";
import { emitComponents } from "../../../plugin/emit/emitComponents.ts";
import type { EmittedFile } from "../../../plugin/emit/emittedFile.ts";
import { openInMemory } from "../../../plugin/frontend/openInMemory.ts";
import type { KeyPart } from "../../../plugin/model/component.ts";
import { readProtocol } from "../../../plugin/frontend/readProtocol.ts";
import { rewriteByHand, type ComponentByHand } from "../../support/rewriteByHand.ts";

const root = join(__dirname, "..", "..", "..");
const fixtures = join(root, "test", "fixtures", "emit");
const folder = "rewritten";

const byId = { kind: "column", path: ["id"] } as const;
type Plans = { readonly [fixture: string]: { readonly [role: string]: readonly ComponentByHand[] } };
const stateless: Plans = {
  voting: {
    Leader: [
      { name: "main", handlers: ["propose"] },
      {
        name: "collector",
        handlers: ["voted"],
        partitioning: { partitions: 3, keys: { voted: [byId] }, positions: { votes: [0] } },
        proofs: [
          {
            rule: "mutually independent",
            statement: "collector and main touch disjoint state, and nothing in either reads what the other computes.",
            facts: [
              "collector keeps votes, which no handler of main reads or writes.",
              "main keeps nothing; it reads clients and participants, which are configuration and therefore fixed for a run and the same everywhere.",
            ],
          },
          { rule: "co-hashing", statement: "Every cell of votes is keyed by m.id.", facts: [] },
        ],
      },
      {
        name: "broadcaster",
        forwards: [{ name: "proposeVote", handler: "propose", region: "for (const participant" }],
        partitioning: { partitions: 3, keys: { proposeVote: [byId] }, positions: {} },
        proofs: [{ rule: "functional", statement: "The fan-out touches no state.", facts: ["It cannot throw."] }],
      },
    ],
    Participant: [
      {
        name: "participant",
        handlers: ["vote"],
        partitioning: { partitions: 3, keys: { vote: [byId] }, positions: {} },
        proofs: [{ rule: "co-hashing", statement: "There is no state.", facts: [] }],
      },
    ],
  },
  auction: {
    House: [
      { name: "main", handlers: ["bid", "tick"] },
      {
        name: "teller",
        forwards: [{ name: "bidStanding", handler: "bid", region: "for (const watcher" }],
        partitioning: {
          partitions: 2,
          keys: {
            bidStanding: [
              { kind: "column", path: ["lot"] },
              { kind: "column", path: ["terms", "days"] },
              { kind: "sender" },
            ],
          },
          positions: {},
        },
      },
      {
        name: "withdrawals",
        handlers: ["withdraw"],
        partitioning: {
          partitions: 2,
          keys: { withdraw: [{ kind: "column", path: ["lot"] }], withdrawOutbid: [{ kind: "sender" }] },
          positions: {},
        },
      },
      {
        name: "outbid-caller",
        forwards: [{ name: "withdrawOutbid", handler: "withdraw", from: "withdrawals", region: "for (const bidder" }],
        partitioning: { partitions: 2, keys: { withdrawOutbid: [{ kind: "column", path: ["lot"] }] }, positions: {} },
      },
    ],
  },
  desk: {
    Desk: [
      { name: "main", handlers: ["begin", "tick", "order", "logged"] },
      {
        name: "auditor",
        forwards: [
          {
            name: "orderLog",
            handler: "order",
            region: "for (const audit",
            hoisted: { "this.seq": { name: "seq", type: "number" } },
          },
        ],
        partitioning: { partitions: 2, keys: { orderLog: [byId] }, positions: {} },
      },
      { name: "greeter", handlers: ["hello"] },
      {
        name: "helloLogger",
        forwards: [{ name: "helloLog", handler: "hello", from: "greeter", region: "this.audit.log" }],
        partitioning: { partitions: 2, keys: { helloLog: [byId, { kind: "sender" }] }, positions: {} },
      },
      {
        name: "notifier",
        forwards: [{ name: "loggedOk", handler: "logged", region: "this.notify(" }],
        partitioning: { partitions: 2, keys: { loggedOk: [byId] }, positions: {} },
      },
      {
        name: "answers",
        forwards: [{ name: "orderOk", handler: "order", region: "from.ok({ id: key" }],
        partitioning: { partitions: 2, keys: { orderOk: [{ kind: "column", path: ["shop", "city"] }] }, positions: {} },
      },
    ],
  },
  dispatch: {
    Hub: [
      { name: "main", handlers: ["submit", "cancel", "done"] },
      {
        name: "open",
        forwards: [
          {
            name: "submitDrive",
            handler: "submit",
            region: "for (const driver",
            hoisted: { "this.total": { name: "total", type: "number" } },
          },
          {
            name: "cancelStop",
            handler: "cancel",
            region: "driver.stop(",
            references: [{ name: "driver", field: "drivers" }],
          },
          {
            name: "doneReceipt",
            handler: "done",
            region: "this.shippers.at",
            hoisted: { "this.total": { name: "total", type: "number" } },
          },
        ],
        partitioning: { partitions: 2, keys: { cancelStop: [{ kind: "column", path: ["region"] }] }, positions: {} },
      },
      { name: "spare", forwards: [{ name: "doneStop", handler: "done", region: "this.drivers.at" }] },
    ],
    Driver: [
      { name: "main", handlers: ["drive"] },
      { name: "stopper", handlers: ["stop"] },
    ],
  },
};

const questions = { field: "votes", key: [byId] } as const;
const stateful: Plans = {
  // State on both sides: one half tells the other what it keeps, in both directions, and a whole handler is relayed.
  tally: {
    Tally: [
      {
        name: "main",
        handlers: ["open", "forget"],
        forwards: [
          {
            name: "answerRound",
            handler: "answer",
            from: "collector",
            region: "if (round > this.round)",
            channel: "acknowledged",
            above: { name: "round", path: [] },
          },
        ],
      },
      {
        name: "collector",
        handlers: ["answer", "patience"],
        parks: { answer: questions },
        forwards: [
          {
            name: "openVotes",
            handler: "open",
            region: "const before",
            last: "for (const voter",
            hoisted: { "this.round": { name: "round", type: "number" } },
            channel: "ordered",
            wakes: [questions],
          },
          {
            name: "forgetVotes",
            handler: "forget",
            region: "this.timers.patience.clear",
            last: "this.close(",
            channel: "ordered",
          },
        ],
        proofs: [{ rule: "state machine", statement: "Everything passes through main.", facts: [] }],
      },
    ],
  },
};

const column = (...path: readonly string[]): KeyPart => ({ kind: "column", path });
const constant = (value: string | number): KeyPart => ({ kind: "literal", value });
const applied = (name: string, ...args: readonly KeyPart[]): KeyPart => ({ kind: "applied", name, args });
const hash = (part: KeyPart): KeyPart => applied("protocol.ts#hash", part);
const spread: Plans = {
  // Keys are functions; and what every partition has a copy of is put in order by a coordinator.
  ledger: {
    Proposer: [
      { name: "main", handlers: ["promised", "accepted"] },
      {
        name: "sealer",
        handlers: ["sealed"],
        partitioning: {
          partitions: 2,
          keys: {
            sealed: [
              applied("%", applied("+", applied("hash.ts#hash", column("digest")), constant(1)), constant(16)),
              applied("`\\`${}-${}`", column("part"), { kind: "sender" }),
            ],
          },
          positions: {},
        },
      },
      {
        name: "teller",
        forwards: [{ name: "acceptedStored", handler: "accepted", region: "for (const client" }],
        partitioning: {
          partitions: 3,
          keys: {
            acceptedStored: [
              hash(
                applied("??", column("shard", "name"), applied(".slice", column("value"), constant(0), constant(2))),
              ),
              applied("[]", applied("array", column("slot"), column("ballot")), constant(0)),
              applied(".0", applied(".split", column("value"), constant("/"))),
              applied("Math.floor", applied("/", column("slot"), applied("-", constant(8), constant(1)))),
            ],
          },
          positions: {},
        },
      },
    ],
    Acceptor: [
      {
        name: "main",
        handlers: ["prepare", "accept", "report"],
        partitioning: {
          partitions: 3,
          keys: { accept: [column("slot")] },
          positions: { log: [0], byValue: [1], counts: [0] },
          owners: { byValue: [hash(column("1"))] },
          replication: {
            coordinator: "coordinator",
            fields: ["ballot"],
            handlers: {
              prepare: {
                sends: {
                  "Proposer.promised": {
                    kind: "sealed",
                    columns: [
                      { path: ["log"], order: "bySlot" },
                      { path: ["watchers"], order: "(a, b) => (a < b ? -1 : 1)" },
                    ],
                  },
                  "Proposer.accepted": { kind: "each" },
                  "Proposer.sealed": { kind: "once" },
                },
              },
              report: { sends: { "Proposer.promised": { kind: "once" } } },
            },
          },
        },
        proofs: [{ rule: "partial partitioning", statement: "Only prepare writes ballot.", facts: [] }],
      },
    ],
  },
};

const plans: Plans = { ...stateless, ...stateful, ...spread };

describe.each(Object.keys(plans))("%s", (fixture) => {
  const sources = readSources(join(fixtures, fixture));
  const files = emit(fixture, sources);

  it("comes out as committed", () => {
    const expected = join(fixtures, fixture, folder);
    if (isUpdating()) writeGolden(expected, files);
    const committed = readdirSync(expected).sort();
    expect(files.map(({ path }) => path)).toEqual(committed.map((name) => `${folder}/${name}`));
    for (const { path, text } of files) expect(text).toBe(readFileSync(join(fixtures, fixture, path), "utf8"));
  });

  it("type-checks, with nothing unused", () => {
    const project = new Project({
      tsConfigFilePath: join(root, "tsconfig.json"),
      skipAddingFilesFromTsConfig: true,
      compilerOptions: { noUnusedLocals: true, noUnusedParameters: true },
    });
    project.addSourceFilesAtPaths(join(fixtures, fixture, "*.ts"));
    expect(checkEmitted(project, join(fixtures, fixture), files)).toEqual([]);
  });

  it("does not depend on the line ends of the source", () => {
    const windows = Object.fromEntries(
      Object.entries(sources).map(([path, text]) => [path, text.replaceAll("\n", "\r\n")]),
    );
    expect(withoutMaps(emit(fixture, windows))).toEqual(withoutMaps(files));
  });

  it("is the same each time", () => {
    expect(emit(fixture, sources)).toEqual(files);
  });

  it("leads every line that an author wrote back to that line", () => {
    for (const { path, text } of files.filter((file) => file.path.endsWith(".ts"))) {
      const map = files.find((file) => file.path === `${path}.map`);
      if (map === undefined) continue;
      const trace = new TraceMap(map.text);
      expect(trace.sources).toEqual(["../protocol.ts"]);
      const original = (sources["protocol.ts"] ?? "").split("\n");
      for (const [i, line] of text.split("\n").entries()) {
        const at = original.indexOf(line);
        if (line.trim() === "" || at < 0 || original.indexOf(line, at + 1) >= 0 || /^\s*[*/}]/.test(line)) continue;
        const column = line.length - line.trimStart().length;
        expect({ line, at: originalPositionFor(trace, { line: i + 1, column }).line }).toEqual({ line, at: at + 1 });
      }
    }
  });
});

function emit(fixture: string, sources: { readonly [path: string]: string }): readonly EmittedFile[] {
  const protocol = readProtocol(openInMemory(sources));
  return emitComponents(protocol, rewriteByHand(protocol, plans[fixture] ?? {}), { folder });
}

function withoutMaps(files: readonly EmittedFile[]): readonly EmittedFile[] {
  return files.filter(({ path }) => !path.endsWith(".map"));
}

function readSources(from: string): { readonly [path: string]: string } {
  const names = readdirSync(from).filter((name) => name.endsWith(".ts"));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(from, name), "utf8")]));
}

/** Whether jest was called with -u. */
function isUpdating(): boolean {
  const { snapshotState } = expect.getState() as { readonly snapshotState?: { readonly _updateSnapshot?: unknown } };
  return snapshotState?._updateSnapshot === "all";
}

function writeGolden(expected: string, files: readonly EmittedFile[]): void {
  rmSync(expected, { recursive: true, force: true });
  for (const { path, text } of files) {
    mkdirSync(expected, { recursive: true });
    writeFileSync(join(dirname(expected), path), text);
  }
}
