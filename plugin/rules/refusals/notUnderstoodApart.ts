/** What the analysis does not understand may touch every field of its class, so it stays with whatever uses one. */
import { inferFootprint, type Footprint } from "../../analysis/inferFootprints.ts";
import { createFinding } from "../../diagnostics/createFinding.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { findHandler } from "../../model/protocol.ts";
import { contains } from "../../model/span.ts";
import type { Decoupling } from "../rule.ts";
import { originalOf } from "./dependentHalves.ts";
import type { Half, Split } from "../split.ts";
import { askedFor } from "./wording.ts";

/** Refuses to separate a handler that is not understood from one that uses any field of the class. */
export function refuseNotUnderstood(
  step: Decoupling,
  moved: readonly Footprint[],
  staying: readonly Footprint[],
  other: string,
): readonly Finding[] {
  const pairs = [
    ...moved.map((dark) => ({ dark, user: staying.find(usesFields) })),
    ...staying.map((dark) => ({ dark, user: moved.find(usesFields) })),
  ];
  const troubles = pairs.flatMap(({ dark, user }) => {
    const [why] = dark.everything;
    return why === undefined || user === undefined ? [] : [{ dark, user, why }];
  });
  const distinct = troubles.filter(({ why }, i) => troubles.findIndex((one) => contains(one.why.span, why.span)) === i);
  return distinct.flatMap(({ dark, user, why }) => {
    const named = findHandler(step.role, user.handler);
    const field = user.uses[0] ?? user.accesses[0]?.cell.field;
    const what = field === undefined ? "the state" : `\`${field}\``;
    const apart = dark.handler === user.handler ? "split" : `separated from \`${user.handler}\``;
    return [
      createFinding(
        "RVN212",
        `\`${dark.handler}\` cannot be ${apart}: the analysis does not follow ${why.why}, so ` +
          `\`${dark.handler}\` may touch any field${field === undefined ? "" : `, ${what} too`}, ${field === undefined ? `and so may \`${user.handler}\`` : `which \`${user.handler}\` uses`}. ` +
          `(The plan puts one in \`${step.component}\` and the other in \`${other}\`.)`,
        why.span,
        {
          related: [
            ...(named === undefined
              ? []
              : [
                  {
                    message: `\`${user.handler}\` ${field === undefined ? "may use any of them" : `uses ${what}`}.`,
                    span: named.nameSpan,
                  },
                ]),
            ...askedFor(step.handlers[0]?.request, `\`${step.component}\``),
          ],
          scenario: [
            `Suppose that this expression changes ${what}.`,
            `In one node \`${user.handler}\` sees the change; in another component it has its own ${field === undefined ? "state" : what} and does not.`,
          ],
          advice: `Write it so that it can be followed, or keep \`${dark.handler}\` and \`${user.handler}\` in one component.`,
        },
      ),
    ];
  });
}

/** The same for the halves of a split. */
export function refuseDarkHalves(step: Decoupling, split: Split): readonly Finding[] {
  const { senders, receiver } = split;
  const footprints = ({ role }: Half): readonly Footprint[] =>
    role.handlers.map((handler) => ({
      ...inferFootprint(role, handler),
      handler: originalOf(split, handler.name),
    }));
  return senders.flatMap((sender) =>
    sender.role.handlers.length === 0
      ? []
      : refuseNotUnderstood(step, footprints(receiver), footprints(sender), sender.component),
  );
}

/** Configuration counts: what is not understood may assign it. */
function usesFields({ uses, everything }: Footprint): boolean {
  return uses.length > 0 || everything.length > 0;
}
