/**
 * The order in which all partitions of a component do what all of them have to do: a two-phase commit for each input, as a
 * state machine that knows no network and no storage.
 *
 * An input gets the next number, and every partition is asked to vote. A partition that has voted handles nothing but what
 * it is told next; so when all have, all of them stand still, and the input is decided. Partitions hear of numbers, and
 * vote, in order, so inputs are decided in the order of their numbers, although many may be under way.
 */
import type { Description } from "../node/description.ts";

export interface Decided<Input> {
  readonly round: number;
  readonly input: Input;
}

interface Ballot<Input> {
  readonly round: number;
  readonly input: Input;
  readonly missing: Set<number>;
}

export class Coordinator<Input> {
  readonly #partitions: number;
  /** The rounds that are not decided, in order. */
  readonly #open: Ballot<Input>[] = [];
  #last: number;

  /** @param decided how many rounds were decided in earlier lives */
  constructor(partitions: number, decided = 0) {
    this.#partitions = partitions;
    this.#last = decided;
  }

  /** How many inputs wait for votes. */
  get underway(): number {
    return this.#open.length;
  }

  /** How many inputs have been decided, in all lives. */
  get decided(): number {
    return this.#last - this.#open.length;
  }

  describe(describeInput: (input: Input) => Description): Description {
    return [
      this.#last,
      this.#open.map(({ round, input, missing }) => [round, describeInput(input), [...missing].sort((a, b) => a - b)]),
    ];
  }

  /** Takes an input, and gives its round, for which all partitions have to be asked to vote. */
  begin(input: Input): number {
    const round = ++this.#last;
    this.#open.push({ round, input, missing: new Set(Array.from({ length: this.#partitions }, (_, part) => part)) });
    return round;
  }

  /**
   * A partition stands still, and waits for the input of a round. Gives that input when no vote is missing any more: it is
   * decided, and all partitions have to be told. A vote that comes again changes nothing.
   *
   * @throws Error when a later round would be decided before an earlier one, or there is no such round.
   */
  vote(round: number, partition: number): Decided<Input> | undefined {
    if (round <= this.decided) return undefined;
    const [first] = this.#open;
    const ballot = this.#open[round - (first?.round ?? round)];
    if (ballot === undefined) throw new Error(`There is a vote for round ${String(round)}, and no such round.`);
    ballot.missing.delete(partition);
    if (ballot.missing.size > 0) return undefined;
    if (ballot !== first)
      throw new Error(`Round ${String(round)} would be decided before round ${String(first?.round)}.`);
    this.#open.shift();
    return { round, input: ballot.input };
  }
}
