import { Node } from "ts-morph";
import type { Code } from "../diagnostics/codes.ts";
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding, Fix } from "../diagnostics/finding.ts";
import type { Span } from "../model/span.ts";
import { spanOf } from "./syntax/spanOf.ts";

/** What a finding may have beside its message; related places and edits are given by their nodes. */
export interface MoreToSay {
  readonly related?: readonly { readonly message: string; readonly at: Node }[];
  readonly scenario?: readonly string[];
  readonly advice?: string;
  readonly fixes?: readonly Fix[];
}

/** Says what is wrong with a piece of source, at that piece. */
export type Report = (code: Code, message: string, place: Node | Span, more?: MoreToSay) => void;

/** Collects findings about the sources of one project. Two findings of one code at one place are one. */
export class Reporter {
  readonly findings: Finding[] = [];
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  readonly report: Report = (code, message, place, more = {}) => {
    const span = Node.isNode(place) ? spanOf(place, this.#root) : place;
    const same = ({ code: c, span: s }: Finding): boolean =>
      c === code && s.file === span.file && s.start === span.start && s.end === span.end;
    if (this.findings.some(same)) return;
    const { related = [], ...rest } = more;
    const places = related.map(({ message: text, at }) => ({ message: text, span: spanOf(at, this.#root) }));
    this.findings.push(createFinding(code, message, span, { ...rest, related: places }));
  };
}
