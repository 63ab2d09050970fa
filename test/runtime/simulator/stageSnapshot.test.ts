import { deploy } from "../../../runtime/deployment.ts";
import { StageSnapshot } from "../../../runtime/simulator/index.ts";
import { Audit, Rota, rota, shiftsByShift } from "../../fixtures/verify/rota.ts";
import { Role } from "../../../decorators/index.ts";

const original = deploy(rota, { clients: 1 });
const lookAtNothing = (): object => ({});

test("the nodes of a role come in the order of the system, and are looked at anew only when they have changed", () => {
  const looks: string[] = [];
  const look = ({ id }: { readonly id: string }): object => {
    looks.push(id);
    return { id };
  };
  const snapshot = new StageSnapshot(original, look, []);
  const ids = (): readonly string[] => snapshot.all(Audit).map(({ id }) => id);
  expect([ids(), ids()]).toEqual([
    ["audit-1", "audit-2"],
    ["audit-1", "audit-2"],
  ]);
  expect(looks).toEqual(["audit-1", "audit-2"]);
  const second = original.instances.find(({ id }) => id === "audit-2");
  if (second !== undefined) snapshot.changed(second);
  ids();
  expect(looks).toEqual(["audit-1", "audit-2", "audit-2"]);
});

test("what has no nodes of its class is refused", () => {
  @Role()
  class Other {
    readonly nothing = 0;
  }
  const snapshot = new StageSnapshot(original, lookAtNothing, []);
  expect(() => snapshot.all(Other)).toThrow("The system has no role Other.");
  expect(() => snapshot.all(rota.clients.driver)).toThrow("Worker is external");
  const rewritten = new StageSnapshot(deploy(rota, { rewritten: shiftsByShift, clients: 1 }), lookAtNothing, []);
  expect(() => rewritten.all(Rota)).toThrow("Rota is rewritten here");
});
