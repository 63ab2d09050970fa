/** Histories that a register has produced. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Operation, RegisterInput, RegisterOutput } from "../../runtime/linearizability/index.ts";

export type OnRegister = Operation<RegisterInput<number>, RegisterOutput<number>>;

interface Running {
  readonly input: RegisterInput<number>;
  readonly invoked: number;
  answer: number | null | undefined;
  tookEffect: boolean;
}

/**
 * So many operations, half of them reads, of so many processes that are never idle. In each step one process, drawn at random,
 * invokes an operation, has it take effect, or sees it return.
 *
 * @param wrong Whether one last read returns what was never written.
 */
export function registerHistory(size: number, processes: number, seed: number, wrong: boolean): readonly OnRegister[] {
  const random = xoroshiro128plus(seed);
  const below = (n: number): number => uniformInt(random, 0, n - 1);
  const operations: OnRegister[] = [];
  const running = new Map<number, Running>();
  let value: number | null = null;
  let time = 0;
  while (operations.length < size) {
    const process = below(processes);
    const one = running.get(process);
    if (one === undefined) {
      const input: RegisterInput<number> = below(2) === 0 ? { f: "read" } : { f: "write", value: below(1000) };
      running.set(process, { input, invoked: time++, answer: undefined, tookEffect: false });
    } else if (one.tookEffect) {
      operations.push({ process, input: one.input, output: one.answer, invoked: one.invoked, returned: time++ });
      running.delete(process);
    } else {
      one.tookEffect = true;
      if (one.input.f === "read") one.answer = value;
      else if (one.input.f === "write") value = one.input.value;
    }
  }
  for (const [process, { input, invoked }] of running) {
    operations.push({ process, input, invoked, returned: Number.POSITIVE_INFINITY });
  }
  if (wrong) operations.push({ process: "last", input: { f: "read" }, output: -1, invoked: time++, returned: time++ });
  return operations;
}
