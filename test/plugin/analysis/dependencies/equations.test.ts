import { formsOf, type Equation } from "../../../../plugin/analysis/dependencies/equations.ts";
import type { Term } from "../../../../plugin/model/term.ts";

const column = (name: string): Term => ({ kind: "payload", path: [name] });
const joined = (...args: Term[]): Term => ({ kind: "pure", name: "`${}/${}`", args, injective: false });
const equal = (of: string, is: string): Equation => ({ of: column(of), is: column(is) });

const equations = [equal("label", "client"), equal("item", "client"), equal("client", "label")];

it("gives each form once", () => {
  expect(formsOf(joined(column("label"), column("slot")), equations)).toEqual([
    joined(column("label"), column("slot")),
    joined(column("client"), column("slot")),
  ]);
});

it("gives one form of what no equation is about, also where it is read from state, which is the same as nothing", () => {
  const read: Term = { kind: "read", cell: { field: "replies", keys: [column("slot")], aspect: "size" } };
  const term = joined(column("slot"), read);
  expect(formsOf(term, equations)).toEqual([term]);
});
