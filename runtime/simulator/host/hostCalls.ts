/**
 * Keeps clocks, timers, chance, files and networks of the host away from simulated code: a run must be a function of its
 * seed, and a handler a function of its inputs.
 */
import { syncBuiltinESMExports } from "node:module";
import { hostFunctions, type HostFunction } from "./hostTraps.ts";

/** Code of a protocol called something that gives another answer each time, or is seen from outside. */
export class HostCallError extends Error {
  override readonly name = "HostCallError";

  constructor(readonly call: string) {
    super(`${call} was called by a handler. Handlers are deterministic: time and chance reach them as inputs.`);
  }
}

/**
 * What a trap does. While nothing is simulated it lets through: what the host loads for itself in between may have taken a
 * trap for the function.
 */
let refuse: ((call: string) => never) | undefined;
let areInstalled = false;

/**
 * Runs `simulation`, in which every such call throws.
 *
 * @throws HostCallError also when the handler caught it, for its result depends on the call all the same.
 */
export function withoutHostCalls<T>(simulation: () => T): T {
  return withHostTraps(() => {
    let trapped: HostCallError | undefined;
    const before = refuse;
    refuse = (call) => {
      trapped ??= new HostCallError(call);
      throw trapped;
    };
    let result: T;
    try {
      result = simulation();
    } finally {
      refuse = before;
    }
    if (trapped !== undefined) throw trapped;
    return result;
  });
}

/**
 * Runs `work` with the traps in place, which takes a while. They let everything through but in {@link withoutHostCalls},
 * which is to be called many times there.
 */
export function withHostTraps<T>(work: () => T): T {
  if (areInstalled) return work();
  const restore = install();
  areInstalled = true;
  try {
    return work();
  } finally {
    areInstalled = false;
    restore();
  }
}

interface Trap {
  readonly holder: object;
  readonly name: string;
  readonly descriptor: PropertyDescriptor;
}

function install(): () => void {
  // What the console writes to takes what it needs of the host when it is looked at for the first time.
  for (const stream of ["stdout", "stderr"] as const) Reflect.get(process, stream);
  const traps = createTraps();
  const before = traps.map(({ holder, name }) => Object.getOwnPropertyDescriptor(holder, name));
  for (const { holder, name, descriptor } of traps) Object.defineProperty(holder, name, descriptor);
  syncBuiltinESMExports();
  return () => {
    traps.forEach(({ holder, name }, index) => {
      const descriptor = before[index];
      if (descriptor === undefined) Reflect.deleteProperty(holder, name);
      else Object.defineProperty(holder, name, descriptor);
    });
    syncBuiltinESMExports();
  };
}

let functions: readonly HostFunction[] | undefined;
/** By what they stand for: most of what is replaced is the same each time. */
const made = new WeakMap<object, PropertyDescriptor>();

function createTraps(): readonly Trap[] {
  functions ??= hostFunctions();
  const traps = functions.map(({ holder, name, call }) => {
    const original = Reflect.get(holder, name) as HostCode;
    const descriptor = made.get(original) ?? constant(trapFunction(original, call));
    made.set(original, descriptor);
    return { holder, name, descriptor };
  });
  return [...traps, { holder: globalThis, name: "Date", descriptor: constant(trapDate()) }, ...trapFormats()];
}

type HostCode = (this: unknown, ...args: unknown[]) => unknown;

function constant(value: unknown): PropertyDescriptor {
  return { value, configurable: true, writable: true };
}

function trapFunction(original: HostCode, call: string): HostCode {
  return new Proxy(original, {
    apply: (target, self, args: unknown[]): unknown =>
      refuse === undefined ? Reflect.apply(target, self, args) : refuse(call),
    construct: (target, args: unknown[], newTarget): object =>
      refuse === undefined ? (Reflect.construct(target, args, newTarget) as object) : refuse(call),
  });
}

function trapDate(): DateConstructor {
  return new Proxy(Date, {
    apply: (target, self, args: unknown[]): unknown =>
      refuse === undefined ? Reflect.apply(target, self, args) : refuse("Date()"),
    construct: (target, args: unknown[], newTarget): object =>
      refuse !== undefined && args.length === 0
        ? refuse("new Date()")
        : (Reflect.construct(target, args, newTarget) as object),
  });
}

type Format = (this: Intl.DateTimeFormat, date?: Date | number) => unknown;

/** Where no date is given they take the clock's. */
function trapFormats(): Trap[] {
  const holder = Intl.DateTimeFormat.prototype;
  const formatToParts = Reflect.get(holder, "formatToParts") as Format;
  const getFormat = Reflect.get(Object.getOwnPropertyDescriptor(holder, "format") ?? {}, "get") as (
    this: Intl.DateTimeFormat,
  ) => Format;
  const trapped = (format: Format, name: string): Format =>
    function (date) {
      if (refuse !== undefined && date === undefined) return refuse(`Intl.DateTimeFormat.${name}()`);
      return format.call(this, date);
    };
  const get = function (this: Intl.DateTimeFormat): Format {
    return trapped(getFormat.call(this), "format").bind(this);
  };
  return [
    { holder, name: "format", descriptor: { get, configurable: true } },
    { holder, name: "formatToParts", descriptor: constant(trapped(formatToParts, "formatToParts")) },
  ];
}
