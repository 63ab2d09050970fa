/** A handler that throws undoes all that it did, so nothing of it may fail where only a part of it runs. */
import { quote } from "../../analysis/quote.ts";
import { createFinding } from "../../diagnostics/createFinding.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { findHandler } from "../../model/protocol.ts";
import type { Decoupling } from "../rule.ts";
import type { Split } from "../split.ts";
import { askedFor } from "./wording.ts";

export function refuseThrows(step: Decoupling, { cuts, receiver }: Split): readonly Finding[] {
  return cuts
    .filter(({ whole }) => !whole)
    .flatMap(({ name, handler, part }) =>
      (findHandler(receiver.role, name)?.body?.throws ?? []).map(({ why, span }) =>
        createFinding(
          "RVN206",
          `${quote(step.protocol, span, why)} in \`${handler}\` may throw (${why}) in \`${receiver.component}\`, when the rest of \`${handler}\` has happened.`,
          span,
          {
            related: askedFor(part.request, "it to leave"),
            scenario: [
              `\`${handler}\` changes its state, forwards, and is done; then this throws in \`${receiver.component}\`.`,
              "In one node the exception would have undone the whole activation.",
            ],
            advice: `Compute the value into a variable before the statement, so that \`${handler}\` fails as a whole.`,
          },
        ),
      ),
    );
}
