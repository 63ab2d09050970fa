import type { Description } from "../node/description.ts";

/** What was decided, until every partition is known to have it on stable storage. Knows no network and no storage. */
export class Decisions<Input> {
  readonly #inputs: Map<number, Input>;
  /** By partition: the last round that it is known to have. */
  readonly #stable: number[];

  /** @param earlier what was decided in earlier lives, and some partition may not have, by round */
  constructor(partitions: number, earlier: ReadonlyMap<number, Input> = new Map()) {
    this.#inputs = new Map([...earlier].sort(([a], [b]) => a - b));
    this.#stable = Array.from({ length: partitions }, () => 0);
  }

  /** In the order of their rounds. */
  get rounds(): readonly number[] {
    return [...this.#inputs.keys()];
  }

  inputOf(round: number): Input | undefined {
    return this.#inputs.get(round);
  }

  /** @param round a later one than all before */
  add(round: number, input: Input): void {
    this.#inputs.set(round, input);
  }

  describe(describeInput: (input: Input) => Description): Description {
    return [[...this.#inputs].map(([round, input]) => [round, describeInput(input)]), this.#stable];
  }

  /** A partition has everything up to a round on stable storage. Gives the rounds that need not be kept any more. */
  acknowledge(partition: number, round: number): readonly number[] {
    if (round <= (this.#stable[partition] ?? 0)) return [];
    this.#stable[partition] = round;
    const everywhere = Math.min(...this.#stable);
    const dropped: number[] = [];
    for (const known of this.#inputs.keys()) {
      if (known > everywhere) break;
      dropped.push(known);
    }
    for (const known of dropped) this.#inputs.delete(known);
    return dropped;
  }
}
