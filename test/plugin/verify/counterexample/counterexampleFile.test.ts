/** Counterexamples as files: what is written is read, and what is broken is named. */
import fc from "fast-check";
import {
  parseCounterexampleFile,
  printCounterexampleFile,
  type CounterexampleFile,
} from "../../../../plugin/verify/counterexample/counterexampleFile.ts";

const numbers = fc.array(fc.nat(300), { maxLength: 30 });
const someFile: fc.Arbitrary<CounterexampleFile> = fc.record({
  protocol: fc.string(),
  setup: fc.record({
    seed: fc.nat(),
    clients: fc.integer({ min: 1, max: 9 }),
    operations: fc.integer({ min: 1, max: 9 }),
    partitions: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    faults: fc.oneof(fc.boolean(), fc.constant({ losses: true, crashes: false })),
  }),
  choices: fc.record({ schedule: numbers, network: numbers, workload: numbers, faults: numbers }),
  problem: fc.record({
    kind: fc.constantFrom("cycle" as const, "replay mismatch" as const, "crash" as const),
    summary: fc.string({ unit: "binary" }),
    trace: fc.array(fc.string({ unit: "binary" }), { maxLength: 3 }),
  }),
});

test("what is written is read back", () => {
  fc.assert(
    fc.property(someFile, (file) => {
      expect(parseCounterexampleFile(printCounterexampleFile(file))).toEqual(file);
    }),
  );
});

const good = printCounterexampleFile({
  protocol: "..",
  setup: { seed: 1, clients: 1, operations: 1, partitions: undefined, faults: false },
  choices: { schedule: [1, 2], network: [], workload: [], faults: [] },
  problem: { kind: "cycle", summary: "A comes before itself.", trace: [] },
});

test.each([
  ["not JSON", "{", "it is not JSON"],
  ["something else", "[]", "it is not an object."],
  ["of another program", '{"format":"x"}', 'it has no "format": "riven counterexample".'],
  [
    "of another version",
    good.replace('"version": 1', '"version": 7'),
    "it has version 7, and this Riven reads version 1.",
  ],
  ["no clients", good.replace('"clients": 1', '"clients": 0'), "setup.clients is not a whole number, 1 or more."],
  ["half a choice", good.replace("[1, 2]", "[1, 2.5]"), "choices.schedule[1] is not a whole number, 0 or more."],
  ["choices that are none", good.replace("[1, 2]", "7"), "choices.schedule is not a list."],
  ["an unknown kind", good.replace('"cycle"', '"bad luck"'), "verdict.kind is not one of cycle, "],
  [
    "a strange fault",
    good.replace('"faults": false', '"faults": {"floods": 1}'),
    "setup.faults.floods is not true or false.",
  ],
])("%s", (_, text, message) => {
  expect(() => parseCounterexampleFile(text)).toThrow(message);
});
