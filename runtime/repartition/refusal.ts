/** What is stored cannot be moved as it is. The message says why, and what helps. */
export class RepartitionRefusal extends Error {
  override readonly name = "RepartitionRefusal";
}
