/** What is seen of a transition when nothing is. */
export const SILENT = 0;

/** Numbers events, so that they compare fast. */
export class EventNames {
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();

  get count(): number {
    return this.#names.length;
  }

  /** {@link SILENT} for undefined, larger numbers for events. */
  numberOf(event: string | undefined): number {
    if (event === undefined) return SILENT;
    const known = this.#numbers.get(event);
    if (known !== undefined) return known;
    const number = this.#names.push(event);
    this.#numbers.set(event, number);
    return number;
  }

  nameOf(number: number): string {
    return this.#names[number - 1] ?? "nothing";
  }
}
