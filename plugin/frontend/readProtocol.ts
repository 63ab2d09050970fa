/** From sources to the model: roles, their handlers and state, and what each handler does. */
import { Node, type MethodDeclaration, type ParameterDeclaration, type Type } from "ts-morph";
import type { Field, FieldRole, Handler, HandlerTrigger, Parameter, Protocol, Role, Shape } from "../model/protocol.ts";
import type { Span } from "../model/span.ts";
import { writtenKey, type Cell } from "../model/term.ts";
import type { FieldFacts } from "./lower/fieldFacts.ts";
import { lowerHandler } from "./lower/lowerHandler.ts";
import { typeText } from "./lower/typeText.ts";
import { constructorObstacles, inheritanceObstacles } from "./inheritance.ts";
import { sharedInitialValues } from "./initialValues.ts";
import type { OpenProject } from "./protocolFolder.ts";
import { columnsOf } from "./readColumns.ts";
import {
  everyFieldDeclaration,
  fieldDeclarations,
  readFieldFacts,
  readForgetConditions,
  type FieldDeclaration,
} from "./readFields.ts";
import { closeOverMembers, readMembers } from "./readMembers.ts";
import { readModule } from "./readModules.ts";
import { decoratorOf, rivenDecorators } from "./syntax/decoratorOf.ts";
import { instanceMethods, lineageOf } from "./syntax/lineage.ts";
import { roleDeclarations, type RoleDeclaration } from "./syntax/roleDeclarations.ts";
import { spanOf } from "./syntax/spanOf.ts";

/** Reads every role of a project. What the language forbids is the business of `validateLanguage`. */
export function readProtocol(open: OpenProject): Protocol {
  const declarations = roleDeclarations(open.sources);
  const classes = declarations.flatMap(({ node }) => lineageOf(node).classes);
  const files = new Set([...declarations.map(({ node }) => node), ...classes].map((node) => node.getSourceFile()));
  return {
    roles: declarations.map((declaration) => readRole(declaration, open.root)),
    modules: [...files].map((file) => readModule(file, open.root)),
  };
}

function readRole(declaration: RoleDeclaration, root: string): Role {
  const owner = declaration.node;
  const span = (node: Node): Span => spanOf(node, root);
  const methods = handlerMethods(declaration, root);
  const members = readMembers(owner, new Set(methods.map((m) => m.method.getName())), root);
  const guessed = readFieldFacts(owner);
  const lower = (facts: ReadonlyMap<string, FieldFacts>): Handler[] =>
    methods.map(({ method, trigger }) => readHandler(declaration, method, trigger, facts, members, root));

  // Which fields handlers write is known only after lowering; those that none writes are configuration.
  const facts = declaration.external ? guessed : settle(guessed, lower(guessed));
  const durable = new Set(
    everyFieldDeclaration(owner)
      .filter(isDurable)
      .map((field) => field.getName()),
  );
  return {
    name: declaration.name,
    external: declaration.external,
    exported: owner.isExported(),
    file: span(owner).file,
    span: span(owner),
    nameSpan: span(owner.getNameNode() ?? owner),
    fields: fieldDeclarations(owner).map((field): Field => {
      const known = facts.get(field.getName());
      return {
        name: field.getName(),
        is: known === undefined ? { kind: "configuration" } : fieldRole(known),
        durable: durable.has(field.getName()),
        type: typeText(field.getType(), field),
        span: span(field),
        nameSpan: span(field.getNameNode()),
      };
    }),
    handlers: lower(facts),
    members,
    notUnderstood: [
      ...inheritanceObstacles(owner, span),
      ...constructorObstacles(owner, span),
      ...(declaration.external ? [] : sharedInitialValues(owner, facts, span)),
    ],
  };
}

function isDurable(field: FieldDeclaration): boolean {
  return Node.isPropertyDeclaration(field) && decoratorOf(field, "Durable") !== undefined;
}

function fieldRole(facts: FieldFacts): FieldRole {
  switch (facts.kind) {
    case "state":
      return { kind: "state", shape: facts.shape };
    case "peers":
    case "peer":
      return { kind: facts.kind, role: facts.role };
    case "configuration":
    case "self":
    case "journal":
      return { kind: facts.kind };
    case "timers":
      return facts;
  }
}

function settle(
  guessed: ReadonlyMap<string, FieldFacts>,
  handlers: readonly Handler[],
): ReadonlyMap<string, FieldFacts> {
  if (handlers.some((handler) => handler.body !== undefined && handler.body.notUnderstood.length > 0)) {
    return new Map([...guessed].map(([name, facts]) => [name, anyDepth(facts)]));
  }
  const written = handlers.flatMap((h) => h.body?.effects ?? []).flatMap((e) => (e.kind === "write" ? [e.cell] : []));
  const settled = (name: string, facts: FieldFacts): FieldFacts => {
    const writes = written.filter(({ field }) => field === name);
    if (facts.kind !== "state" || "lattice" in facts.shape) return facts; // a lattice is nothing but state
    return writes.length === 0
      ? { kind: "configuration" }
      : {
          ...facts,
          fixed: fixedContainers(facts.shape, writes),
          depths: new Set(writes.map(({ keys }) => keys.length)),
        };
  };
  return new Map([...guessed].map(([name, facts]) => [name, settled(name, facts)]));
}

