/** What is said to depend on neither order nor repetition does not, when it is run. */
import fc from "fast-check";
import { inferOrderSensitivity } from "../../../../plugin/analysis/orderSensitivity/inferOrderSensitivity.ts";
import type { Term } from "../../../../plugin/model/term.ts";
import { readSource, roleOf } from "../../../support/protocolInMemory.ts";
import { classOf, programs, type Program } from "./handlers.ts";
import { outputsOf, type Input, type Waits } from "./running.ts";

const OTHER = `@Role() export class Other { @On() take(m: { id: string }): void {} }\n`;
const PROGRAMS = 20;
const RUNS = Number(process.env["RIVEN_ORDER_RUNS"] ?? 20);

const input = (program: Program): fc.Arbitrary<Input> =>
  fc.record({
    handler: fc.nat({ max: program.handlers.length - 1 }),
    m: fc.record({
      id: fc.constantFrom("a", "a", "b"),
      client: fc.constantFrom("a", "c", "d"),
      n: fc.constantFrom(0, 1, 2, 3),
    }),
    from: fc.constantFrom("p", "q", "r"),
  });

/** Inputs, and the same in another order with some of the forwards repeated. */
const runs = (program: Program): fc.Arbitrary<readonly [readonly Input[], readonly Input[]]> =>
  fc.array(input(program), { minLength: 2, maxLength: 7 }).chain((inputs) => {
    const again = inputs.filter((one) => program.forwarded[one.handler] === true);
    return fc
      .subarray(again)
      .chain((repeated) =>
        fc.tuple(
          fc.constant(inputs),
          fc.shuffledSubarray([...inputs, ...repeated], { minLength: inputs.length + repeated.length }),
        ),
      );
  });

function keyOf(term: Term): (one: Input) => unknown {
  if (term.kind === "sender") return ({ from }) => from;
  if (term.kind === "payload") return ({ m }) => Object.entries(m).find(([name]) => name === term.path[0])?.[1];
  throw new Error(`a key that no program has: ${term.kind}`);
}

describe("inferOrderSensitivity", () => {
  it("says that order and repetition do not matter only where they do not", () => {
    let accepted = 0;
    let seen = 0;
    fc.assert(
      fc.property(
        fc.array(programs, { minLength: PROGRAMS, maxLength: PROGRAMS }),
        fc.infiniteStream(fc.nat()),
        (batch, seeds) => {
          const source = batch.map((program, i) => classOf(program, `Node${String(i)}`)).join("\n");
          const { protocol } = readSource(OTHER + source);
          for (const [i, program] of batch.entries()) {
            const role = roleOf(protocol, `Node${String(i)}`);
            const forwarded = program.forwarded.flatMap((is, h) => (is ? [`h${String(h)}`] : []));
            const found = inferOrderSensitivity(role, { forwarded });
            seen += 1;
            if (found.obstacles.length > 0) continue;
            accepted += 1;
            const waits: Waits = program.handlers.map((_, h) => {
              const parking = found.parks[`h${String(h)}`];
              return parking === undefined ? undefined : { field: parking.field, key: keyOf(parking.key) };
            });
            const [seed] = seeds.take(1);
            for (const [one, other] of fc.sample(runs(program), { seed: seed ?? 0, numRuns: 80 })) {
              const [expected, actual] = [outputsOf(program, one, waits), outputsOf(program, other, waits)];
              if (JSON.stringify(expected) === JSON.stringify(actual)) continue;
              throw new Error(
                [
                  "declared insensitive:",
                  ...program.handlers.map(
                    (text, h) => `h${String(h)}${program.forwarded[h] === true ? " (forwarded)" : ""}: ${text}`,
                  ),
                  `parks ${JSON.stringify(found.parks)}`,
                  `${JSON.stringify(one)}\n  gives ${JSON.stringify(expected)}`,
                  `${JSON.stringify(other)}\n  gives ${JSON.stringify(actual)}`,
                ].join("\n"),
              );
            }
          }
        },
      ),
      { numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
    );
    expect(seen).toBeGreaterThanOrEqual(PROGRAMS * RUNS);
    expect(accepted).toBeGreaterThan(seen / 25);
  });
});
