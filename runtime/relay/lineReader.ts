/** Cuts a byte stream into lines of UTF-8, none of which is longer than it may be. */
export interface LineEvents {
  readonly onLine: (line: string) => void;
  /** A line that is none. Reading goes on with the next. */
  readonly onBadLine: (problem: string) => void;
}

const NEWLINE = 0x0a;
const utf8 = new TextDecoder("utf-8", { fatal: true });

export class LineReader {
  readonly #longest: number;
  readonly #events: LineEvents;
  #parts: Uint8Array[] = [];
  #held = 0;
  /** The line under way is too long, and its rest is thrown away. */
  #skipping = false;

  /** @param longest in bytes */
  constructor(longest: number, events: LineEvents) {
    this.#longest = longest;
    this.#events = events;
  }

  push(bytes: Uint8Array): void {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.#hold(bytes.subarray(start, end));
      this.#finish();
      start = end + 1;
    }
    this.#hold(bytes.subarray(start));
  }

  #hold(part: Uint8Array): void {
    if (this.#skipping || part.length === 0) return;
    if (this.#held + part.length <= this.#longest) {
      this.#held += part.length;
      this.#parts.push(part);
      return;
    }
    this.#skipping = true;
    this.#parts = [];
    this.#held = 0;
  }

  #finish(): void {
    const line = Buffer.concat(this.#parts);
    const isTooLong = this.#skipping;
    this.#parts = [];
    this.#held = 0;
    this.#skipping = false;
    if (isTooLong) {
      this.#events.onBadLine(`the line is longer than ${String(this.#longest)} bytes`);
      return;
    }
    let text: string;
    try {
      text = utf8.decode(line);
    } catch {
      this.#events.onBadLine("the line is not UTF-8");
      return;
    }
    if (text.trim() !== "") this.#events.onLine(text);
  }
}
