/**
 * What one lowering collects. The only mutable thing in the frontend: it is made for one handler, filled while the
 * handler is executed symbolically, and gone when its `HandlerBody` is made.
 */
import type { ClassDeclaration, Node, ts } from "ts-morph";
import type {
  Access,
  Condition,
  Destination,
  Effect,
  NotUnderstood,
  ThrowSite,
  WriteEffect,
  WriteOperation,
} from "../../model/effect.ts";
import { cellsRead, sameTerm, type Cell, type Term } from "../../model/term.ts";
import type { Span } from "../../model/span.ts";
import { cellAt, readTerm, type Fresh, type Place } from "./values.ts";
import type { FieldFacts } from "./fieldFacts.ts";

/** Marks how much had been collected at some point; see {@link LoweringContext.since}. */
export interface Mark {
  readonly effects: number;
  readonly reads: number;
  readonly throws: number;
  readonly notUnderstood: number;
  readonly changed: number;
  readonly comparisons: number;
}

/** What happened while one expression or statement was executed. */
export interface Happened {
  readonly effects: readonly number[];
  readonly reads: readonly Access[];
  readonly throws: readonly ThrowSite[];
  readonly changed: readonly Fresh[];
  readonly comparisons: readonly Span[];
}

export class LoweringContext {
  private readonly effects: Effect[] = [];
  private readonly reads: Access[] = [];
  private readonly throws: ThrowSite[] = [];
  private readonly notUnderstood: NotUnderstood[] = [];
  private readonly changed: Fresh[] = [];
  private readonly comparisons: Span[] = [];
  private readonly accessOf = new Map<Cell, Access>();
  private readonly sends = new Map<string, number>();
  private guard: readonly Condition[] = [];
  private loops = 0;
  /** How many loops and callbacks are around what is executed. */
  private turns = 0;
  private depth = 0;
  /** Private helpers being executed, to notice recursion, and whose names the handler uses. */
  private readonly calling: string[] = [];
  private readonly recursive = new Set<string>();
  readonly members = new Set<string>();

  constructor(
    readonly owner: ClassDeclaration,
    readonly fields: ReadonlyMap<string, FieldFacts>,
    /** The roles that the sender of the handled message may have; empty when the handler does not name its sender. */
    readonly senderRoles: readonly string[],
    /** The handler's payload parameter, when it is a plain name. */
    readonly payloadSymbol: ts.Symbol | undefined,
    private readonly spanOf: (node: Node) => Span,
  ) {}

  span(node: Node): Span {
    return this.spanOf(node);
  }

  read(place: Place, aspect: Cell["aspect"], node: Node): Term {
    const cell = cellAt(place, aspect);
    const access: Access = { cell, span: this.spanOf(node), after: this.effects.length };
    this.reads.push(access);
    this.accessOf.set(cell, access);
    return readTerm(place, cell);
  }

  write(place: Place, operation: WriteOperation, value: Term | undefined, node: Node): void {
    const terms = [...place.keys, ...(value === undefined ? [] : [value])];
    this.effects.push({
      kind: "write",
      ...this.effectAt(node, terms),
      operation,
      cell: cellAt(place, "value"),
      value,
    });
  }

  /** Deletes an entry, as `@Forget` says. */
  forget(place: Place, node: Node): void {
    this.effects.push({
      kind: "write",
      ...this.effectAt(node, place.keys),
      operation: "delete",
      cell: cellAt(place, "value"),
      value: undefined,
      forgets: true,
    });
  }

  send(to: Destination, roles: readonly string[], message: string, payload: Term | undefined, node: Node): void {
    const name = `${roles.join("|")}.${message}`;
    const ordinal = (this.sends.get(name) ?? 0) + 1;
    this.sends.set(name, ordinal);
    const terms = [...(to.kind === "one" ? [to.id] : []), ...(payload === undefined ? [] : [payload])];
    this.effects.push({
      kind: "send",
      ...this.effectAt(node, terms),
      destination: to,
      roles,
      message,
      ordinal,
      payload,
    });
  }

