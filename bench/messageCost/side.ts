/** One of two processes that throw balls at each other. */
export interface Side {
  /** The port it listens on; undefined for the side that connects. */
  listen(): Promise<number>;
  connect(port: number): Promise<void>;
  /** Throws so many balls, each of which is thrown back for ever. */
  serve(balls: number): void;
  /** Lets every ball that arrives fall. */
  drop(): void;
  /** Balls that were caught and thrown back so far. */
  readonly returned: number;
}

export type SideKind = "runtime" | "bare";
