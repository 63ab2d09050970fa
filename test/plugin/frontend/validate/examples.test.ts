import { languageCodes } from "../../../../plugin/diagnostics/codes/language.ts";
import type { Finding } from "../../../../plugin/diagnostics/finding.ts";
import { openInMemory } from "../../../../plugin/frontend/openInMemory.ts";
import { validateLanguage } from "../../../../plugin/frontend/validate/validateLanguage.ts";

const header = `import {
  After, Determines, Durable, Every, Fifo, Forget, GrowMap, GrowSet, journal, On, OnRecover, OnStart, peer, peers, Role,
  self, timers, type Ref,
} from "riven";
@Role({ external: true })
export abstract class Client {
  abstract decided(m: { id: string }): void;
}
@Role()
export class Participant {
  @On() vote(m: { id: string }, from: Ref<Client>): void {
    from.decided({ id: m.id });
  }
}
`;

/** An example is either a whole class, or members of one. */
function validate(example: string): readonly Finding[] {
  const isWhole = /^@Role/m.test(example);
  const text = header + (isWhole ? example : `@Role()\nexport class Leader {\n${example}\n}\n`);
  return validateLanguage(openInMemory({ "protocol.ts": text }));
}

const brief = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ code, message }) => `${code}: ${message}`);

describe("the examples in the table of language codes", () => {
  it.each(Object.entries(languageCodes))("%s", (code, { example }) => {
    expect(brief(validate(example.right))).toEqual([]);
    const found = validate(example.wrong);
    // What is wrong in one way is sometimes ill-typed as well.
    expect([code, "RVN100"]).toEqual(expect.arrayContaining([...new Set(found.map((finding) => finding.code))]));
    expect(brief(found)).toContainEqual(expect.stringMatching(`^${code}:`));
  });

  it.each(Object.entries(languageCodes))("%s is complete", (_, { title, explanation, remedy, example }) => {
    for (const text of [title, explanation, remedy, example.wrong, example.right]) expect(text.trim()).not.toBe("");
  });
});