  append(journal: string, value: Term | undefined, node: Node): void {
    this.effects.push({ kind: "append", ...this.effectAt(node, value === undefined ? [] : [value]), journal, value });
  }

  /** Arms a timer, or disarms it when there are no milliseconds. */
  timer(
    timer: { readonly field: string; readonly timer: string },
    key: Term | undefined,
    milliseconds: Term | undefined,
    node: Node,
  ): void {
    const terms = [key, milliseconds].filter((term) => term !== undefined);
    this.effects.push({
      kind: "timer",
      ...this.effectAt(node, terms),
      operation: milliseconds === undefined ? "clear" : "set",
      field: timer.field,
      timer: timer.timer,
      key,
      milliseconds,
    });
  }

  /** @param unless What has to be there, where that is what it depends on. */
  mayThrow(why: string, node: Node, unless?: Term): void {
    const site = { why, span: this.spanOf(node), guard: this.guard };
    this.throws.push(unless === undefined ? site : { ...site, unless });
  }

  /** Whether an entry is certainly there: this activation has asked for it, or has made it if it was missing. */
  isThere(term: Term): boolean {
    if (term.kind !== "read" || term.cell.aspect !== "value" || this.turns > 0) return false;
    const { cell } = term;
    const own = this.effects.filter(
      (effect): effect is WriteEffect => effect.kind === "write" && effect.cell.field === cell.field,
    );
    const isRemoved = own.some(
      (effect) => REMOVING.has(effect.operation) || effect.cell.keys.length < cell.keys.length,
    );
    if (isRemoved) return false;
    const isMade = own.some(
      (effect) =>
        (effect.operation === "set" || effect.operation === "putIfAbsent") &&
        isSameEntry(effect.cell, cell) &&
        effect.guard.every(
          (condition) => this.guard.includes(condition) || asksFor(condition, cell, effect.cell) === "absent",
        ),
    );
    return isMade || this.guard.some((condition) => asksFor(condition, cell, cell) === "present");
  }

  /** Records that an object which this activation made is changed, in the state or not. */
  change(object: Fresh): void {
    this.changed.push(object);
    object.sortedBy = undefined;
  }

  /** The conditions under which something happens to an object now, beside those under which it was made. */
  conditionsSince({ since }: Fresh): readonly Term[] {
    const added = this.guard.filter((condition) => !since.includes(condition));
    return added.map(({ term, negated }) =>
      negated ? { kind: "pure", name: "!", args: [term], injective: false } : term,
    );
  }

  /** Records that objects are compared by identity. */
  compare(node: Node): void {
    this.comparisons.push(this.spanOf(node));
  }

  /** Records that a construct is not followed, and gives the term of its value. */
  giveUp(why: string, node: Node): Term {
    const span = this.spanOf(node);
    this.notUnderstood.push({ why, span });
    return { kind: "unknown", why, span };
  }

  /** Runs `body` under one more condition. */
  under<T>(condition: Condition, body: () => T): T {
    const before = this.guard;
    this.guard = [...before, condition];
    try {
      return body();
    } finally {
      this.guard = before;
    }
  }

  /** What stands after a conditional exit happens only when the exit did not. */
  addGuard(condition: Condition): void {
    this.guard = [...this.guard, condition];
  }

  currentGuard(): readonly Condition[] {
    return this.guard;
  }

  /** Runs `body` and comes back to the guard of before: exits inside do not concern what follows. */
  scoped<T>(body: () => T): T {
    const before = this.guard;
    try {
      return body();
    } finally {
      this.guard = before;
    }
  }

  nextLoop(): number {
    return this.loops++;
  }

  /** Runs `body` as one of any number of turns. */
  inTurn<T>(body: () => T): T {
    this.turns += 1;
    try {
      return body();
    } finally {
      this.turns -= 1;
    }
  }

  /** Whether what is executed now happens in every activation, and once. */
  isOnStraightLine(): boolean {
    return this.guard.length === 0 && this.turns === 0;
  }

  /** Enters a helper or callback; false when it is being executed already, or too deep to follow. */
  enter(name: string): boolean {
    if (this.calling.includes(name) || this.depth > 24) return false;
    this.calling.push(name);
    this.depth += 1;
    return true;
  }

