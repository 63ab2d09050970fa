/**
 * Loads TypeScript modules from their texts: nothing is written, nothing stays in a module cache, and thousands of systems can
 * be loaded and forgotten in one process.
 */
import { transformSync } from "@swc/core";
import * as riven from "riven";
import * as runtime from "riven/runtime";

/** @throws Error when a module imports what is not there, or fails while it is evaluated. */
export class ModulesInMemory {
  readonly #files: ReadonlyMap<string, string>;
  readonly #loaded = new Map<string, object>();

  /** By path, with forward slashes: `protocol.ts`, `rewritten/index.ts`. */
  constructor(files: Iterable<readonly [string, string]>) {
    this.#files = new Map(files);
  }

  /** What a module exports; each is evaluated once. */
  load(path: string): object {
    const before = this.#loaded.get(path);
    if (before !== undefined) return before;
    const text = this.#files.get(path);
    if (text === undefined) throw new Error(`There is no module ${path}.`);
    const exported = {};
    this.#loaded.set(path, exported);
    const require = (name: string): object => this.#resolve(path, name);
    // What is evaluated is what the fuzzer has made up, and what the compiler has made of it.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const evaluate = new Function("exports", "require", "__filename", transpile(text)) as (
      exports: object,
      require: (name: string) => object,
      filename: string,
    ) => void;
    evaluate(exported, require, `/fuzzed/${path}`);
    return exported;
  }

  /** The default export of a module. */
  loadDefault(path: string): unknown {
    return "default" in this.load(path) ? (this.load(path) as { readonly default: unknown }).default : undefined;
  }

  #resolve(from: string, name: string): object {
    if (name === "riven") return riven;
    if (name === "riven/runtime") return runtime;
    const url = new URL(name, `memory:///${from}`);
    return this.load(url.pathname.slice(1));
  }
}

const transpiled = new Map<string, string>();

/** Routing tables and protocols come again and again while a protocol is tried with one plan after another. */
function transpile(text: string): string {
  const before = transpiled.get(text);
  if (before !== undefined) return before;
  // Where a system is described does not matter here: it is never executed as a program.
  const { code } = transformSync(text.replaceAll("import.meta.url", `""`), {
    module: { type: "commonjs" },
    jsc: {
      target: "es2022",
      parser: { syntax: "typescript", decorators: true },
      transform: { decoratorVersion: "2022-03" },
    },
  });
  if (transpiled.size > 200) transpiled.clear();
  transpiled.set(text, code);
  return code;
}
