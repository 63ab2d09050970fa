import { Node, type NewExpression, type ParameterDeclaration, type PropertyDeclaration } from "ts-morph";
import type { Lattice } from "../../model/protocol.ts";
import { withoutAssertions } from "../syntax/literalOf.ts";
import { addModifier } from "../syntax/modifierEdits.ts";
import { latticeOf } from "../syntax/rivenTypes.ts";
import { walk } from "../syntax/walk.ts";
import type { Check, Validator } from "./check.ts";

/** RVN144: a lattice is in a field of its own, where its initialiser makes it, and stays there. */
export const validateLattices: Validator = (check) => {
  for (const { role, classes } of check.roles) {
    if (role.external) continue;
    for (const owner of classes) {
      for (const field of owner.getProperties()) checkField(field, role.name, check);
      const parameters = owner.getConstructors().flatMap((constructor) => constructor.getParameters());
      for (const parameter of parameters) if (parameter.isParameterProperty()) checkParameter(parameter, check);
    }
  }
  for (const unit of check.units) {
    walk(unit, (node) => {
      if (Node.isNewExpression(node)) checkMaking(node, check);
    });
  }
};

function checkField(field: PropertyDeclaration, role: string, { report, open, mutated }: Check): void {
  const lattice = latticeOf(field.getType());
  if (lattice === undefined) return;
  const name = `${role}.${field.getName()}`;
  const initializer = field.getInitializer();
  const isMade = initializer !== undefined && Node.isNewExpression(withoutAssertions(initializer));
  if (!isMade) {
    report("RVN144", `${name} is a ${lattice}, which has to be made where the field is declared.`, field.getNameNode());
  } else if (!field.isReadonly()) {
    const change = mutated.get(field);
    const isAssigned = change?.kind === "variable";
    const title = `Make ${field.getName()} readonly`;
    report(
      "RVN144",
      `${name} is a ${lattice}, which only grows, so the field cannot be assigned.`,
      field.getNameNode(),
      {
        related: isAssigned ? [{ message: "It is assigned here.", at: change.node }] : [],
        fixes: isAssigned ? [] : [{ title, edits: [readonlyEdit(field, open.root)] }],
      },
    );
  }
}

/** Behind `private`, where `readonly` belongs. */
function readonlyEdit(field: PropertyDeclaration, root: string): ReturnType<typeof addModifier> {
  const edit = addModifier(field, "readonly", root);
  const at = field.getNameNode().getStart();
  return { ...edit, span: { ...edit.span, start: at, end: at } };
}

function checkParameter(parameter: ParameterDeclaration, { report }: Check): void {
  const lattice = latticeOf(parameter.getType());
  if (lattice !== undefined) {
    const message = `The topology cannot give a ${lattice} to a node. Make it where the field is declared.`;
    report("RVN144", message, parameter.getNameNode());
  }
}

function checkMaking(making: NewExpression, { report }: Check): void {
  const lattice = latticeOf(making.getType());
  if (lattice === undefined || isWhereItBelongs(making)) return;
  report("RVN144", `This ${lattice} is not made by the initialiser of a field. ${instead(lattice)}`, making);
}

function isWhereItBelongs(making: NewExpression): boolean {
  const parent = making.getParentWhile((above) => Node.isExpression(above) && withoutAssertions(above) === making);
  const around = (parent ?? making).getParent();
  if (Node.isPropertyDeclaration(around)) return true;
  // `new GrowMap(() => new GrowSet())`
  const map = Node.isArrowFunction(around) ? around.getParent() : undefined;
  return Node.isNewExpression(map) && latticeOf(map.getType()) === "GrowMap";
}

function instead(lattice: Lattice): string {
  return `For a ${lattice} per key, keep a GrowMap and ask it for the one \`at\` a key.`;
}
