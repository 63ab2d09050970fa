/** Random handler bodies, written as people write them: joins, thresholds and marks, right ones and slightly wrong ones. */
import fc from "fast-check";

export interface Program {
  /** Statements of each handler; they are valid as JavaScript too. */
  readonly handlers: readonly string[];
  /** Whether each arrives as a forward that may be repeated. */
  readonly forwarded: readonly boolean[];
}

export const FIELDS: { readonly [name: string]: { readonly type: string; readonly initial: string } } = {
  votes: { type: "Map<string, Set<string>>", initial: "new Map()" },
  done: { type: "Set<string>", initial: "new Set()" },
  over: { type: "Set<string>", initial: "new Set()" },
  ready: { type: "Set<string>", initial: "new Set()" },
  seen: { type: "Set<string>", initial: "new Set()" },
  high: { type: "number", initial: "0" },
  highs: { type: "Map<string, number>", initial: "new Map()" },
  entries: { type: "Map<string, { votes: Set<string>; open: boolean }>", initial: "new Map()" },
  names: { type: "Map<string, string>", initial: "new Map()" },
  count: { type: "number", initial: "0" },
};

const often = <T>(weight: number, ...values: readonly T[]): fc.WeightedArbitrary<T> => ({
  weight,
  arbitrary: fc.constantFrom(...values),
});

const growth = fc.oneof(
  often(
    6,
    "{ const v = this.votes.get(m.id) ?? new Set(); this.votes.set(m.id, v.add(from.id)); }",
    "let v = this.votes.get(m.id); if (!v) { v = new Set(); this.votes.set(m.id, v); } v.add(from.id);",
    "if (!this.votes.has(m.id)) this.votes.set(m.id, new Set()); this.votes.get(m.id)?.add(from.id);",
    "this.ready.add(m.id);",
    "this.seen.add(from.id);",
    "if (m.n > this.high) this.high = m.n;",
    "if (m.n > (this.highs.get(m.id) ?? 0)) this.highs.set(m.id, m.n);",
    "const e = this.entries.get(m.id) ?? { votes: new Set(), open: true }; this.entries.set(m.id, e); e.votes.add(from.id);",
    "if (!this.names.has(m.id)) this.names.set(m.id, m.id);",
  ),
  often(
    1,
    "this.votes.get(m.id)?.add(from.id);",
    "if (!this.votes.has(m.id)) this.votes.set(m.id, new Set([from.id]));",
    "if (m.n >= this.high) { this.high = m.n; this.names.set('high', m.id); }",
    "this.count += 1;",
    "this.names.set(m.id, m.client);",
    "if (!this.names.has(m.id)) this.names.set(m.id, m.client);",
    "this.ready.add(m.client);",
    "this.ready.delete(m.id);",
    "const k = this.entries.get(m.id); if (k) k.open = false;",
    "if (this.ready.has(m.id)) this.seen.add(from.id);",
    "if (this.ready.has(m.id)) this.over.add(m.id);",
  ),
);

const condition = fc.oneof(
  often(
    8,
    "(this.votes.get(m.id)?.size ?? 0) >= 2",
    "this.ready.has(m.id)",
    "this.ready.size >= 2",
    "this.seen.size > 1",
    "this.high >= 2",
    "this.ids.every((p) => this.votes.get(m.id)?.has(p))",
    "(this.entries.get(m.id)?.votes.size ?? 0) >= 2",
    "this.names.has(m.id)",
    "(this.ready.has(m.id) || this.over.has(m.id))",
  ),
  often(
    2,
    "m.n > 1",
    "this.votes.get(m.id)?.size === 2",
    "(this.votes.get(m.id)?.size ?? 0) < 2",
    "!this.ready.has(m.id)",
    "!this.over.has(m.id)",
    "m.n >= this.high",
    "this.high >= m.n",
    "(this.highs.get(m.id) ?? 0) >= 1",
    "this.entries.get(m.id)?.open",
    "this.seen.has(m.client)",
    "this.count >= 2",
    "this.ready.has(m.client)",
    "this.seen.size !== 2",
  ),
);

