/**
 * Random protocols, well typed, such as an engineer might write: roles with state, messages that lead to further messages, and
 * clients that use them. Executions end, because every message is numbered and only ever leads to messages with higher numbers.
 */
import type {
  Answer,
  Column,
  Field,
  Handler,
  Helper,
  ProtocolTree,
  Role,
  Statement,
  Term,
  Type,
} from "../protocolTree.ts";
import { lower, printTerm } from "../printProtocol.ts";
import { Body, type Mood, type StateField } from "./body.ts";
import { clientSend, KEYS } from "./clients.ts";
import { Dice } from "./dice.ts";
import type { FieldKind } from "./idioms/fieldKind.ts";
import { FIELD_KINDS } from "./idioms/fieldKinds.ts";
import { WHOLE_USES } from "./idioms/wholeUses.ts";
import { formsFor, keyTypeOf } from "./keyForms.ts";
import { record } from "./record.ts";

/** A role while its handlers are being made up. */
interface RoleDraft {
  readonly name: string;
  readonly nodes: number;
  readonly mood: Mood;
  readonly key: Column;
  readonly fields: readonly StateField[];
  readonly handlers: Handler[];
  readonly helpers: Helper[];
  readonly timers: string[];
  readonly taken: Set<string>;
}

/** A message, before there is anything that handles it. */
interface MessageDraft {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Undefined: it goes to a client. */
  readonly role: RoleDraft | undefined;
  /** Clients may send it. */
  readonly isEntry: boolean;
  readonly senders: Set<string>;
}

const ROLES = ["Desk", "Vault", "Board", "Archive"];
const MESSAGES = ["open", "note", "claim", "raise", "join", "settle", "fetch", "mark", "drop", "offer"];
const ANSWERS = ["done", "told", "seen", "shown"];
const OTHERS: readonly Column[] = [
  { name: "item", type: "string" },
  { name: "label", type: "string" },
  { name: "amount", type: "number" },
  { name: "round", type: "number" },
];
const OP: Column = { name: "op", type: "string" };
const CLIENT: Column = { name: "client", type: "string" };

export function generateProtocol(seed: number): ProtocolTree {
  return new Generator(new Dice(seed)).generate();
}

class Generator {
  readonly #dice: Dice;
  readonly #roles: readonly RoleDraft[];
  /** By number: a message leads to later ones only. */
  readonly #messages: readonly MessageDraft[];

  constructor(dice: Dice) {
    this.#dice = dice;
    const count = dice.weighted([
      [4, 1],
      [5, 2],
      [2, 3],
    ]);
    const key = dice.pick(KEYS);
    this.#roles = ROLES.slice(0, count).map((name) => this.#draftRole(name, dice.chance(0.8) ? key : dice.pick(KEYS)));
    this.#messages = this.#draftMessages();
  }

