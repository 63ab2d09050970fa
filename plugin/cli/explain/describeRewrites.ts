/** What could be rewritten, plan or no plan, and what could not and why, as plain JSON. */
import type { KeyOptions, RoleRewrites } from "../../planner/inferRewrites.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { printPlace } from "../../model/span.ts";

export type Possibilities = {
  readonly role: string;
  /** Handlers that share state, and can be a component of their own. One entry: there is nothing to take apart. */
  readonly groups: readonly {
    readonly handlers: readonly string[];
    readonly fields: readonly string[];
    readonly rule: string | null;
    readonly keys: KeyPossibilities;
    /** Why its handlers cannot be told apart from each other. */
    readonly together: readonly Refused[];
  }[];
  /** Handlers that share state with others, and can be a component of their own by forwarding what concerns the rest. */
  readonly handlers: readonly {
    readonly name: string;
    /** Handlers of which a part would go there. */
    readonly split: readonly string[];
    /** The state that what it does to goes back. */
    readonly returned: readonly string[];
    readonly rule: string;
  }[];
  /** Sends that can leave their handler by a rule, or cannot. */
  readonly sends: readonly {
    readonly name: string;
    readonly rule: string | null;
    readonly refused: readonly Refused[];
  }[];
  /** State that can, or cannot, go to a component of its own with what is done to it. */
  readonly fields: readonly {
    readonly name: string;
    /** Handlers of which a part would go there. */
    readonly split: readonly string[];
    readonly rule: string | null;
    readonly refused: readonly Refused[];
  }[];
  /** Of the role as a whole. */
  readonly keys: KeyPossibilities;
};

export type KeyPossibilities = {
  readonly legal: readonly {
    readonly by: string;
    readonly rule: string;
    /** It is taken when a plan names none. */
    readonly chosen: boolean;
    /** Fields of which every partition would have a copy. */
    readonly copies: readonly string[];
    /** What every partition would run, in the order that a coordinator decides. */
    readonly together: readonly string[];
  }[];
  readonly refused: readonly { readonly by: string; readonly why: readonly Refused[] }[];
};

export type Refused = {
  readonly code: string;
  readonly message: string;
  readonly place: string;
  readonly scenario: readonly string[];
  readonly advice: string | null;
};

export function describeRewrites(
  exploration: readonly RoleRewrites[],
  name: (file: string) => string,
): readonly Possibilities[] {
  const refusals = (findings: readonly Finding[]): readonly Refused[] =>
    findings.map(({ code, message, span, scenario, advice }) => ({
      code,
      message,
      place: printPlace({ ...span, file: name(span.file) }),
      scenario,
      advice: advice ?? null,
    }));
  const keys = ({ legal, refused }: KeyOptions): KeyPossibilities => ({
    legal: legal.map(({ by, proof, replication, chosen }) => ({
      by,
      rule: proof.rule,
      chosen,
      copies: replication?.fields ?? [],
      together: Object.keys(replication?.handlers ?? {}),
    })),
    refused: refused.map((option) => ({ by: option.by, why: refusals(option.refusals) })),
  });
  return exploration.map((role) => ({
    role: role.role,
    groups: role.groups.map((group) => ({
      handlers: group.handlers,
      fields: group.fields,
      rule: group.proof?.rule ?? null,
      keys: keys(group.keys),
      together: refusals(group.apart.flatMap((option) => option.refusals)),
    })),
    handlers: role.handlers.map(({ handler, split, returned, proof }) => ({
      name: handler,
      split,
      returned,
      rule: proof.rule,
    })),
    sends: role.sends.map((send) => ({
      name: send.name,
      rule: send.proof?.rule ?? null,
      refused: refusals(send.refusals),
    })),
    fields: role.fields.map((option) => ({
      name: option.field,
      split: option.split,
      rule: option.proof?.rule ?? null,
      refused: refusals(option.refusals),
    })),
    keys: keys(role.keys),
  }));
}
