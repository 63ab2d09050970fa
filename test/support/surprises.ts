/** What the static judge found, held against what was expected of it. Knows no TypeScript. */
import type { Finding } from "../../plugin/diagnostics/finding.ts";
import type { Protocol } from "../../plugin/model/protocol.ts";
import { textAt } from "./textAt.ts";

export interface ExpectedFinding {
  readonly code: string;
  /** How the text at the finding's place begins, with its white space as single blanks. */
  readonly at: string;
}

/** `RVN301 at "this.seq++"` */
export function describeFinding(protocol: Protocol, { code, span }: Finding): string {
  return `${code} at "${textAt(protocol, span).replace(/\s+/g, " ")}"`;
}

/** The errors that were not expected, and the expected ones that are missing. */
export function surprises(
  { protocol, errors }: { readonly protocol: Protocol; readonly errors: readonly Finding[] },
  expected: readonly ExpectedFinding[],
): readonly string[] {
  const found = errors.map((finding) => describeFinding(protocol, finding));
  const isMeant = (text: string, { code, at }: ExpectedFinding): boolean => text.startsWith(`${code} at "${at}`);
  return [
    ...found.filter((text) => !expected.some((one) => isMeant(text, one))).map((text) => `not expected: ${text}`),
    ...expected
      .filter((one) => !found.some((text) => isMeant(text, one)))
      .map(({ code, at }) => `missing: ${code} at "${at}"`),
  ];
}