/** Who knows what is written. */
function anyDepth(facts: FieldFacts): FieldFacts {
  return facts.kind === "state" ? { ...facts, depths: new Set([Infinity]) } : facts;
}

/** The containers inside of a record that none of these writes replaces. */
function fixedContainers(shape: Shape, writes: readonly Cell[]): ReadonlySet<string> {
  const mayReplace = ({ keys }: Cell, path: readonly string[]): boolean =>
    keys.length <= path.length && keys.every((key, i) => [undefined, path[i]].includes(writtenKey(key)));
  const paths = containerPaths(shape, []).filter((path) => !writes.some((write) => mayReplace(write, path)));
  return new Set(paths.map((path) => path.join(".")));
}

function containerPaths(shape: Shape, path: readonly string[]): readonly (readonly string[])[] {
  if (shape.kind !== "record") return [];
  return Object.entries(shape.fields).flatMap(([name, field]) =>
    field.kind === "scalar" || field.kind === "opaque"
      ? []
      : [[...path, name], ...containerPaths(field, [...path, name])],
  );
}

function handlerMethods(
  declaration: RoleDeclaration,
  root: string,
): readonly { readonly method: MethodDeclaration; readonly trigger: HandlerTrigger }[] {
  const { classes } = lineageOf(declaration.node);
  return [...instanceMethods(declaration.node)].flatMap(([name, method]) => {
    if (declaration.external) {
      const trigger = externalTrigger(method);
      return trigger === undefined ? [] : [{ method, trigger }];
    }
    // What overrides a handler is a handler, marked or not.
    const declared = classes.flatMap((node) => node.getInstanceMethod(name) ?? []);
    const trigger = declared.map((one) => triggerOf(one, method, root)).find((found) => found !== undefined);
    return trigger === undefined ? [] : [{ method, trigger }];
  });
}

function externalTrigger(method: MethodDeclaration): HandlerTrigger | undefined {
  return method.isAbstract() ? { kind: "message", fifo: false } : undefined;
}

/** @param body The method that runs: this one, or the one that overrides it. */
function triggerOf(method: MethodDeclaration, body: MethodDeclaration, root: string): HandlerTrigger | undefined {
  if (decoratorOf(method, "OnStart") !== undefined) return { kind: "start" };
  if (decoratorOf(method, "OnRecover") !== undefined) return { kind: "recover" };
  const after = decoratorOf(method, "After");
  if (after !== undefined) {
    const [timer] = after.arguments;
    const [key] = body.getParameters();
    return {
      kind: "after",
      timer: typeof timer === "string" ? timer : "",
      key: key === undefined ? undefined : parameter(key, root),
    };
  }
  const every = decoratorOf(method, "Every");
  if (every !== undefined) {
    const [milliseconds] = every.arguments;
    return { kind: "every", milliseconds: typeof milliseconds === "number" ? milliseconds : 0 };
  }
  return decoratorOf(method, "On") === undefined
    ? undefined
    : { kind: "message", fifo: decoratorOf(method, "Fifo") !== undefined };
}

function readHandler(
  declaration: RoleDeclaration,
  method: MethodDeclaration,
  trigger: HandlerTrigger,
  facts: ReadonlyMap<string, FieldFacts>,
  members: Role["members"],
  root: string,
): Handler {
  const span = (node: Node): Span => spanOf(node, root);
  const isMessage = trigger.kind === "message";
  const [payload, from] = isMessage ? method.getParameters() : [];
  const senderRoles = from === undefined ? [] : rolesOf(from.getType());
  const own = members.find((member) => member.name === method.getName());
  return {
    role: declaration.name,
    name: method.getName(),
    trigger,
    span: span(method),
    nameSpan: span(method.getNameNode()),
    payload:
      payload === undefined
        ? undefined
        : { ...parameter(payload, root), columns: columnsOf(payload.getType(), payload) },
    from: from === undefined ? undefined : { ...parameter(from, root), roles: senderRoles },
    ...promisesOf(method),
    body: declaration.external
      ? undefined
      : lowerHandler(
          {
            owner: declaration.node,
            method,
            fields: facts,
            forgets: readForgetConditions(declaration.node),
            senderRoles,
            first: isMessage ? "payload" : "timerKey",
            members: closeOverMembers(members, own?.uses ?? []),
          },
          span,
        ),
  };
}

/** What `@Determines` says, literally; what else it may say is refused by the validation. */
function promisesOf(method: MethodDeclaration): Pick<Handler, "determines"> {
  const determines = rivenDecorators(method).flatMap(({ name, arguments: [from, to] }) =>
    name === "Determines" && typeof from === "string" && typeof to === "string" ? [{ from, to }] : [],
  );
  return determines.length === 0 ? {} : { determines };
}

function parameter(node: ParameterDeclaration, root: string): Parameter {
  return {
    name: node.getName(),
    type: node.getTypeNode()?.getText() ?? typeText(node.getType(), node),
    span: spanOf(node, root),
  };
}

/** The roles in `Ref<A | B>`. */
function rolesOf(type: Type): readonly string[] {
  const argument = type.getAliasTypeArguments()[0];
  const refs =
    argument === undefined && type.isUnion()
      ? type.getUnionTypes().flatMap((one) => one.getAliasTypeArguments())
      : [argument];
  return refs
    .flatMap((one) => (one === undefined ? [] : one.isUnion() ? one.getUnionTypes() : [one]))
    .flatMap((one) => one.getSymbol()?.getName() ?? []);
}
