/**
 * EDN (https://github.com/edn-format/edn), as far as histories need it, read strictly.
 *
 * Keywords and symbols become {@link EdnName}s, lists and vectors arrays, sets {@link EdnSet}s, maps {@link EdnMap}s; integers
 * that a number does not hold become texts of their digits, characters texts. Of a tagged element (`#inst "..."`, or a record as
 * Clojure prints it) only the element is kept.
 */
import { HistoryError } from "./historyError.ts";

export class EdnName {
  /** With its colon, when it is a keyword. */
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export class EdnMap {
  readonly entries: readonly (readonly [Edn, Edn])[];
  constructor(entries: readonly (readonly [Edn, Edn])[]) {
    this.entries = entries;
  }
}

export class EdnSet {
  readonly elements: readonly Edn[];
  constructor(elements: readonly Edn[]) {
    this.elements = elements;
  }
}

export type Edn = null | boolean | number | string | EdnName | EdnMap | EdnSet | readonly Edn[];

/** An element of a file, and the line that it begins in. */
export interface EdnElement {
  readonly value: Edn;
  readonly line: number;
}

/**
 * The elements of a file, one at a time. Those of a list or vector that is all there is in the file are given one by one.
 *
 * @throws HistoryError for what is not EDN.
 */
export function* readEdn(text: string): Generator<EdnElement> {
  const reader = new EdnReader(text);
  const whole = reader.enterSequence();
  for (;;) {
    const element = whole === undefined ? reader.next() : reader.nextWithin(whole);
    if (element === undefined) break;
    yield element;
  }
  const more = whole === undefined ? undefined : reader.next();
  if (more !== undefined) throw new HistoryError("There is more after the list that is the history.", more.line);
}

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const CHARACTERS: Readonly<Record<string, string>> = { newline: "\n", return: "\r", space: " ", tab: "\t" };
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\", '"': '"', b: "\b", f: "\f" };
/** Deeper than any history, and far less deep than the stack. */
const DEEPEST = 200;

class EdnReader {
  private readonly text: string;
  private at = 0;
  private line = 1;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Steps into the list or vector that comes next, if one does, and returns what ends it. */
  enterSequence(): string | undefined {
    this.skip();
    const opening = this.text[this.at];
    if (opening !== "(" && opening !== "[") return undefined;
    this.at += 1;
    return CLOSING[opening];
  }

  next(): EdnElement | undefined {
    this.skip();
    const { line } = this;
    return this.at >= this.text.length ? undefined : { value: this.element(), line };
  }

  nextWithin(closing: string): EdnElement | undefined {
    this.skip();
    const { line } = this;
    if (this.at >= this.text.length) throw this.error(`The file ends before a ${closing}.`);
    if (this.text[this.at] === closing) {
      this.at += 1;
      return undefined;
    }
    return { value: this.element(), line };
  }

  private error(message: string, line = this.line): HistoryError {
    return new HistoryError(message, line);
  }

  /** Whitespace, commas, comments, and elements that are discarded. */
  private skip(): void {
    for (;;) {
      const character = this.text[this.at];
      if (character === "\n") this.line += 1;
      if (character !== undefined && /[\s,]/.test(character)) {
        this.at += 1;
      } else if (character === ";") {
        const end = this.text.indexOf("\n", this.at);
        this.at = end < 0 ? this.text.length : end;
      } else if (character === "#" && this.text[this.at + 1] === "_") {
        this.at += 2;
        this.skip();
        this.element();
      } else {
        return;
      }
    }
  }

  private element(): Edn {
    const character = this.text[this.at];
    switch (character) {
      case undefined:
        throw this.error("The file ends where something is missing.");
      case "(":
      case "[":
        return this.sequence(character);
      case "{":
        return new EdnMap(this.pairs(this.sequence(character)));
      case '"':
        return this.string();
      case "\\":
        return this.character();
      case "#":
        return this.dispatch();
      case ")":
      case "]":
      case "}":
        throw this.error(`There is a ${character} that nothing has opened.`);
      default:
        return this.atom();
    }
  }

