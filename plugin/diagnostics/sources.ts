/** Where the text of a finding's source comes from, and how its file is called in front of people. */
export interface Sources {
  /** The text of a file as a span names it; undefined when there is none to show (a folder, a generated place). */
  readonly text: (file: string) => string | undefined;
  /** How the file is printed: relative to the working directory, for instance. */
  readonly name: (file: string) => string;
}
