import { Node, type MethodDeclaration } from "ts-morph";
import { nearestName } from "../../diagnostics/nearestName.ts";
import { columnsOf } from "../readColumns.ts";
import { rivenDecorators, type RivenDecorator } from "../syntax/decoratorOf.ts";
import type { Check, Validator } from "./check.ts";

const SENDER = "from.id";

/** RVN147: what `@Determines` may be about. */
export const validatePromises: Validator = (check) => {
  for (const { classes, entries } of check.roles) {
    for (const method of classes.flatMap((owner) => owner.getMethods())) {
      const trigger = entries.find((entry) => entry.method.getName() === method.getName())?.trigger.name;
      for (const decorator of rivenDecorators(method)) {
        if (decorator.name === "Determines") checkPromise(decorator, method, trigger === "On", check);
      }
    }
  }
};

function checkPromise(promise: RivenDecorator, method: MethodDeclaration, isHandler: boolean, { report }: Check): void {
  if (promise.computed !== undefined) return; // RVN119
  if (!isHandler) {
    const message = `${method.getName()} has @Determines, a promise about messages, but is no message handler.`;
    report("RVN147", message, promise.node);
    return;
  }
  const [from, to] = promise.arguments;
  if (from === to) {
    report("RVN147", `Every column determines itself.`, promise.node);
    return;
  }
  const [payload] = method.getParameters();
  const columns = payload === undefined ? [] : columnsOf(payload.getType(), payload).map(({ path }) => path.join("."));
  promise.arguments.forEach((name, i) => {
    if (typeof name !== "string" || name === SENDER || columns.includes(name)) return;
    const meant = nearestName(name, [...columns, SENDER]);
    const hint = meant === undefined ? "" : ` Did you mean "${meant}"?`;
    const message = `The messages to ${method.getName()} have no column ${name}.${hint}`;
    const place = promise.node.getArguments()[i];
    report("RVN147", message, Node.isNode(place) ? place : promise.node);
  });
}
