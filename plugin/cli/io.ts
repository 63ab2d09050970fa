/** What the command line needs from the process that it runs in. Tests bring their own. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly cwd: string;
  /** Whether to colour what goes to `out` when the arguments do not say. */
  readonly colour: boolean;
  /** Whether somebody watches `err`: a line of progress may be drawn there, and drawn over. */
  readonly watched: boolean;
  /** Characters in a line of what `out` goes to, when that is a terminal. */
  readonly columns?: number | undefined;
  /** Of this package. */
  readonly version: string;
  /** Imports a TypeScript (or JavaScript) module of the user's, by absolute path. */
  readonly importModule: (file: string) => Promise<unknown>;
}
