/** The code that a counterexample speaks of: the author's handlers, and what became of them. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { eachMapping, TraceMap } from "@jridgewell/trace-mapping";
import { coordinationKind } from "../../../runtime/coordination/reservedHandlers.ts";
import type { NodeClass } from "../../../runtime/system.ts";
import type { Activation, SimulatedRun } from "../../../runtime/simulator/index.ts";
import { OUTPUT_FOLDER } from "../../pipeline.ts";
import { findMethod } from "./findMethod.ts";

/** A method, and where it is. */
export interface SourcePlace {
  /** `LeaderCollector.voted` */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
}

/** A handler that somebody has to look at. */
export interface InvolvedHandler {
  /** The activations of it, by their numbers in the diagram. */
  readonly numbers: readonly number[];
  /** As the author wrote it; undefined when it is nowhere in the folder of the protocol. */
  readonly original: SourcePlace | undefined;
  readonly fragments: readonly InvolvedFragment[];
}

export interface InvolvedFragment {
  readonly place: SourcePlace;
  /** The lines of the author that it was made of, in the file of the original handler. */
  readonly from: readonly [first: number, last: number] | undefined;
}

/** @param folder The folder of the protocol. Absolute. */
export function involvedHandlers(
  folder: string,
  involved: ReadonlyMap<number, Activation>,
  run: SimulatedRun,
): readonly InvolvedHandler[] {
  const files = new SourceFolder(folder);
  const groups = new Map<
    string,
    { readonly numbers: number[]; readonly activation: Activation; readonly ran: Ran[] }
  >();
  for (const [number, activation] of [...involved].sort(([a], [b]) => a - b)) {
    const { role } = activation.node;
    const key = `${role}.${activation.handler}`;
    const group = groups.get(key) ?? { numbers: [], activation, ran: [] };
    groups.set(key, group);
    group.numbers.push(number);
    for (const { instance, handler } of activation.fragments) {
      const component = run.deployment.roles.get(role)?.components.find(({ name }) => name === instance.component);
      if (component === undefined || coordinationKind(handler) !== undefined) continue;
      const known = group.ran.some((one) => one.componentClass === component.componentClass && one.handler === handler);
      if (!known) group.ran.push({ componentClass: component.componentClass, handler });
    }
  }
  return [...groups.values()].map(({ numbers, activation, ran }) => {
    const roleClass = run.deployment.roles.get(activation.node.role)?.roleClass;
    const original = roleClass && files.find(files.written, roleClass, activation.handler);
    return { numbers, original, fragments: ran.flatMap((one) => fragmentOf(files, one, original)) };
  });
}

interface Ran {
  readonly componentClass: NodeClass;
  readonly handler: string;
}

function fragmentOf(
  files: SourceFolder,
  { componentClass, handler }: Ran,
  original: SourcePlace | undefined,
): readonly InvolvedFragment[] {
  const place = files.find(files.emitted, componentClass, handler);
  return place === undefined ? [] : [{ place, from: original && files.linesBehind(place, original.file) }];
}

/** The TypeScript of a protocol, by path: what its author wrote, and what was emitted. */
class SourceFolder {
  readonly written: readonly string[];
  readonly emitted: readonly string[];
  readonly #texts = new Map<string, string>();

  constructor(folder: string) {
    const output = join(folder, OUTPUT_FOLDER);
    const all = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => /(?<!\.d)\.ts$/.test(path) && !path.split(sep).includes("node_modules"))
      .map((path) => join(folder, path))
      .sort();
    this.emitted = all.filter((path) => path.startsWith(`${output}${sep}`));
    this.written = all.filter((path) => !path.startsWith(`${output}${sep}`));
  }

  /** A method of a class, or of the class that it inherits the method from. */
  find(files: readonly string[], owner: NodeClass | SourceClass, method: string): SourcePlace | undefined {
    for (const { name } of classesThatHave(owner, method)) {
      for (const file of files) {
        const place = findMethod(this.text(file), name, method);
        if (place !== undefined) return { name: `${name}.${method}`, file, ...place };
      }
    }
    return undefined;
  }

  /** The lines of the author's file that an emitted method was made of, as far as its source map knows. */
  linesBehind({ file, line, endLine }: SourcePlace, original: string): readonly [number, number] | undefined {
    const map = this.text(`${file}.map`);
    if (map === "") return undefined;
    const lines: number[] = [];
    eachMapping(new TraceMap(map), ({ generatedLine, source, originalLine }) => {
      if (generatedLine < line || generatedLine > endLine || source === null) return;
      if (relative(resolve(dirname(file), source), original) === "") lines.push(originalLine);
    });
    return lines.length === 0 ? undefined : [Math.min(...lines), Math.max(...lines)];
  }

  text(file: string): string {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const text = readOrNothing(file);
    this.#texts.set(file, text);
    return text;
  }
}

type SourceClass = abstract new (...args: never[]) => object;

/** Those that declare the method themselves: a class, then those that it extends. */
function classesThatHave(owner: SourceClass, method: string): readonly { readonly name: string }[] {
  const found: { readonly name: string }[] = [];
  let prototype: unknown = owner.prototype;
  while (typeof prototype === "object" && prototype !== null && prototype !== Object.prototype) {
    const { constructor } = prototype;
    if (Object.hasOwn(prototype, method)) found.push({ name: constructor.name });
    prototype = Object.getPrototypeOf(prototype);
  }
  return found;
}

/** A file that is not there any more is a place that is not shown. */
function readOrNothing(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
