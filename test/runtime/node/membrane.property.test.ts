import fc from "fast-check";
import { createMembrane } from "../../../runtime/node/membrane.ts";
import type { StateObserver } from "../../../runtime/node/stateObserver.ts";
import { activations, copyOf, dump, perform, Sample } from "./stateSteps.ts";

const silent: StateObserver = { onRead: () => undefined, onWrite: () => undefined };

describe.each([
  ["without an observer", {}],
  ["with an observer", { observer: silent }],
])("a membrane %s", (_name, options) => {
  it("behaves as the plain containers do, and takes back what failed", () => {
    fc.assert(
      fc.property(activations, (all) => {
        let plain = new Sample();
        const membrane = createMembrane(new Sample(), options);
        for (const { steps, fails } of all) {
          const before = copyOf(plain);
          membrane.begin();
          for (const s of steps) expect(perform(membrane.view, s)).toEqual(perform(plain, s));
          if (fails) {
            membrane.rollback();
            plain = before;
          } else {
            membrane.commit();
          }
          expect(dump(membrane.view)).toEqual(dump(plain));
        }
      }),
      { numRuns: 300 },
    );
  });
});
