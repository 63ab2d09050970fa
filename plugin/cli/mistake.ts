/** Something that the user can put right: printed as one message, without a stack, and the exit code is 2. */
export class Mistake extends Error {
  readonly remedy: string | undefined;

  constructor(message: string, remedy?: string) {
    super(message);
    this.remedy = remedy;
  }
}

/**
 * Performs something that reports what the user can put right as a plain Error: a port in use, a process that died, output
 * that does not fit the protocol. Errors of any other kind are bugs, and pass.
 */
export async function theUsersErrors<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && error.constructor === Error) throw new Mistake(error.message);
    throw error;
  }
}
