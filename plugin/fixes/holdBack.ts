/** Nobody hears of anything before the component that was split off knows of it too. */
import type { Finding, Fix } from "../diagnostics/finding.ts";
import { componentsConcerned, insertAt, type FixContext } from "./candidate.ts";

export function holdBack(finding: Finding, context: FixContext): readonly Fix[] {
  return componentsConcerned(finding, context).flatMap(({ component: { name, span, moves, hold } }): readonly Fix[] => {
    if (span === undefined || moves === undefined || hold !== undefined) return [];
    return [
      {
        title: `Hold messages back until \`${name}\` has applied what it was forwarded`,
        edits: [insertAt(context, span.file, span.start + 1, " hold: true,")],
      },
    ];
  });
}
