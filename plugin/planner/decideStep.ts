/** Lets the rules decide a step: each thing that has to be proved of it, by the first rule that can. */
import type { Finding } from "../diagnostics/finding.ts";
import type { Proof } from "../model/component.ts";
import type { Decoupling, Obligation, Separation, Verdict } from "../rules/rule.ts";
import { decouplingRules } from "../rules/rules.ts";

export interface Decided extends Separation {
  readonly proofs: readonly Proof[];
  /** Not empty: the step is refused. */
  readonly findings: readonly Finding[];
}

export function decideStep(step: Decoupling): Decided {
  const concerned = decouplingRules.filter((rule) => rule.concerns(step));
  const obligations = [...new Set(concerned.map(({ about }) => about))];
  const decided = obligations.map((about) => decide(step, about));
  return {
    cuts: decided.flatMap(({ cuts }) => cuts),
    parks: Object.assign({}, ...decided.map(({ parks }) => parks)) as Separation["parks"],
    proofs: decided.flatMap(({ proofs }) => proofs),
    findings: decided.flatMap(({ findings }) => findings),
  };
}

function decide(step: Decoupling, about: Obligation): Decided {
  const refused: Refused[] = [];
  for (const rule of decouplingRules.filter((one) => one.about === about && one.concerns(step))) {
    const verdict = rule.decide(step);
    switch (verdict.kind) {
      case "proved":
        return { ...verdict.outcome, proofs: [verdict.proof], findings: [] };
      case "refused":
        refused.push(verdict);
    }
  }
  return { cuts: [], parks: {}, proofs: [], findings: mostTelling(refused) };
}

type Refused = Extract<Verdict<Separation>, { readonly kind: "refused" }>;

/**
 * A rule that lacks little says what; otherwise the last one, which asks for least, says what is wrong. What the others found
 * is told beside it.
 */
function mostTelling(refused: readonly Refused[]): readonly Finding[] {
  const telling = refused.find(({ almost }) => almost === true) ?? refused.at(-1);
  const [main, ...more] = telling?.refusals ?? [];
  if (main === undefined) return [];
  const beside = refused.flatMap(({ refusals: [first] }) =>
    first === undefined || first.code === main.code ? [] : [first],
  );
  const related = beside.map(({ message, span }) => ({ message: `Nor by another rule: ${message}`, span }));
  return [{ ...main, related: [...main.related, ...related] }, ...more];
}