  private sequence(opening: string): readonly Edn[] {
    const { line } = this;
    const closing = CLOSING[opening] ?? "";
    if (this.depth >= DEEPEST) throw this.error(`Something is nested more than ${DEEPEST} levels deep.`);
    this.depth += 1;
    this.at += 1;
    const elements: Edn[] = [];
    for (;;) {
      this.skip();
      if (this.at >= this.text.length) throw this.error(`The ${opening} is never closed.`, line);
      if (this.text[this.at] === closing) break;
      elements.push(this.element());
    }
    this.at += 1;
    this.depth -= 1;
    return elements;
  }

  private pairs(elements: readonly Edn[]): readonly (readonly [Edn, Edn])[] {
    if (elements.length % 2 !== 0) throw this.error("A map has a key without a value.");
    return elements.flatMap((key, i) => (i % 2 === 0 ? [[key, elements[i + 1] ?? null] as const] : []));
  }

  private dispatch(): Edn {
    if (this.text[this.at + 1] === "{") {
      this.at += 1;
      return new EdnSet(this.sequence("{"));
    }
    this.at += 1;
    const tag = this.atom();
    if (!(tag instanceof EdnName)) throw this.error("A # is followed by a tag, a set, or an element to discard.");
    this.skip();
    if (this.depth >= DEEPEST) throw this.error(`Something is nested more than ${DEEPEST} levels deep.`);
    this.depth += 1;
    const value = this.element();
    this.depth -= 1;
    return value;
  }

  private string(): string {
    const { line } = this;
    let value = "";
    for (this.at += 1; ; this.at++) {
      const character = this.text[this.at];
      if (character === undefined) throw this.error("The text is never closed.", line);
      if (character === '"') break;
      if (character === "\n") this.line += 1;
      value += character === "\\" ? this.escape() : character;
    }
    this.at += 1;
    return value;
  }

  private escape(): string {
    this.at += 1;
    const character = this.text[this.at] ?? "";
    if (character === "u") {
      const digits = this.text.slice(this.at + 1, this.at + 5);
      if (!/^[\da-fA-F]{4}$/.test(digits)) throw this.error("\\u is followed by four hexadecimal digits.");
      this.at += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const value = ESCAPES[character];
    if (value === undefined) throw this.error(`\\${character} is not known in a text.`);
    return value;
  }

  private character(): string {
    this.at += 1;
    const first = this.text[this.at] ?? "";
    const name = first + (ATOM.test(first) ? this.token(this.at + 1) : "");
    this.at += name.length;
    if (name.length === 1) return name;
    const value = CHARACTERS[name] ?? (/^u[\da-fA-F]{4}$/.test(name) ? hexadecimal(name.slice(1)) : undefined);
    if (value === undefined) throw this.error(`\\${name} is not a character.`);
    return value;
  }

  private token(from: number): string {
    let end = from;
    while (end < this.text.length && ATOM.test(this.text[end] ?? "")) end += 1;
    return this.text.slice(from, end);
  }

  private atom(): Edn {
    const token = this.token(this.at);
    if (token === "") throw this.error(`${JSON.stringify(this.text[this.at] ?? "")} is not known here.`);
    this.at += token.length;
    if (token === "nil") return null;
    if (token === "true") return true;
    if (token === "false") return false;
    if (/^[+-]?\d+N?$/.test(token)) {
      const digits = token.replace(/N$/, "");
      return Number.isSafeInteger(Number(digits)) ? Number(digits) : digits.replace(/^\+/, "");
    }
    if (/^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?M?$/.test(token)) return Number(token.replace(/M$/, ""));
    if (/^[+-]?\d/.test(token)) throw this.error(`${token} is not a number.`);
    if (token === ":") throw this.error("A keyword has a name after its colon.");
    return new EdnName(token);
  }
}

/** What a token is made of. */
const ATOM = /[^\s,()[\]{}"\\;]/;

function hexadecimal(digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16));
}

/** As plain data: names are their texts, sets arrays, maps arrays of pairs. */
export function plainEdn(value: Edn): unknown {
  if (value instanceof EdnName) return value.name;
  if (value instanceof EdnMap) return value.entries.map(([key, one]) => [plainEdn(key), plainEdn(one)]);
  if (value instanceof EdnSet) return value.elements.map(plainEdn);
  if (Array.isArray(value)) return (value as readonly Edn[]).map(plainEdn);
  return value;
}
