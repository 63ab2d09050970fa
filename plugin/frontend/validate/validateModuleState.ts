import { Node, type Identifier } from "ts-morph";
import { isEvaluated, symbolOf } from "../syntax/declarationOf.ts";
import { walk } from "../syntax/walk.ts";
import type { Validator } from "./check.ts";
import { isAtTop } from "./roleCode.ts";

/** RVN108: variables at the top of a module that change, used by a role. */
export const validateModuleState: Validator = ({ units, mutated, report }) => {
  const reported = new Set<Node>();
  for (const unit of units) {
    walk(unit, (node) => {
      if (!Node.isIdentifier(node) || !isEvaluated(node)) return;
      const variable = symbolOf(node)?.getValueDeclaration();
      if (!Node.isVariableDeclaration(variable) || !isAtTop(variable) || reported.has(variable)) return;
      const mutation = mutated.get(variable);
      const change = mutation?.node ?? statefulUse(node, variable);
      if (change === undefined) return;
      reported.add(variable);
      const message = `${variable.getName()} belongs to the module, so all nodes of one process share it, and nodes in different processes do not.`;
      report("RVN108", message, node, {
        related: [
          { message: "It is declared here.", at: variable.getNameNode() },
          { message: "It is changed here.", at: change },
        ],
      });
    });
  }
};

/** A regular expression with `g` or `y` remembers where it stopped. */
function statefulUse(identifier: Identifier, variable: Node): Node | undefined {
  const initializer = Node.isVariableDeclaration(variable) ? variable.getInitializer() : undefined;
  if (!Node.isRegularExpressionLiteral(initializer) || !/[gy][a-z]*$/.test(initializer.getLiteralText()))
    return undefined;
  const parent = identifier.getParent();
  const isStateful = Node.isPropertyAccessExpression(parent) && ["test", "exec"].includes(parent.getName());
  return isStateful ? parent : undefined;
}
