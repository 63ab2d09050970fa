import { Node, type MethodDeclaration, type ParameterDeclaration, type Type } from "ts-morph";
import type { Fix } from "../../diagnostics/finding.ts";
import { symbolOf } from "../syntax/declarationOf.ts";
import { removeModifier } from "../syntax/modifierEdits.ts";
import { isOnlyRef, isRef, refTargets } from "../syntax/rivenTypes.ts";
import { roleDeclaration } from "../syntax/roleDeclarations.ts";
import { spanBetween } from "../syntax/spanOf.ts";
import { someNode } from "../syntax/walk.ts";
import type { Check, Validator } from "./check.ts";
import { isObjectLike } from "./plainData.ts";

/** RVN112 to RVN118 and RVN139: the signatures of handlers and timers. */
export const validateHandlers: Validator = (check) => {
  for (const { role, classes, entries } of check.roles) {
    const handlers = role.external
      ? classes.flatMap((node) => node.getMethods()).filter((method) => method.isAbstract())
      : [];
    for (const method of handlers) checkHandler(method, role.name, check);
    for (const { method, trigger } of role.external ? [] : entries) {
      checkModifiers(method, trigger.node.getFullName(), check);
      if (trigger.name === "On") checkHandler(method, role.name, check);
      else checkTimer(method, trigger.name, check);
    }
  }
};

function checkModifiers(method: MethodDeclaration, decorator: string, { report, open }: Check): void {
  for (const modifier of ["private", "protected", "static", "abstract"]) {
    const found = method.getModifiers().find((candidate) => candidate.getText() === modifier);
    if (found === undefined) continue;
    const edit = modifier === "abstract" ? undefined : removeModifier(method, modifier, open.root);
    const fixes = edit === undefined ? [] : [{ title: `Remove ${modifier}`, edits: [edit] }];
    const why = modifier === "abstract" ? "there is no code to run" : "nobody could send to it";
    report("RVN117", `${method.getName()} is marked with @${decorator} and is ${modifier}: ${why}.`, found, { fixes });
  }
}

function checkHandler(method: MethodDeclaration, role: string, check: Check): void {
  const { report } = check;
  const name = method.getName();
  checkHandlerName(method, role, check);
  const overload = method.getOverloads().find((declaration) => declaration !== method);
  if (overload !== undefined) {
    report(
      "RVN116",
      `${name} has overloads. A message has one payload type; use a union where it may be one of several.`,
      overload.getNameNode(),
    );
  }
  const typeParameter = method.getTypeParameters()[0];
  if (typeParameter !== undefined) {
    report(
      "RVN112",
      `${name} is generic, but a message has one payload type, the same for every sender.`,
      typeParameter,
    );
  }
  checkResult(method, check);
  const parameters = method.getParameters();
  const [payload, from, third] = parameters;
  if (third !== undefined) {
    report(
      "RVN112",
      `${name} has ${String(parameters.length)} parameters. A handler takes one payload and, optionally, the sender.`,
      third,
    );
  }
  for (const parameter of parameters.slice(0, 2)) checkParameter(parameter, name, check);
  if (payload !== undefined) checkPayload(payload, name, check);
  if (from !== undefined) checkSender(from, name, check);
}

/** `id` is what every `Ref` has; the others are what every object has. */
const TAKEN_NAMES = new Set(["id", "constructor", "toString", "valueOf", "toJSON", "then"]);

function checkHandlerName(method: MethodDeclaration, role: string, { report }: Check): void {
  const node = method.getNameNode();
  const name = method.getName();
  if (!Node.isIdentifier(node)) {
    report("RVN139", `${name} is not a plain name, so it cannot be routed.`, node);
  } else if (TAKEN_NAMES.has(name)) {
    report("RVN139", `A handler cannot be called ${name}: every Ref<${role}> has something else of that name.`, node);
  }
}

function checkParameter(parameter: ParameterDeclaration, handler: string, { report }: Check): void {
  const problem = parameter.isRestParameter()
    ? "gathers several parameters"
    : parameter.hasInitializer()
      ? "has a default"
      : parameter.hasQuestionToken()
        ? "is optional"
        : undefined;
  if (problem === undefined) return;
  report(
    "RVN112",
    `${parameter.getName()} ${problem}, but a message to ${handler} always carries one payload.`,
    parameter,
  );
}

