import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareOutput, writeOutput } from "../../../plugin/cli/outputFiles.ts";
import { printHeader, printSourceMap } from "../../../plugin/emit/emittedFile.ts";

let root: string;
let output: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "riven-output-"));
  output = join(root, "protocol", "rewritten");
});
afterEach(() => rmSync(root, { recursive: true }));

const generated = (body: string): string => `${printHeader("from protocol.ts: a component", [])}${body}\n`;
const wanted = [
  { path: "protocol/rewritten/leader.main.ts", text: generated("main") },
  { path: "protocol/rewritten/leader.main.ts.map", text: printSourceMap({ version: 3 }) },
];

const kinds = (): readonly string[] => compareOutput(root, output, wanted).map(({ kind }) => kind);

test("what is missing is written, and then there is no difference", () => {
  expect(kinds()).toEqual(["missing", "missing"]);
  writeOutput(compareOutput(root, output, wanted));
  expect(readdirSync(output)).toEqual(["leader.main.ts", "leader.main.ts.map"]);
  expect(kinds()).toEqual([]);
});

test("only what differs is touched", () => {
  writeOutput(compareOutput(root, output, wanted));
  const [main, map] = ["leader.main.ts", "leader.main.ts.map"].map((name) => join(output, name)) as [string, string];
  utimesSync(map, 1000, 1000);
  writeFileSync(main, generated("older"));
  expect(kinds()).toEqual(["different"]);
  writeOutput(compareOutput(root, output, wanted));
  expect(readFileSync(main, "utf8")).toBe(generated("main"));
  expect(statSync(map).mtimeMs).toBe(1_000_000);
});

test("what was generated and is no longer part of the output goes; what somebody wrote stays", () => {
  writeOutput(compareOutput(root, output, wanted));
  writeFileSync(join(output, "leader.collector.ts"), generated("former component"));
  writeFileSync(join(output, "notes.md"), "mine");
  expect(kinds()).toEqual(["superfluous"]);
  writeOutput(compareOutput(root, output, wanted));
  expect(readdirSync(output)).toEqual(["leader.main.ts", "leader.main.ts.map", "notes.md"]);
});

test("what somebody wrote is not replaced", () => {
  mkdirSync(output, { recursive: true });
  const mine = join(output, "leader.main.ts");
  writeFileSync(mine, "mine");
  expect(kinds()).toEqual(["foreign", "missing"]);
  writeOutput(compareOutput(root, output, wanted));
  expect(readFileSync(mine, "utf8")).toBe("mine");
});

test("a failure on the way leaves everything as it was", () => {
  writeOutput(compareOutput(root, output, wanted));
  const main = join(output, "leader.main.ts");
  const differences = [
    { kind: "different", file: main, text: generated("newer") },
    { kind: "missing", file: join(main, "below-a-file.ts"), text: "impossible" },
  ] as const;
  expect(() => writeOutput(differences)).toThrow();
  expect(readFileSync(main, "utf8")).toBe(generated("main"));
  expect(readdirSync(output)).toEqual(["leader.main.ts", "leader.main.ts.map"]);
});
