/** Something that the user can put right: printed as one message, without a stack, and the exit code is 2. */
export class Mistake extends Error {
  readonly remedy: string | undefined;

  constructor(message: string, remedy?: string) {
    super(message);
    this.remedy = remedy;
  }
}
