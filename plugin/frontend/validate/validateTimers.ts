import { Node, type CallExpression, type MethodDeclaration, type PropertyDeclaration } from "ts-morph";
import { timerNames } from "../readFields.ts";
import { decoratorOf } from "../syntax/decoratorOf.ts";
import { rivenName } from "../syntax/rivenName.ts";
import { walk } from "../syntax/walk.ts";
import type { Check, Validator } from "./check.ts";
import type { Entry, RoleCode } from "./roleCode.ts";

/** RVN140 to RVN143: one-shot timers and their handlers, journals, and what can be durable. */
export const validateTimers: Validator = (check) => {
  for (const code of check.roles.filter(({ role }) => !role.external)) {
    const fields = code.classes.flatMap((node) =>
      node.getInstanceProperties().filter((field) => Node.isPropertyDeclaration(field)),
    );
    const timers = fields.filter((field) => offeredBy(field) === "timers");
    const handlers = code.entries.filter(({ trigger }) => trigger.name === "After");
    checkNames(timers, handlers, code, check);
    for (const { method, trigger } of handlers) {
      const [name] = trigger.arguments;
      if (typeof name === "string") checkKey(method, name, timers, code, check);
    }
    for (const field of fields) checkDurable(field, check);
    for (const field of fields) checkUses(field, code, check);
  }
};

/** The function of `riven` whose result a field holds, such as `journal`; undefined for other fields. */
function offeredBy(field: PropertyDeclaration): string | undefined {
  const initializer = field.getInitializer();
  return Node.isCallExpression(initializer) ? rivenName(initializer.getExpression()) : undefined;
}

function checkNames(
  timers: readonly PropertyDeclaration[],
  handlers: readonly Entry[],
  { role }: RoleCode,
  { report }: Check,
): void {
  const owners = new Map<string, PropertyDeclaration>();
  for (const field of timers) {
    const names = timerNames(field);
    if (names.length === 0)
      report(
        "RVN140",
        `${field.getName()} has no names of timers: write them out, timers<"timeout" | "retry">().`,
        field.getNameNode(),
      );
    for (const name of names) {
      const other = owners.get(name);
      if (other !== undefined) {
        const related = [{ message: "It is here too.", at: other.getNameNode() }];
        report(
          "RVN140",
          `${role.name} has two timers called ${name}, and one handler for both could not tell which one fired.`,
          field.getNameNode(),
          { related },
        );
      }
      owners.set(name, field);
    }
  }
  const handled = new Map<string, Entry>();
  for (const entry of handlers) {
    const [name] = entry.trigger.arguments;
    if (typeof name !== "string") continue; // TypeScript, or the check of decorators, has more to say
    const place = entry.trigger.node.getArguments()[0] ?? entry.trigger.node;
    const earlier = handled.get(name);
    if (!owners.has(name)) {
      const known = [...owners.keys()];
      const hint =
        known.length === 0
          ? 'It has no timers: private readonly timers = timers<"name">().'
          : `It has ${known.join(", ")}.`;
      report("RVN140", `${role.name} has no timer called ${name}. ${hint}`, place);
    } else if (earlier !== undefined) {
      const related = [{ message: "The other one is here.", at: earlier.trigger.node }];
      report(
        "RVN140",
        `The timer ${name} has two handlers, ${earlier.method.getName()} and ${entry.method.getName()}.`,
        place,
        { related },
      );
    }
    handled.set(name, entry);
  }
  for (const [name, field] of owners) {
    if (!handled.has(name))
      report(
        "RVN140",
        `Nothing happens when the timer ${name} fires: no method is marked with @After("${name}").`,
        field.getNameNode(),
      );
  }
}