const key = fc.oneof(often(6, "m.id"), often(1, "m.client", "from.id", "'all'"));
const value = fc.oneof(
  often(6, "m.id", "m.id + '!'", "'x'"),
  often(1, "m.client", "from.id", "String(this.ready.size)", "this.names.get(m.id)"),
);
const destination = fc.oneof(often(6, "this.only"), often(1, "from", "this.others.at(m.client)"));
const conditions = fc.array(condition, { maxLength: 2 });

const once = fc
  .tuple(
    conditions,
    key,
    value,
    destination,
    fc.constantFrom("done", "done", "done", "over"),
    fc.constantFrom(0, 1, 2, 3),
  )
  .map(([tests, k, payload, to, mark, style]) => {
    const send = `${to}.take({ id: ${payload} });`;
    const all = tests.length === 0 ? "true" : tests.join(" && ");
    switch (style) {
      case 0:
        return `if (${[...tests, `!this.${mark}.has(${k})`].join(" && ")}) { this.${mark}.add(${k}); ${send} }`;
      case 1:
        return `if (!(${all}) || this.${mark}.has(${k})) return; ${send} this.${mark}.add(${k});`;
      case 2:
        return `if (this.${mark}.has(${k})) return; if (${all}) { this.${mark}.add(${k}); ${send} this.votes.delete(m.id); }`;
      default:
        return `const f = this.entries.get(m.id); if (f && f.open && f.votes.size >= 2) { f.open = false; ${send} }`;
    }
  });

const careless = fc
  .tuple(conditions, value, destination)
  .map(([tests, payload, to]) => `if (${["true", ...tests].join(" && ")}) { ${to}.take({ id: ${payload} }); }`);

const returning = condition.map((test) => `if (!(${test})) return;`);
const stopping = fc.constantFrom(
  "if (this.done.has(m.id)) return;",
  "if (this.over.has(m.id)) return;",
  "if (this.seen.has(from.id)) return; this.seen.add(from.id);",
);

const statement = fc.oneof(
  { weight: 8, arbitrary: growth },
  { weight: 7, arbitrary: once },
  { weight: 1, arbitrary: careless },
  { weight: 1, arbitrary: returning },
  { weight: 1, arbitrary: stopping },
);

/** A body in which each statement has names of its own. */
const body = fc
  .array(statement, { minLength: 1, maxLength: 3 })
  .map((statements) => statements.map((one, i) => one.replace(/\b(v|e|f|k)\b(?!')/g, `$1${String(i)}`)).join("\n"));

const different = fc.array(body, { minLength: 1, maxLength: 2 });
/** Handlers that grow different things and end with the same. */
const alike = fc
  .tuple(fc.array(growth, { minLength: 2, maxLength: 3 }), once)
  .map(([ways, last]) =>
    ways.map((way) => `${way.replace(/\b(v|e|f|k)\b(?!')/g, "$10")}\n${last.replace(/\b(v|e|f|k)\b(?!')/g, "$11")}`),
  );

export const programs: fc.Arbitrary<Program> = fc
  .oneof({ weight: 2, arbitrary: different }, { weight: 1, arbitrary: alike })
  .chain((handlers) =>
    fc.record({
      handlers: fc.constant(handlers),
      forwarded: fc.array(fc.boolean(), { minLength: handlers.length, maxLength: handlers.length }),
    }),
  );

/** The class of a program, as TypeScript. */
export function classOf({ handlers }: Program, name: string): string {
  const fields = Object.entries(FIELDS).map(([field, { type, initial }]) => `private ${field}: ${type} = ${initial};`);
  const methods = handlers.map(
    (text, i) => `@On() h${String(i)}(m: { id: string; client: string; n: number }, from: Ref<Other>) { ${text} }`,
  );
  return `@Role()\nexport class ${name} {
  private readonly others = peers(() => Other);
  private readonly only = peer(() => Other);
  private get ids() { return this.others.ids; }
  ${fields.join("\n  ")}
  ${methods.join("\n  ")}
}\n`;
}
