/** Multi-Paxos with one thing left out, which the adversary has to notice; and as it is, which it has to leave in peace. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deploy } from "../../../runtime/deployment.ts";
import { paxos } from "../../../samples/paxos/run.ts";
import { attack } from "./adversary.ts";

/** The rarest of the mistakes shows in one run of a few hundred. */
const SEEDS = 2000;
const SEEDS_AS_IT_IS = 80;
const SIZE = { proposers: 2, acceptors: 3, replicas: 1, retained: 1 } as const;

type Patch = readonly [was: string, is: string];

const ASKS_TWICE: Patch = [
  "for (const acceptor of this.acceptors) acceptor.p1a({ ballot: this.ballot });",
  "for (const acceptor of [...this.acceptors, ...this.acceptors]) acceptor.p1a({ ballot: this.ballot });",
];

const MISTAKES: readonly (readonly [mistake: string, patches: readonly Patch[]])[] = [
  ["a promise is forgotten in a crash", [["@Durable() private promised", "private promised"]]],
  ["a promise is taken back", [["if (m.ballot < this.promised) {", "if (m.ballot < 0) {"]]],
  ["a ballot is used again after a crash", [["@Durable() private used", "private used"]]],
  [
    "answers to an earlier life elect, where there are some left",
    [["  private ballot = 0", "  @Durable() private ballot = 0"], ASKS_TWICE],
  ],
];

const folder = join(process.cwd(), "test/.tmp", `paxos-${String(process.pid)}`);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What is wrong with the first run that is not right. */
function attackWith(mistaken: typeof paxos, seeds: number): readonly string[] {
  const deployment = deploy(mistaken(SIZE), { clients: 1 });
  for (let seed = 1; seed <= seeds; seed++) {
    const wrong = attack(deployment, seed);
    if (wrong.length > 0) return wrong.map((what) => `seed ${seed}: ${what}`);
  }
  return [];
}

async function makeMistake(name: string, patches: readonly Patch[]): Promise<typeof paxos> {
  const copy = join(folder, name.replaceAll(" ", "-"));
  mkdirSync(copy, { recursive: true });
  for (const file of ["invariants.ts", "jitter.ts", "outstanding.ts", "run.ts"]) {
    cpSync(join(process.cwd(), "samples/paxos", file), join(copy, file));
  }
  let source = readFileSync(join(process.cwd(), "samples/paxos/protocol.ts"), "utf8");
  for (const [was, is] of patches) {
    expect(source).toContain(was);
    source = source.replace(was, is);
  }
  writeFileSync(join(copy, "protocol.ts"), source);
  return ((await import(join(copy, "run.ts"))) as { readonly paxos: typeof paxos }).paxos;
}

it.each(MISTAKES)(
  "is found out when %s",
  async (mistake, patches) => {
    expect(attackWith(await makeMistake(mistake, patches), SEEDS)).not.toEqual([]);
  },
  120_000,
);

it("holds as it is, even when acceptors answer twice", async () => {
  expect(attackWith(paxos, SEEDS_AS_IT_IS)).toEqual([]);
  expect(attackWith(await makeMistake("asks twice", [ASKS_TWICE]), SEEDS_AS_IT_IS)).toEqual([]);
}, 120_000);
