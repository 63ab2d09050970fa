/** Small builders for model values, for tests that need no source text. Every expression gets a place of its own. */
import type { Access, Effect, HandlerBody, Region, WriteOperation } from "../../plugin/model/effect.ts";
import type { Column, Field, Handler, HandlerTrigger, Protocol, Role, Shape } from "../../plugin/model/protocol.ts";
import type { Span } from "../../plugin/model/span.ts";
import type { Aspect, Cell, Term } from "../../plugin/model/term.ts";

let places = 0;

/** A place that no other value has. */
export function somewhere(): Span {
  places += 1;
  const start = places * 10;
  return { file: "protocol.ts", start, end: start + 9, line: places, column: 1, endLine: places, endColumn: 10 };
}

export function column(...path: readonly string[]): Term {
  return { kind: "payload", path };
}

export const sender: Term = { kind: "sender" };

export function cell(field: string, keys: readonly Term[], aspect: Aspect = "value"): Cell {
  return { field, keys, aspect };
}

export function read(field: string, ...keys: readonly Term[]): Access {
  return { cell: cell(field, keys), span: somewhere() };
}

export interface Write {
  readonly operation: WriteOperation;
  readonly cell: Cell;
}

export function write(field: string, ...keys: readonly Term[]): Write {
  return { operation: "set", cell: cell(field, keys) };
}

export interface HandlerSketch {
  readonly reads?: readonly Access[];
  readonly writes?: readonly Write[];
  /** Columns of the message, all of them required strings unless given whole. */
  readonly columns?: readonly (string | Column)[];
  readonly trigger?: HandlerTrigger;
  readonly notUnderstood?: string;
}

export function handler(name: string, sketch: HandlerSketch): Handler {
  const trigger = sketch.trigger ?? { kind: "message", fifo: false };
  const columns = (sketch.columns ?? []).map((one) =>
    typeof one === "string" ? { path: [one], type: "string", keyable: true, optional: false } : one,
  );
  const isMessage = trigger.kind === "message";
  return {
    role: "Node",
    name,
    trigger,
    span: somewhere(),
    nameSpan: somewhere(),
    payload: isMessage ? { name: "m", type: "Message", span: somewhere(), columns } : undefined,
    from: isMessage ? { name: "from", type: "Ref<Client>", span: somewhere(), roles: ["Client"] } : undefined,
    body: body(sketch),
  };
}

function body({ reads = [], writes = [], notUnderstood }: HandlerSketch): HandlerBody {
  const effects = writes.map(({ operation, cell: written }, id): Effect => ({
    kind: "write",
    id,
    span: somewhere(),
    guard: [],
    reads: [],
    operation,
    cell: written,
    value: undefined,
  }));
  return {
    effects,
    reads,
    notUnderstood: notUnderstood === undefined ? [] : [{ why: notUnderstood, span: somewhere() }],
    throws: [],
    root: region(
      "block",
      effects.map(({ id }) => id),
    ),
    members: [...new Set([...reads.map((access) => access.cell.field), ...writes.map((one) => one.cell.field)])],
  };
}

export function region(kind: Region["kind"], effects: readonly number[], more: Partial<Region> = {}): Region {
  return {
    kind,
    span: somewhere(),
    helper: undefined,
    effects,
    children: [],
    declares: [],
    uses: [],
    operands: [],
    exits: false,
    assigns: [],
    changes: [],
    comparisons: [],
    ...more,
  };
}

/** A field of nested maps from strings to strings, as deep as `depth` keys. */
export function mapField(name: string, depth: number): Field {
  let shape: Shape = { kind: "scalar" };
  let type = "number";
  for (let i = 0; i < depth; i += 1) {
    shape = { kind: "map", value: shape };
    type = `Map<string, ${type}>`;
  }
  return { name, is: { kind: "state", shape }, durable: false, type, span: somewhere(), nameSpan: somewhere() };
}

export function role(fields: readonly Field[], handlers: readonly Handler[]): Role {
  return {
    name: "Node",
    external: false,
    exported: true,
    file: "protocol.ts",
    span: somewhere(),
    nameSpan: somewhere(),
    fields,
    handlers,
    members: [],
    notUnderstood: [],
  };
}

export function protocolOf(...roles: readonly Role[]): Protocol {
  return { roles, modules: [] };
}