  generate(): ProtocolTree {
    this.#messages.forEach((message, i) => {
      const { role } = message;
      if (role === undefined) return;
      if (message.isEntry) message.senders.add("Client");
      if (message.senders.size > 0) role.handlers.push(this.#messageHandler(message, role, i));
    });
    for (const role of this.#roles) this.#addTimers(role);
    const answers = this.#messages.flatMap((message, i) =>
      message.role === undefined ? [this.#answer(message, i)] : [],
    );
    const entries = this.#messages.filter(({ isEntry }) => isEntry);
    const requests = entries.map((entry) => this.#request(entry));
    const used = this.#roles.filter(({ handlers }) => handlers.length > 0);
    const simulation = { clients: this.#dice.between(2, 3), operations: this.#dice.between(3, 5), faults: false };
    return { roles: used.map(finishRole), answers, requests, simulation };
  }

  #draftRole(name: string, key: Column): RoleDraft {
    const dice = this.#dice;
    const mood = dice.weighted<Mood>([
      [9, "keyed"],
      [7, "loose"],
      [6, "growing"],
      [4, "epochs"],
    ]);
    const kinds = Array.from({ length: dice.between(1, 4) }, () =>
      dice.weighted(FIELD_KINDS.map((kind) => [kind.weight[mood], kind] as const)),
    );
    if (mood === "epochs") kinds.push(...FIELD_KINDS.filter(({ kind }) => kind === "epoch"));
    const taken = new Set<string>();
    const form = dice.weighted(formsFor(mood, key.type === "number" ? "number" : "string"));
    // All of a role's state survives crashes, as a rule, or none of it.
    const durability = dice.weighted([
      [15, 0],
      [4, 1],
      [1, 0.5],
    ]);
    const fields = kinds.flatMap((kind): StateField[] => {
      const free = kind.names.filter((one) => !taken.has(one));
      if (free.length === 0) return [];
      const field = dice.pick(free);
      taken.add(field);
      const forms = formsFor(mood, key.type === "number" ? "number" : "string");
      const isKept = kind.kind !== "limit" && kind.kind !== "log" && dice.chance(durability);
      const own = dice.chance(0.85) ? form : dice.weighted(forms);
      return [{ kind: kind.kind, name: field, form: own, durable: isKept }];
    });
    const nodes = dice.chance(0.3) ? 2 : 1;
    return { name, nodes, mood, key, fields, handlers: [], helpers: [], timers: [], taken };
  }

  #draftMessages(): readonly MessageDraft[] {
    const dice = this.#dice;
    const count = dice.between(this.#roles.length, this.#roles.length + 4);
    const messages = MESSAGES.slice(0, count).map((name, i): MessageDraft => {
      const role = i === 0 ? this.#roles[0] : dice.pick(this.#roles);
      const isEntry = i === 0 || dice.chance(0.45);
      const key = role?.key ?? OP;
      const extra = dice.some(OTHERS, dice.between(0, 2));
      const stray = dice.chance(0.05) ? [] : [key];
      const second = dice.chance(0.12) ? KEYS.filter((one) => one !== key).slice(0, 1) : [];
      const client = !isEntry || dice.chance(0.3) ? [CLIENT] : [];
      return { name, role, isEntry, senders: new Set(), columns: [OP, ...client, ...stray, ...second, ...extra] };
    });
    const answers = ANSWERS.slice(0, dice.between(1, 4)).map((name): MessageDraft => {
      const types = dice.weighted<readonly Type[]>([
        [1, []],
        [4, ["number"]],
        [4, ["string"]],
        [3, ["string", "number"]],
        [2, ["boolean"]],
        [2, ["strings"]],
        [2, ["number", "boolean"]],
      ]);
      const columns = types.map((type): Column => ({ name: ANSWER_COLUMNS[type], type }));
      return { name, role: undefined, isEntry: false, senders: new Set(), columns: [OP, ...columns] };
    });
    const [done, ...rest] = answers;
    const list = [...messages];
    for (const answer of rest) list.splice(dice.between(1, list.length), 0, answer);
    return done === undefined ? list : [...list, done];
  }

  #messageHandler(message: MessageDraft, role: RoleDraft, number: number): Handler {
    const dice = this.#dice;
    const destructured = dice.chance(0.2);
    const given = new Map(
      message.columns.map(({ name, type }): [string, Term] => [
        name,
        { type, code: destructured ? name : `m.${name}` },
      ]),
    );
    const statements = this.#body(role, given, { type: "string", code: "from.id" }, (body) =>
      this.#respond(body, role, message, number),
    );
    const names = message.columns.map(({ name }) => name);
    const first: readonly Statement[] = destructured ? [{ code: `const { ${names.join(", ")} } = m;` }] : [];
    const trigger = { kind: "message" as const, columns: message.columns, senders: [...message.senders] };
    return { name: message.name, trigger: { ...trigger }, body: [...first, ...statements] };
  }

  #body(
    role: RoleDraft,
    given: ReadonlyMap<string, Term>,
    sender: Term | undefined,
    respond: (body: Body) => readonly Statement[],
  ): readonly Statement[] {
    const dice = this.#dice;
    const isGlobal = dice.chance(0.35);
    const used = dice.some(this.#usable(role, isGlobal), dice.between(1, 2));
    const touch = (body: Body): readonly Statement[] => this.#touch(body, role, used);
    const body = new Body({ dice, mood: role.mood, key: role.key, given, sender, respond, touch, mayEnd: true });
    for (const { name } of role.fields) body.fresh(name);
    const saysFirst = dice.chance(0.1) ? respond(body) : [];
    const touches = [...saysFirst, ...Array.from({ length: dice.between(1, 3) }, () => touch(body)).flat()];
    const responses = saysFirst.length === 0 || dice.chance(0.15) ? respond(body) : [];
    if (dice.chance(0.12)) {
      const inner = body.nested();
      const other = [...touch(inner), ...respond(inner)];
      const condition = dice.chance(0.5)
        ? body.value("boolean")
        : { type: "boolean" as const, code: "#0 > 1", args: [body.value("number")] };
      const isConstant = /^(true|false|\d)/.test(printTerm(condition));
      if (!isConstant)
        return [...touches, { code: "if (#0) {{0}} else {{1}}", args: [condition], blocks: [other, responses] }];
    }
    return [...touches, ...responses];
  }

  /** In a role with epochs, a handler is about the epoch or about an entry, as a rule. */
  #usable(role: RoleDraft, isGlobal: boolean): readonly StateField[] {
    if (role.mood !== "epochs" || this.#dice.chance(0.1)) return role.fields;
    return isGlobal ? role.fields.filter(({ kind }) => kind === "epoch") : role.fields;
  }

  #touch(body: Body, role: RoleDraft, used: readonly StateField[]): readonly Statement[] {
    const { dice } = body;
    const field = dice.pick(used.length > 0 ? used : role.fields);
    const kind = kindOf(field);
    const isWhole = dice.chance(role.mood === "loose" ? 0.12 : role.mood === "epochs" ? 0.08 : 0.02);
    const whole = isWhole ? WHOLE_USES[field.kind] : undefined;
    if (whole !== undefined) return dice.pick(whole)(body, body.key(field), field);
    const calm = role.mood === "growing" && !dice.chance(0.06);
    const uses = kind.uses.filter(({ growing }) => !calm || growing === true);
    const writesEpoch = field.kind === "epoch" && role.mood === "epochs" && used.length > 1;
    const fitting = writesEpoch && !dice.chance(0.08) ? kind.uses.slice(1) : uses.length > 0 ? uses : kind.uses;
    const use = dice.weighted(fitting.map((one) => [one.weight, one.use] as const));
    if (kind.keyed && dice.chance(0.08)) return this.#inHelper(body, role, field, use);
    return use(body, body.key(field), field);
  }

  /** The same in a private method, which takes the key and returns what it has found out. */
  #inHelper(
    body: Body,
    role: RoleDraft,
    field: StateField,
    use: FieldKind["uses"][number]["use"],
  ): readonly Statement[] {
    const key = body.key(field);
    if (key.type !== "string" && key.type !== "number") return [];
    const parameters: readonly Column[] = [
      { name: "at", type: key.type },
      { name: "what", type: "string" },
    ];
    const given = new Map(parameters.map(({ name, type }) => [name, { type, code: name }]));
    const nothing = (): readonly Statement[] => [];
    const inner = new Body({
      ...body.options,
      key: { name: "at", type: key.type },
      given,
      sender: undefined,
      mayEnd: false,
      respond: nothing,
      touch: nothing,
    });
    for (const { name } of role.fields) inner.fresh(name);
    const statements = use(inner, { type: key.type, code: "at" }, field);
    const returns = this.#dice.pick<"number" | "string">(["number", "string"]);
    const result = inner.value(returns);
    const isWorth = statements.length > 0 || printTerm(result).includes("this.");
    if (!isWorth) return use(body, key, field);
    const name = freshIn(role.taken, `keep${field.name.charAt(0).toUpperCase()}${field.name.slice(1)}`);
    role.helpers.push({ name, parameters, returns, body: [...statements, { code: "return #0;", args: [result] }] });
    const local = body.fresh("kept");
    const args = [key, body.value("string")];
    body.learn(returns, local);
    return [{ code: `const ${local} = this.${name}(#0, #1);`, args }];
  }

  /** An answer to the client, or a message to another node; what comes later in the protocol. */
  #respond(body: Body, role: RoleDraft, current: MessageDraft | undefined, number: number): readonly Statement[] {
    const dice = this.#dice;
    const later = this.#messages.slice(number + 1).filter((one) => one.role !== role || dice.chance(0.05));
    const mayReach = (one: MessageDraft): boolean =>
      one.role === undefined || one.columns.includes(CLIENT) || !one.isEntry;
    // What timers lead to has been made up already, with its senders.
    const isKnown = (one: MessageDraft): boolean =>
      current !== undefined || one.role === undefined || one.senders.has(role.name);
    const reachable = later.filter((one) => mayReach(one) && isKnown(one));
    if (reachable.length === 0) return [];
    const answers = reachable.filter((one) => one.role === undefined);
    const inner = reachable.filter((one) => one.role !== undefined);
    const target =
      inner.length > 0 && (answers.length === 0 || dice.chance(0.4)) ? dice.pick(inner) : dice.pick(answers);
    return this.#send(body, role, current, target);
  }

  #send(body: Body, role: RoleDraft, current: MessageDraft | undefined, target: MessageDraft): readonly Statement[] {
    const dice = this.#dice;
    const payload = this.#payload(body, target, current);
    const send = (to: string, ...args: Term[]): Statement => ({
      code: shift(`${to}.${target.name}(#0);`, args.length),
      args: [...args, payload],
    });
    const onlySender = current?.senders.size === 1 ? [...current.senders][0] : undefined;
    if (target.role === undefined) {
      const client = clientOf(body, current);
      if (onlySender === "Client" && dice.chance(0.7)) return [send("from")];
      if (client !== undefined && !dice.chance(0.04)) return [send("this.clients.at(#0)", client)];
      const each = body.fresh("each");
      return [{ code: `for (const ${each} of this.clients) {{0}}`, blocks: [[send(each)]] }];
    }
    target.senders.add(role.name);
    const list = `this.${lower(target.role.name)}s`;
    if (onlySender === target.role.name && dice.chance(0.8)) return [send("from")];
    if (target.role.nodes > 1 && dice.chance(0.25)) {
      const id: Term = {
        type: "string",
        code: `\`${lower(target.role.name)}-\${String((hash(#0) % 2) + 1)}\``,
        args: [body.value("string")],
      };
      return [send(`${list}.at(#0)`, id)];
    }
    const one = body.fresh(lower(target.role.name));
    return [{ code: `for (const ${one} of ${list}) {{0}}`, blocks: [[send(one)]] }];
  }

  #payload(body: Body, target: MessageDraft, current: MessageDraft | undefined): Term {
    const dice = this.#dice;
    const { given } = body.options;
    const columns = target.columns.map(({ name, type }): readonly [string, Term] => {
      const same = given.get(name);
      if (name === "op") return [name, same ?? { type, code: `""` }];
      if (name === "client") return [name, clientOf(body, current) ?? { type, code: `"client-1"` }];
      if (target.role === undefined) return [name, body.finding(type)];
      return [name, same !== undefined && dice.chance(0.85) ? same : body.value(type)];
    });
    const brought = current?.columns.map(({ name }) => name) ?? [];
    const passed = columns.filter(([name, term]) => term === given.get(name));
    const isAll = passed.length === brought.length && brought.every((name) => given.get(name)?.code === `m.${name}`);
    if (isAll && passed.length > 1 && dice.chance(0.4)) {
      const added = columns.filter(([name, term]) => term !== given.get(name));
      if (added.length === 0) return { type: "string", code: "m" };
      return record(["...m"], added);
    }
    return record([], columns);
  }

  #addTimers(role: RoleDraft): void {
    const dice = this.#dice;
    if (dice.chance(0.1)) {
      const body = this.#body(role, new Map(), undefined, (inner) => this.#respond(inner, role, undefined, -1));
      role.handlers.push({ name: freshIn(role.taken, "tick"), trigger: { kind: "every" }, body });
    }
    const armed = role.handlers.find(({ trigger }) => trigger.kind === "message" && trigger.columns.includes(role.key));
    if (role.key.type !== "string" || armed === undefined || !dice.chance(0.1)) return;
    const given = new Map([[role.key.name, { type: "string" as const, code: role.key.name }]]);
    const body = this.#body(role, given, undefined, (inner) => this.#respond(inner, role, undefined, -1));
    role.timers.push("lapse");
    role.handlers.push({
      name: freshIn(role.taken, "lapsed"),
      trigger: { kind: "after", timer: "lapse", key: role.key },
      body,
    });
    const key = armed.body.some(({ code }) => code.startsWith("const {")) ? role.key.name : `m.${role.key.name}`;
    const at = armed.body.findIndex(({ code }) => code.startsWith("const {")) + 1;
    const arm: Statement = { code: "this.timers.lapse.set(1000, #0);", args: [{ type: "string", code: key }] };
    role.handlers[role.handlers.indexOf(armed)] = { ...armed, body: armed.body.toSpliced(at, 0, arm) };
    const other = role.handlers.findIndex(
      (one) => one.name !== armed.name && one.trigger.kind === "message" && one.trigger.columns.includes(role.key),
    );
    const disarming = role.handlers[other];
    if (disarming === undefined || !dice.chance(0.6)) return;
    const isDestructured = disarming.body.some(({ code }) => code.startsWith("const {"));
    const clear: Statement = {
      code: "this.timers.lapse.clear(#0);",
      args: [{ type: "string", code: isDestructured ? role.key.name : `m.${role.key.name}` }],
    };
    role.handlers[other] = { ...disarming, body: disarming.body.toSpliced(isDestructured ? 1 : 0, 0, clear) };
  }

  /** What a client does when it is told something: nothing, or a message that comes later in the protocol. */
  #answer({ name, columns }: MessageDraft, number: number): Answer {
    const dice = this.#dice;
    const next = this.#messages.slice(number + 1).filter(({ isEntry }) => isEntry);
    const entry = next.length > 0 && dice.chance(0.6) ? dice.pick(next) : undefined;
    const completes = entry === undefined || dice.chance(0.3);
    const then =
      entry === undefined ? [] : [clientSend(this.#dice, entry, new Map(columns.map((one) => [one.name, one])))];
    return { name, columns, then, completes };
  }

  #request(entry: MessageDraft): readonly Statement[] {
    return [clientSend(this.#dice, entry, undefined)];
  }
}

const ANSWER_COLUMNS: { readonly [T in Type]: string } = {
  string: "text",
  number: "count",
  boolean: "granted",
  strings: "names",
};

/** Makes the first hole of a text that takes further arguments before it. */
function shift(code: string, by: number): string {
  const last = code.lastIndexOf("#0");
  return by === 0 ? code : `${code.slice(0, last)}#${String(by)}${code.slice(last + 2)}`;
}

function clientOf(body: Body, current: MessageDraft | undefined): Term | undefined {
  const column = body.options.given.get("client");
  if (column !== undefined) return column;
  return current?.isEntry === true ? body.options.sender : undefined;
}

function kindOf(field: StateField): FieldKind {
  const found = FIELD_KINDS.find(({ kind }) => kind === field.kind);
  if (found === undefined) throw new Error(`There is no kind of field ${field.kind}.`);
  return found;
}

function freshIn(taken: Set<string>, wanted: string): string {
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted}${String(i)}`;
  taken.add(name);
  return name;
}

/** With the memberships that it uses. */
function finishRole({ name, nodes, key, fields, handlers, helpers, timers }: RoleDraft): Role {
  const keyType = key.type === "number" ? "number" : "string";
  const state = fields.map((field): Field => {
    const kind = kindOf(field);
    const code = kind.code.replaceAll("KEY", keyTypeOf(field.form, keyType));
    return { name: field.name, code, readonly: kind.readonly, durable: field.durable };
  });
  const text = JSON.stringify(handlers);
  const members = ["Client", ...ROLES].filter((other) => text.includes(`this.${lower(other)}s`));
  const configuration = members.map((other): Field => configured(`${lower(other)}s`, ` = peers(() => ${other})`));
  const clocks = timers.length === 0 ? [] : [configured("timers", ` = timers<"${timers.join(`" | "`)}">()`)];
  return { name, nodes, fields: [...state, ...configuration, ...clocks], handlers, helpers };
}

function configured(name: string, code: string): Field {
  return { name, code, readonly: true, durable: false };
}
