/** Something in a history file that is not understood; it is the user's to put right. */
export class HistoryError extends Error {
  /** Counted from 1. */
  readonly line: number;

  constructor(message: string, line: number) {
    super(`Line ${line}: ${message}`);
    this.line = line;
  }
}
