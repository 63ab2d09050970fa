/** How the operations of the models that come with Riven are written in histories. */
import type { Model } from "../model.ts";
import { counter, type CounterInput, type CounterOutput } from "../models/counter.ts";
import { keyValueMap, type KeyValueInput, type KeyValueOutput } from "../models/keyValueMap.ts";
import { appendOnlyList, logAtMostOnce, type ListInput, type ListOutput } from "../models/list.ts";
import { lock, type LockInput, type LockOutput } from "../models/lock.ts";
import { queue, type QueueInput, type QueueOutput } from "../models/queue.ts";
import { register, type RegisterInput, type RegisterOutput } from "../models/register.ts";
import { set, type SetInput, type SetOutput } from "../models/set.ts";
import { showValue } from "../plainValue.ts";
import type { Dialect, HistoryEvent } from "./events.ts";

export interface DialectOptions {
  /** What a key reads as that has no value; null unless said. */
  readonly absent?: "" | null;
  /** Whether a `cas` that fails has found another value, rather than not happened. */
  readonly failedCasAnswers?: boolean;
}

/** A model, and how its operations are written. */
export interface Spoken<Input, Output> {
  readonly model: Model<unknown, Input, Output>;
  readonly dialect: Dialect<Input, Output>;
}

const keyOf = ({ key }: HistoryEvent): { readonly key?: unknown } => (key === undefined ? {} : { key });

function unknownOperation({ f }: HistoryEvent, known: string): Error {
  return new Error(`This model has no operation ${JSON.stringify(f)}; it has ${known}.`);
}

/** The two values of a `cas`. */
function fromAndTo({ value }: HistoryEvent): readonly [unknown, unknown] {
  if (Array.isArray(value) && value.length === 2) return value as unknown as readonly [unknown, unknown];
  throw new Error(`The value of a cas is [expected, new], not ${showValue(value)}.`);
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  throw new Error(`A value of this model is a text, not ${showValue(value)}.`);
}

function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  throw new Error(`A value of this model is a number, not ${showValue(value)}.`);
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`What is read of this model is a list, not ${showValue(value)}.`);
}

const booleanOr = <Otherwise>(value: unknown, otherwise: Otherwise): boolean | Otherwise =>
  typeof value === "boolean" ? value : otherwise;

function registerDialect({
  failedCasAnswers,
}: DialectOptions): Dialect<RegisterInput<unknown>, RegisterOutput<unknown>> {
  return {
    input: (call) => {
      switch (call.f) {
        case "read":
          return { ...keyOf(call), f: "read" };
        case "write":
          return { ...keyOf(call), f: "write", value: call.value };
        case "cas": {
          const [from, to] = fromAndTo(call);
          return { ...keyOf(call), f: "cas", from, to };
        }
        default:
          throw unknownOperation(call, "read, write and cas");
      }
    },
    output: ({ value }, { f }) => {
      if (f === "read") return value;
      return f === "cas" ? booleanOr(value, true) : undefined;
    },
    failure: ({ f }) => (failedCasAnswers === true && f === "cas" ? false : undefined),
  };
}

function keyValueDialect({ absent = null, failedCasAnswers }: DialectOptions): Dialect<KeyValueInput, KeyValueOutput> {
  return {
    input: (call) => {
      const { key = null } = call;
      if (key === null) throw new Error("An operation on a key-value map has a key.");
      switch (call.f) {
        case "get":
        case "read":
          return { key, f: "get" };
        case "put":
        case "write":
          return { key, f: "put", value: textOf(call.value) };
        case "append":
          return { key, f: "append", value: textOf(call.value) };
        case "delete":
          return { key, f: "delete" };
        case "cas": {
          const [from, to] = fromAndTo(call);
          return { key, f: "cas", from: from === null ? null : textOf(from), to: textOf(to) };
        }
        default:
          throw unknownOperation(call, "get, put, append, delete and cas");
      }
    },
    output: ({ value }, { f }) => {
      if (f === "get") return value === null ? absent : textOf(value);
      return f === "cas" ? booleanOr(value, true) : undefined;
    },
    failure: ({ f }) => (failedCasAnswers === true && f === "cas" ? false : undefined),
  };
}

const setDialect: Dialect<SetInput, SetOutput> = {
  input: (call) => {
    switch (call.f) {
      case "read":
        return { ...keyOf(call), f: "read" };
      case "add":
      case "remove":
      case "contains":
        return { ...keyOf(call), f: call.f, value: call.value };
      default:
        throw unknownOperation(call, "add, remove, contains and read");
    }
  },
  output: ({ value }, { f }) => (f === "read" ? listOf(value) : booleanOr(value, undefined)),
};

const queueDialect: Dialect<QueueInput, QueueOutput> = {
  input: (call) => {
    switch (call.f) {
      case "enqueue":
        return { ...keyOf(call), f: "enqueue", value: call.value };
      case "dequeue":
        return { ...keyOf(call), f: "dequeue" };
      default:
        throw unknownOperation(call, "enqueue and dequeue");
    }
  },
  output: ({ value }, { f }) => (f === "dequeue" ? value : undefined),
};

const counterDialect: Dialect<CounterInput, CounterOutput> = {
  input: (call) => {
    switch (call.f) {
      case "read":
        return { ...keyOf(call), f: "read" };
      case "add":
        return { ...keyOf(call), f: "add", value: numberOf(call.value) };
      default:
        throw unknownOperation(call, "add and read");
    }
  },
  output: ({ value }, { f }) => (f === "read" ? numberOf(value) : undefined),
};

/** The owner is the process, unless the value of the invocation names another. */
const lockDialect: Dialect<LockInput, LockOutput> = {
  input: (call) => {
    if (call.f !== "acquire" && call.f !== "release") throw unknownOperation(call, "acquire and release");
    const { value } = call;
    const owner = typeof value === "string" || typeof value === "number" ? value : call.process;
    return { ...keyOf(call), f: call.f, owner };
  },
  output: ({ value }) => booleanOr(value, true),
};

const listDialect: Dialect<ListInput, ListOutput> = {
  input: (call) => {
    switch (call.f) {
      case "read":
        return { ...keyOf(call), f: "read" };
      case "append":
        return { ...keyOf(call), f: "append", value: call.value };
      default:
        throw unknownOperation(call, "append and read");
    }
  },
  output: ({ value }, { f }) => (f === "read" ? listOf(value) : undefined),
};

/** Forgets the types of a model: from a file come operations of whichever model it is read for. */
function spoken<State, Input, Output>(
  model: Model<State, Input, Output>,
  dialect: Dialect<Input, Output>,
): Spoken<unknown, unknown> {
  return { model, dialect } as Spoken<unknown, unknown>;
}

/** By the names that the command line has for them. */
export const spokenModels: Readonly<Record<string, (options: DialectOptions) => Spoken<unknown, unknown>>> = {
  register: (options) => spoken(register<unknown>(), registerDialect(options)),
  kv: (options) => spoken(keyValueMap(options.absent), keyValueDialect(options)),
  set: () => spoken(set(), setDialect),
  queue: () => spoken(queue(), queueDialect),
  counter: () => spoken(counter(), counterDialect),
  lock: () => spoken(lock(), lockDialect),
  list: () => spoken(appendOnlyList(), listDialect),
  log: () => spoken(logAtMostOnce(), listDialect),
};
