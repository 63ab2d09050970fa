/** One way of making transactions durable: so many at a time, each followed by the next. */
export interface Contender {
  /** Transactions that were acknowledged, and syncs that have ended, since the beginning. */
  readonly counts: { readonly transactions: number; readonly syncs: number };
  begin(inFlight: number): void;
  /** Ends when nothing is under way any more. */
  end(): Promise<void>;
}