function checkPayload(parameter: ParameterDeclaration, handler: string, { report }: Check): void {
  const type = parameter.getType();
  const place = parameter.getTypeNode() ?? parameter;
  if (isRef(type)) {
    report(
      "RVN113",
      `The first parameter of ${handler} is its payload, and this is a Ref: the sender comes second.`,
      place,
    );
  } else if (!isObjectType(type)) {
    report(
      "RVN113",
      `The payload of ${handler} is ${describe(type)}. A message carries one object, whose properties have names.`,
      place,
    );
  }
}

function isObjectType(type: Type): boolean {
  if (type.isUnion()) return type.getUnionTypes().every(isObjectType);
  if (type.isIntersection()) return type.getIntersectionTypes().some(isObjectType);
  if (type.isTypeParameter()) return isObjectType(type.getConstraint() ?? type.getApparentType());
  return (
    isObjectLike(type) &&
    !type.isArray() &&
    !type.isReadonlyArray() &&
    !type.isTuple() &&
    type.getCallSignatures().length === 0
  );
}

function describe(type: Type): string {
  if (type.isAny()) return "of no known type";
  if (type.isArray() || type.isReadonlyArray() || type.isTuple()) return "a list";
  return `of type ${type.getText(undefined)}`;
}

function checkSender(parameter: ParameterDeclaration, handler: string, { report }: Check): void {
  const type = parameter.getType();
  const place = parameter.getTypeNode() ?? parameter;
  if (!isOnlyRef(type)) {
    report(
      "RVN114",
      `The second parameter of ${handler} is its sender, so its type is Ref<...> of the roles that send it.`,
      place,
    );
    return;
  }
  const targets = refTargets(type);
  if (targets === undefined || targets.some((target) => roleDeclaration(target) === undefined)) {
    report("RVN114", `The sender of ${handler} is a role, and ${type.getText(parameter)} names something else.`, place);
  }
}

function checkResult(method: MethodDeclaration, { report, open }: Check): void {
  if (method.isAsync() || method.isGenerator()) return;
  const type = method.getReturnType();
  if (type.isVoid() || type.isUndefined() || type.isNever()) return;
  const annotation = method.getReturnTypeNode();
  const valued = Node.isStatement(method.getBody()) ? firstValuedReturn(method) : undefined;
  const fixes: Fix[] = [];
  if (annotation !== undefined && valued === undefined) {
    const span = spanBetween(method.getSourceFile(), annotation.getStart(), annotation.getEnd(), open.root);
    fixes.push({ title: "Return nothing", edits: [{ span, newText: "void" }] });
  }
  const message = `${method.getName()} returns ${type.getText(method)}, but a message has no answer: the sender has gone on long since.`;
  report("RVN115", message, annotation ?? valued ?? method.getNameNode(), { fixes });
}

function firstValuedReturn(method: MethodDeclaration): Node | undefined {
  return method.getDescendants().find((node) => {
    if (!Node.isReturnStatement(node) || node.getExpression() === undefined) return false;
    return node.getAncestors().find((ancestor) => Node.isFunctionLikeDeclaration(ancestor)) === method;
  });
}

function checkTimer(method: MethodDeclaration, trigger: string, check: Check): void {
  const { report, open } = check;
  checkResult(method, check);
  const parameters = method.getParameters();
  const [first] = parameters;
  const last = parameters.at(-1);
  if (first === undefined || last === undefined) return;
  if (trigger === "After" && parameters.length === 1) return; // the key of the timer: see validateTimers
  const isUsed = someNode(method.getBody() ?? method, (node) => {
    const declaration = Node.isIdentifier(node) ? symbolOf(node)?.getValueDeclaration() : undefined;
    return parameters.some(
      (parameter) => declaration === parameter || declaration?.getAncestors().includes(parameter) === true,
    );
  });
  const span = spanBetween(method.getSourceFile(), first.getStart(), last.getEnd(), open.root);
  const fixes = isUsed ? [] : [{ title: "Remove the parameters", edits: [{ span, newText: "" }] }];
  report(
    "RVN118",
    `${method.getName()} is run by @${trigger}, which has ${trigger === "After" ? "only the key of the timer" : "nothing"} to hand over: no payload, and no sender.`,
    span,
    { fixes },
  );
}
