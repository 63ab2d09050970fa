/** What is in reach while the body of a handler is made up. */
import type { Column, Statement, Term, Type } from "../protocolTree.ts";
import type { Dice } from "./dice.ts";

/** How careful a role is: what decides whether the rules can accept anything about it. */
export type Mood =
  /** Everything is about one key. */
  | "keyed"
  /** Anything goes: counters, whole collections, several keys. */
  | "loose"
  /** State only grows, and is seen by thresholds. */
  | "growing"
  /** A number that concerns everything, and entries that are compared with it. */
  | "epochs";

export type KeyForm = "column" | "sender" | "hash" | "initial" | "half" | "pair" | "joined" | "tagged";

export interface StateField {
  readonly kind: string;
  readonly name: string;
  readonly form: KeyForm;
  readonly durable: boolean;
}

const CONSTANTS: { readonly [T in Type]: readonly string[] } = {
  string: [`"a"`, `"b"`],
  number: ["0", "1", "2"],
  boolean: ["true", "false"],
  strings: ["[]"],
};

export interface BodyOptions {
  readonly dice: Dice;
  readonly mood: Mood;
  /** What the role keeps most of its state by. */
  readonly key: Column;
  /** What the message brings, by the name of its columns. */
  readonly given: ReadonlyMap<string, Term>;
  readonly sender: Term | undefined;
  /** Statements that answer or pass on, and so may end a handler; none when there is nobody to tell. */
  readonly respond: (body: Body) => readonly Statement[];
  /** Statements with which some of the fields are used. */
  readonly touch: (body: Body) => readonly Statement[];
  /** In helpers that return something nothing may be sent and no path may end early. */
  readonly mayEnd: boolean;
}

export class Body {
  readonly dice: Dice;
  readonly mood: Mood;
  readonly #learnt: Term[] = [];
  readonly #names: Set<string>;

  constructor(
    readonly options: BodyOptions,
    names: Set<string> = new Set<string>(),
  ) {
    this.dice = options.dice;
    this.mood = options.mood;
    this.#names = names;
  }

  /** What is declared in a block is not known after it, but no name is used twice. */
  nested(): Body {
    const inner = new Body(this.options, this.#names);
    inner.#learnt.push(...this.#learnt);
    return inner;
  }

  fresh(hint: string): string {
    for (let i = 1; ; i++) {
      const name = i === 1 ? hint : `${hint}${String(i)}`;
      if (this.#names.has(name)) continue;
      this.#names.add(name);
      return name;
    }
  }

  learn(type: Type, code: string, ...args: Term[]): void {
    this.#learnt.push({ type, code, args });
  }

  /** Anything of the type: what was read, what the message brings, or a constant. */
  value(type: Type): Term {
    const { dice } = this;
    const learnt = this.#learnt.filter((term) => term.type === type);
    const given = [...this.options.given.values()].filter((term) => term.type === type);
    const { sender } = this.options;
    if (learnt.length > 0 && dice.chance(0.45)) return dice.pick(learnt);
    if (type === "string" && sender !== undefined && dice.chance(0.2)) return sender;
    if (given.length > 0 && dice.chance(0.9)) return dice.pick(given);
    if (type === "number" && dice.chance(0.25)) {
      return { type, code: dice.pick(["#0 + #1", "Math.max(#0, #1)"]), args: [this.value(type), this.value(type)] };
    }
    return { type, code: dice.pick(CONSTANTS[type]) };
  }

  /** What an answer says: what was found out, if anything was. */
  finding(type: Type): Term {
    const learnt = this.#learnt.filter((term) => term.type === type);
    return learnt.length > 0 && this.dice.chance(0.8) ? this.dice.pick(learnt) : this.value(type);
  }

  /** The key of a field's entry that this handler is about. */
  key({ form }: StateField): Term {
    const { dice, options } = this;
    const usual = options.given.get(options.key.name) ?? this.value(options.key.type);
    const strays = dice.chance(this.mood === "loose" ? 0.2 : 0.04);
    const base = strays ? this.value(options.key.type) : usual;
    switch (form) {
      case "column":
        return base;
      case "sender":
        return options.sender ?? { type: "string", code: `"nobody"` };
      case "hash":
        return { type: "number", code: "hash(#0)", args: [base] };
      case "initial":
        return { type: "string", code: "initial(#0)", args: [base] };
      case "tagged":
        return { type: "string", code: "tagged(#0)", args: [base] };
      case "half":
        return { type: "number", code: "half(#0)", args: [base] };
      case "pair":
        return { type: "string", code: "`${#0}/${#1}`", args: [base, this.value("number")] };
      case "joined":
        return { type: "string", code: "JSON.stringify([#0, #1])", args: [base, this.value("string")] };
    }
  }

  /** A block with something in it. */
  block(): readonly Statement[] {
    const inner = this.nested();
    const touched = inner.dice.chance(0.4) ? inner.options.touch(inner) : [];
    const said =
      inner.options.mayEnd && (touched.length === 0 || inner.dice.chance(0.8)) ? inner.options.respond(inner) : [];
    return [...touched, ...said];
  }

  /** A block that ends the handler. */
  ending(): readonly Statement[] {
    const inner = this.nested();
    return [...(inner.dice.chance(0.8) ? inner.options.respond(inner) : []), { code: "return;" }];
  }
}
