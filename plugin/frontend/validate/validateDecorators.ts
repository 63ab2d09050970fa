import { Node, type MethodDeclaration } from "ts-morph";
import type { Literal } from "../syntax/literalOf.ts";
import { rivenDecorators, type RivenDecorator } from "../syntax/decoratorOf.ts";
import type { Check, Validator } from "./check.ts";
import { TRIGGERS, type RoleCode } from "./roleCode.ts";

/** RVN119 and RVN120: the decorators of the language, read from the source. */
export const validateDecorators: Validator = (check) => {
  for (const code of check.roles) {
    checkArguments(code.role.decorator, check);
    for (const member of code.classes.flatMap((node) => node.getMembers())) {
      if (Node.isMethodDeclaration(member)) checkMethod(member, code, check);
    }
  }
};

function checkMethod(method: MethodDeclaration, code: RoleCode, check: Check): void {
  const decorators = rivenDecorators(method);
  for (const decorator of decorators) checkArguments(decorator, check);
  const [first, second] = decorators.filter(({ name }) => TRIGGERS.has(name));
  if (first !== undefined && second !== undefined) {
    const message = `${method.getName()} has @${first.name} and @${second.name}. What starts it is one thing or the other.`;
    check.report("RVN120", message, second.node, { related: [{ message: "The other one is here.", at: first.node }] });
  }
  const invariant = decorators.find(({ name }) => name === "Invariant");
  if (invariant !== undefined && (!method.isStatic() || decorators.length > 1)) {
    const why = method.isStatic() ? `@${other(decorators)} too, which is for methods of nodes` : "is not static";
    check.report(
      "RVN120",
      `${method.getName()} has @Invariant and ${why}. An invariant is a static method, which takes a snapshot of all nodes.`,
      invariant.node,
    );
  }
  const fifo = decorators.find(({ name }) => name === "Fifo");
  const trigger = code.entries.find((entry) => entry.method.getName() === method.getName())?.trigger;
  if (fifo !== undefined && trigger?.name !== "On") {
    check.report(
      "RVN120",
      `${method.getName()} has @Fifo, which orders messages, but is no message handler.`,
      fifo.node,
    );
  }
}

function other(decorators: readonly RivenDecorator[]): string {
  return decorators.find(({ name }) => name !== "Invariant")?.name ?? "Invariant";
}

function checkArguments(decorator: RivenDecorator, { report }: Check): void {
  if (decorator.computed !== undefined) {
    report(
      "RVN119",
      `The argument of @${decorator.name} is computed. Decorators are read from the source, so write it out.`,
      decorator.computed,
    );
    return;
  }
  const [first] = decorator.arguments;
  if (decorator.name === "Every" && !isPeriod(first)) {
    report(
      "RVN120",
      "@Every needs a positive number of milliseconds.",
      decorator.node.getArguments()[0] ?? decorator.node,
    );
  }
}

function isPeriod(value: Literal | undefined): boolean {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}
