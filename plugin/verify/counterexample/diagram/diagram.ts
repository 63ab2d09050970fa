/** A sequence diagram of a counterexample as plain data: renderers make text or a picture of it. */

/** Why a row stands out. */
export type Mark =
  /** Here the two runs differ for the first time. */
  | "difference"
  /** It would have to come before itself. */
  | "cycle"
  /** A crash, or something lost. */
  | "fault";

/** A node, or a part of one. */
export interface Lifeline {
  readonly node: string;
  /** `collector.1`; undefined when the node is one piece. */
  readonly part: string | undefined;
  readonly external: boolean;
}

export interface Arrow {
  /** Where it begins: the index of a lifeline, and of the row in which it left; undefined: not in this diagram. */
  readonly lifeline: number;
  readonly row: number | undefined;
}

export interface Detail {
  readonly text: string;
  readonly mark: Mark | undefined;
}

/** Something that happened at one place. Later rows happened later. */
export interface Row {
  /** Of the activation, the same in both runs. Fragments of one activation have the same. */
  readonly number: number | undefined;
  /** The index of the lifeline where it happened. */
  readonly at: number;
  readonly arrow: Arrow | undefined;
  /** A message that never comes: its arrow ends before it has reached `at`. */
  readonly lost: boolean;
  /** What stands on the arrow: the name of a handler. */
  readonly name: string;
  /** What happened, with the payload; renderers may cut it short. */
  readonly text: string;
  readonly mark: Mark | undefined;
  readonly details: readonly Detail[];
  /** Everything that is known of it, for who asks. */
  readonly full: readonly string[];
}

/** One run. */
export interface Panel {
  readonly heading: string;
  readonly lifelines: readonly Lifeline[];
  readonly rows: readonly Row[];
  /** What there is to say below the last row. */
  readonly remarks: readonly Detail[];
}

export interface Diagram {
  readonly title: string;
  /** What is wrong, in a sentence. */
  readonly summary: string;
  readonly rewritten: Panel;
  /** Without rows when no run of the original is like this one; its remarks then say why. */
  readonly original: Panel;
}
