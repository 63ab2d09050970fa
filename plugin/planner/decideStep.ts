/** Lets the rules decide a step: each thing that has to be proved of it, by the first rule that can. */
import type { Finding } from "../diagnostics/finding.ts";
import type { Proof } from "../model/component.ts";
import type { Decoupling, Obligation, Separation } from "../rules/rule.ts";
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
  const refused: (readonly Finding[])[] = [];
  for (const rule of decouplingRules.filter((one) => one.about === about && one.concerns(step))) {
    const verdict = rule.decide(step);
    switch (verdict.kind) {
      case "proved":
        return { ...verdict.outcome, proofs: [verdict.proof], findings: [] };
      case "refused":
        refused.push(verdict.refusals);
    }
  }
  return { cuts: [], parks: {}, proofs: [], findings: mostTelling(refused) };
}

/**
 * What no rule can do without is said once. Otherwise the last rule, which asks for least, says what is wrong, and what the
 * others found is told beside it.
 */
function mostTelling(refused: readonly (readonly Finding[])[]): readonly Finding[] {
  const last = refused.at(-1) ?? [];
  const others = refused.slice(0, -1).flatMap(([first]) => (first === undefined ? [] : [first]));
  const [main, ...more] = last;
  if (main === undefined) return last;
  const beside = others.filter((other) => other.code !== main.code);
  const related = beside.map(({ code, message, span }) => ({
    message: `Nor in any order (${code}): ${message}`,
    span,
  }));
  return [{ ...main, related: [...main.related, ...related] }, ...more];
}
