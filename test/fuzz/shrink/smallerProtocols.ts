/** Protocols with one thing less in them. Many do not type-check; who tries them finds out. */
import { lower } from "../printProtocol.ts";
import type { Answer, Handler, ProtocolTree, Role, Statement } from "../protocolTree.ts";
import { smallerStatements, withoutColumn, withoutStatements } from "./smallerTerms.ts";

/** What leaves most out comes first. */
export function* smallerProtocols(tree: ProtocolTree): Generator<ProtocolTree> {
  for (const role of tree.roles) if (tree.roles.length > 1) yield withoutRole(tree, role);
  for (const role of tree.roles) {
    for (const { name } of role.handlers) yield withoutHandler(tree, role, name);
  }
  for (const { name } of tree.answers) if (tree.answers.length > 1) yield withoutAnswer(tree, name);
  for (const i of tree.requests.keys()) {
    if (tree.requests.length > 1) yield { ...tree, requests: tree.requests.toSpliced(i, 1) };
  }
  for (const role of tree.roles) yield* smallerRoles(tree, role);
  for (const answer of tree.answers) yield* smallerAnswers(tree, answer);
  for (const [i, request] of tree.requests.entries()) {
    for (const smaller of smallerStatements(request)) {
      if (smaller.length > 0) yield { ...tree, requests: tree.requests.with(i, smaller) };
    }
  }
  const { clients, operations } = tree.simulation;
  if (clients > 1) yield { ...tree, simulation: { ...tree.simulation, clients: clients - 1 } };
  if (operations > 1) yield { ...tree, simulation: { ...tree.simulation, operations: operations - 1 } };
}

function* smallerRoles(tree: ProtocolTree, role: Role): Generator<ProtocolTree> {
  if (role.nodes > 1) yield withRole(tree, { ...role, nodes: 1 });
  for (const field of role.fields) {
    const fields = role.fields.filter((one) => one !== field);
    yield withRole(
      tree,
      mapBodies({ ...role, fields }, (body) => withoutStatements(body, word(`this.${field.name}`))),
    );
    if (field.durable) yield withRole(tree, { ...role, fields: [...fields, { ...field, durable: false }] });
  }
  for (const helper of role.helpers) {
    const helpers = role.helpers.filter((one) => one !== helper);
    yield withRole(
      tree,
      mapBodies({ ...role, helpers }, (body) => withoutStatements(body, word(`this.${helper.name}`))),
    );
  }
  for (const [i, handler] of role.handlers.entries()) {
    for (const body of smallerStatements(handler.body)) {
      yield withRole(tree, { ...role, handlers: role.handlers.with(i, { ...handler, body }) });
    }
    yield* withoutColumns(tree, role, handler);
  }
  for (const [i, helper] of role.helpers.entries()) {
    for (const body of smallerStatements(helper.body)) {
      yield withRole(tree, { ...role, helpers: role.helpers.with(i, { ...helper, body }) });
    }
  }
}

function* withoutColumns(tree: ProtocolTree, role: Role, handler: Handler): Generator<ProtocolTree> {
  const { trigger, name } = handler;
  if (trigger.kind !== "message") return;
  for (const column of trigger.columns) {
    const columns = trigger.columns.filter((one) => one !== column);
    const handlers = role.handlers.map((one) => (one === handler ? { ...one, trigger: { ...trigger, columns } } : one));
    const message = new RegExp(`\\.${name}\\(`);
    yield mapTree(withRole(tree, { ...role, handlers }), (body) => withoutColumn(body, message, column.name));
  }
}

function* smallerAnswers(tree: ProtocolTree, answer: Answer): Generator<ProtocolTree> {
  const replace = (by: Answer): ProtocolTree => ({
    ...tree,
    answers: tree.answers.map((one) => (one === answer ? by : one)),
  });
  if (answer.then.length > 0) yield replace({ ...answer, then: [] });
  if (!answer.completes) yield replace({ ...answer, completes: true });
  for (const then of smallerStatements(answer.then)) yield replace({ ...answer, then });
  for (const column of answer.columns.filter(({ name }) => name !== "op")) {
    const columns = answer.columns.filter((one) => one !== column);
    const message = new RegExp(`\\.${answer.name}\\(`);
    yield mapTree(replace({ ...answer, columns }), (body) => withoutColumn(body, message, column.name));
  }
}

function withoutRole(tree: ProtocolTree, role: Role): ProtocolTree {
  const list = `${lower(role.name)}s`;
  const left: ProtocolTree = {
    ...tree,
    roles: tree.roles
      .filter((one) => one !== role)
      .map((one) => ({ ...one, fields: one.fields.filter(({ name }) => name !== list) })),
  };
  return withoutEmptyRequests(mapTree(left, (body) => withoutStatements(body, word(`this.${list}`))));
}

function withoutHandler(tree: ProtocolTree, role: Role, name: string): ProtocolTree {
  const handlers = role.handlers.filter((one) => one.name !== name);
  const left = withRole(tree, { ...role, handlers });
  return withoutEmptyRequests(mapTree(left, (body) => withoutStatements(body, word(`\\.${name}\\(`))));
}

function withoutAnswer(tree: ProtocolTree, name: string): ProtocolTree {
  const answers = tree.answers.filter((one) => one.name !== name);
  return mapTree({ ...tree, answers }, (body) => withoutStatements(body, word(`\\.${name}\\(`)));
}

function withoutEmptyRequests(tree: ProtocolTree): ProtocolTree {
  const sends = (statements: readonly Statement[]): boolean =>
    statements.some(({ code, blocks = [] }) => !code.startsWith("for ") || blocks.some(sends));
  return { ...tree, requests: tree.requests.filter(sends) };
}

function word(pattern: string): RegExp {
  return new RegExp(`${pattern}(?!\\w)`);
}

function withRole(tree: ProtocolTree, role: Role): ProtocolTree {
  return { ...tree, roles: tree.roles.map((one) => (one.name === role.name ? role : one)) };
}

type MapBody = (body: readonly Statement[]) => readonly Statement[];

function mapBodies(role: Role, map: MapBody): Role {
  return {
    ...role,
    handlers: role.handlers.map((one) => ({ ...one, body: map(one.body) })),
    helpers: role.helpers.map((one) => ({ ...one, body: map(one.body) })),
  };
}

function mapTree(tree: ProtocolTree, map: MapBody): ProtocolTree {
  return {
    ...tree,
    roles: tree.roles.map((role) => mapBodies(role, map)),
    answers: tree.answers.map((one) => ({ ...one, then: map(one.then) })),
    requests: tree.requests.map(map),
  };
}