  /** Whether a function that is being executed is called again: it need not be followed once more, if it may. */
  recurs(name: string): boolean {
    const recurs = this.calling.includes(name);
    if (recurs) this.recursive.add(name);
    return recurs;
  }

  /** Whether a function has been seen to call itself. */
  isRecursive(name: string): boolean {
    return this.recursive.has(name);
  }

  leave(): void {
    this.calling.pop();
    this.depth -= 1;
  }

  mark(): Mark {
    return {
      effects: this.effects.length,
      reads: this.reads.length,
      throws: this.throws.length,
      notUnderstood: this.notUnderstood.length,
      changed: this.changed.length,
      comparisons: this.comparisons.length,
    };
  }

  since(mark: Mark): Happened {
    return {
      effects: this.effects.slice(mark.effects).map((effect) => effect.id),
      reads: this.reads.slice(mark.reads),
      throws: this.throws.slice(mark.throws),
      changed: this.changed.slice(mark.changed),
      comparisons: this.comparisons.slice(mark.comparisons),
    };
  }

  /** Forgets what was collected since the mark, for a pass that only finds out about values. */
  rewind(mark: Mark): void {
    for (const effect of this.effects.slice(mark.effects)) {
      if (effect.kind !== "send") continue;
      const name = `${effect.roles.join("|")}.${effect.message}`;
      this.sends.set(name, (this.sends.get(name) ?? 1) - 1);
    }
    this.effects.length = mark.effects;
    this.reads.length = mark.reads;
    this.throws.length = mark.throws;
    this.notUnderstood.length = mark.notUnderstood;
    this.changed.length = mark.changed;
    this.comparisons.length = mark.comparisons;
  }

  collected(): {
    readonly effects: readonly Effect[];
    readonly reads: readonly Access[];
    readonly throws: readonly ThrowSite[];
    readonly notUnderstood: readonly NotUnderstood[];
  } {
    return { effects: this.effects, reads: this.reads, throws: this.throws, notUnderstood: this.notUnderstood };
  }

  private effectAt(node: Node, terms: readonly Term[]): Pick<Effect, "id" | "span" | "guard" | "reads"> {
    return {
      id: this.effects.length,
      span: this.spanOf(node),
      guard: this.guard,
      reads: this.accessesOf([...terms, ...this.guard.map((c) => c.term)]),
    };
  }

  private accessesOf(terms: readonly Term[]): readonly Access[] {
    const found = new Set<Access>();
    for (const cell of terms.flatMap(cellsRead)) {
      const access = this.accessOf.get(cell);
      if (access !== undefined) found.add(access);
    }
    return [...found];
  }
}

const REMOVING: ReadonlySet<WriteOperation> = new Set(["delete", "clear"]);

function isSameEntry(a: Cell, b: Cell): boolean {
  return a.keys.length === b.keys.length && a.keys.every((key, i) => sameTerm(key, b.keys[i] as Term));
}

/** What a condition says of an entry, when it holds. */
function asksFor(
  { term, negated }: Pick<Condition, "term" | "negated">,
  ...cells: readonly Cell[]
): "present" | "absent" | undefined {
  const [first, second] = term.kind === "pure" ? term.args : [];
  const again = (inner: Term, isOpposite: boolean): ReturnType<typeof asksFor> =>
    asksFor({ term: inner, negated: negated !== isOpposite }, ...cells);
  if (term.kind === "pure" && term.name === "!" && first !== undefined) return again(first, true);
  const isUndefined = second?.kind === "literal" && second.value === undefined;
  if (term.kind === "pure" && isUndefined && first?.kind === "read" && first.cell.aspect === "value") {
    const has: Term = { kind: "read", cell: { ...first.cell, aspect: "has" } };
    return term.name === "===" || term.name === "!==" ? again(has, term.name === "===") : undefined;
  }
  if (term.kind !== "read" || term.cell.aspect !== "has") return undefined;
  const asked = term.cell;
  const isIt = cells.every((cell) => asked.field === cell.field && isSameEntry(asked, cell));
  return isIt ? (negated ? "absent" : "present") : undefined;
}