/** The handler of a timer takes the key that the timer was armed with, which is a string, or nothing. */
function checkKey(
  method: MethodDeclaration,
  timer: string,
  timers: readonly PropertyDeclaration[],
  code: RoleCode,
  { report }: Check,
): void {
  const [key, second] = method.getParameters();
  if (key === undefined || second !== undefined) return; // two are one too many: see validateHandlers
  const type = key.getType().getNonNullableType();
  if (!type.isString() || key.isRestParameter()) {
    const given = key.getTypeNode()?.getText() ?? key.getType().getText(key);
    report(
      "RVN141",
      `${method.getName()} takes the key of the timer ${timer}, which is a string, not ${given}.`,
      key.getTypeNode() ?? key,
    );
    return;
  }
  if (key.hasQuestionToken() || key.hasInitializer() || key.getType().isNullable()) return;
  for (const call of callsOf(timer, timers, code)) {
    if (call.method !== "set" || call.node.getArguments().length > 1) continue;
    const related = [{ message: "The handler takes the key here.", at: key }];
    report("RVN141", `${timer} is armed without a key, and ${method.getName()} relies on one.`, call.node, { related });
  }
}

function callsOf(
  timer: string,
  timers: readonly PropertyDeclaration[],
  { classes }: RoleCode,
): readonly { readonly node: CallExpression; readonly method: string }[] {
  const found: { readonly node: CallExpression; readonly method: string }[] = [];
  const names = new Set(timers.map((field) => field.getName()));
  for (const owner of classes) {
    walk(owner, (node) => {
      const callee = Node.isCallExpression(node) ? node.getExpression() : undefined;
      if (!Node.isCallExpression(node) || !Node.isPropertyAccessExpression(callee)) return;
      const one = callee.getExpression();
      if (!Node.isPropertyAccessExpression(one) || one.getName() !== timer) return;
      const all = one.getExpression();
      const isOwn =
        Node.isPropertyAccessExpression(all) && Node.isThisExpression(all.getExpression()) && names.has(all.getName());
      if (isOwn) found.push({ node, method: callee.getName() });
    });
  }
  return found;
}

const NOT_DURABLE: ReadonlySet<string> = new Set(["peers", "peer", "self", "component", "journal", "timers"]);

function checkDurable(field: PropertyDeclaration, { report }: Check): void {
  const durable = decoratorOf(field, "Durable");
  const offered = offeredBy(field) ?? "";
  if (durable === undefined || !NOT_DURABLE.has(offered)) return;
  const why =
    offered === "journal"
      ? "a journal is durable by itself"
      : offered === "timers"
        ? "pending timers do not survive a crash: arm them again in @OnRecover"
        : "what the topology says is no state";
  report("RVN143", `${field.getName()} is marked with @Durable and holds ${offered}(): ${why}.`, durable.node);
}

/** Journals are appended to, timers are armed and disarmed; anything else the analysis could not follow. */
function checkUses(field: PropertyDeclaration, { classes }: RoleCode, { report }: Check): void {
  const offered = offeredBy(field);
  if (offered !== "journal" && offered !== "timers") return;
  for (const owner of classes) {
    walk(owner, (node) => {
      if (
        !Node.isPropertyAccessExpression(node) ||
        !Node.isThisExpression(node.getExpression()) ||
        node.getName() !== field.getName()
      )
        return;
      const access = offered === "journal" ? node.getParent() : node.getParent()?.getParent();
      const call = access?.getParent();
      const isUsedPlainly =
        Node.isPropertyAccessExpression(access) &&
        (offered === "journal" || Node.isPropertyAccessExpression(node.getParent())) &&
        Node.isCallExpression(call) &&
        call.getExpression() === access;
      if (isUsedPlainly) return;
      const how =
        offered === "journal"
          ? `this.${field.getName()}.append(record)`
          : `this.${field.getName()}.name.set(milliseconds, key) and .clear(key)`;
      report(
        "RVN142",
        `${field.getName()} is handed on here. It is used as ${how}, so that it can be seen what happens to it.`,
        node,
      );
    });
  }
}
