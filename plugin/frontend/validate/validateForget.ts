import { Node, type ArrowFunction, type PropertyDeclaration, type Type } from "ts-morph";
import { shapeOf } from "../lower/shapes.ts";
import { decoratorOf } from "../syntax/decoratorOf.ts";
import { mutationsIn } from "../syntax/mutations.ts";
import { latticeOf } from "../syntax/rivenTypes.ts";
import { someNode } from "../syntax/walk.ts";
import type { Check, Validator } from "./check.ts";

/** RVN145 and RVN146: where `@Forget` may be, and what its condition may ask. */
export const validateForget: Validator = (check) => {
  for (const { classes } of check.roles) {
    for (const field of classes.flatMap((owner) => owner.getProperties())) {
      const forget = decoratorOf(field, "Forget");
      if (forget === undefined) continue;
      checkField(field, forget.node, check);
      checkCondition(field, forget.node.getArguments()[0] ?? forget.node, check);
    }
  }
};

function checkField(field: PropertyDeclaration, decorator: Node, { report, mutated }: Check): void {
  const name = field.getName();
  if (!hasEntries(field)) {
    const message = `${name} has no entries that could be forgotten: it is no Map, record, GrowMap or Tally.`;
    report("RVN145", message, decorator);
    return;
  }
  const change = mutated.get(field);
  if (change?.kind !== "variable") return;
  report("RVN145", `${name} is assigned as a whole, and then any of its entries may have to be forgotten.`, decorator, {
    related: [{ message: "It is assigned here.", at: change.node }],
  });
}

function hasEntries(field: PropertyDeclaration): boolean {
  return shapeOf(field.getType(), field).kind === "map";
}

function checkCondition(field: PropertyDeclaration, condition: Node, { report }: Check): void {
  if (!Node.isArrowFunction(condition) || condition.getParameters().length !== 1 || condition.isAsync()) {
    report("RVN146", "@Forget takes an arrow function over the value of an entry, written out here.", condition);
    return;
  }
  const self = someNode(condition, (node) => Node.isThisExpression(node));
  if (self) {
    report("RVN146", "The condition of @Forget cannot ask the rest of the state: only the entry.", condition);
    return;
  }
  const [mutation] = mutationsIn(condition);
  if (mutation !== undefined) {
    report("RVN146", "The condition of @Forget cannot change anything.", mutation.node);
    return;
  }
  checkParameter(field, condition, report);
}

/** TypeScript cannot hold the type of a decorator's argument against that of the field. */
function checkParameter(field: PropertyDeclaration, condition: ArrowFunction, report: Check["report"]): void {
  const entry = entryType(field.getType());
  const [parameter] = condition.getParameters();
  if (entry === undefined || parameter === undefined || entry.isAssignableTo(parameter.getType())) return;
  const message = `An entry of ${field.getName()} is of type ${entry.getText(field)}, which the condition of @Forget does not take.`;
  report("RVN146", message, parameter);
}

/** What handlers find under a key; undefined for a Tally, whose sets of sources no handler gets hold of. */
function entryType(type: Type): Type | undefined {
  const bare = type.getNonNullableType();
  const lattice = latticeOf(bare);
  if (lattice !== undefined && lattice !== "GrowMap") return undefined;
  return bare.getStringIndexType() ?? bare.getNumberIndexType() ?? bare.getTypeArguments()[1];
}
