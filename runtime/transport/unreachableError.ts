/** Another process of the run does not answer. That it has ended is then the reason, and this is what follows. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}
