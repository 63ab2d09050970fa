/**
 * Fuzzing guided by coverage, as AFL does it (M. Zalewski, "Technical whitepaper for afl-fuzz", 2014): strings of bytes
 * that show something new are kept, and changed a little for the next run.
 */
import type { SimulatedRun } from "../run.ts";
import { drawBytes } from "./bytesChooser.ts";
import { pick, streamsOf, type Draw } from "./streams.ts";

export interface FuzzedRun {
  /** What the run has shown, such as {@link edgesOf}. */
  readonly coverage: Iterable<string>;
  readonly isFailure: boolean;
}

export interface FuzzOptions {
  readonly seed: number;
  /** At most. */
  readonly runs: number;
  /** Of the strings that it starts with; 512 unless said. */
  readonly length?: number;
  /** Has to be a function of the bytes. */
  readonly run: (bytes: Uint8Array) => FuzzedRun;
}

export interface Fuzzed {
  /** The first string whose run failed. */
  readonly failing: Uint8Array | undefined;
  readonly runs: number;
  /** The strings that showed something new. */
  readonly corpus: readonly Uint8Array[];
  /** How much has been shown. */
  readonly covered: number;
}

/** One run in so many has a string that nobody has changed from another one. */
const FRESH = 8;

/** Ends with the first run that fails. */
export function fuzz({ seed, runs: most, length = 512, run }: FuzzOptions): Fuzzed {
  const draw = streamsOf(seed).strategy;
  const corpus: Uint8Array[] = [];
  const covered = new Set<string>();
  for (let runs = 1; runs <= most; runs++) {
    const bytes = corpus.length === 0 || draw(FRESH) === 0 ? drawBytes(draw, length) : mutate(draw, corpus);
    const { coverage, isFailure } = run(bytes);
    const before = covered.size;
    for (const feature of coverage) covered.add(feature);
    if (covered.size > before) corpus.push(bytes);
    if (isFailure) return { failing: bytes, runs, corpus, covered: covered.size };
  }
  return { failing: undefined, runs: most, corpus, covered: covered.size };
}

type Mutation = (draw: Draw, bytes: Uint8Array, corpus: readonly Uint8Array[]) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  function overwrite(draw, bytes) {
    const changed = Uint8Array.from(bytes);
    for (let i = draw(8); i >= 0 && bytes.length > 0; i--) changed[draw(bytes.length)] = draw(256);
    return changed;
  },
  function clear(draw, bytes) {
    const from = draw(bytes.length + 1);
    return Uint8Array.from(bytes).fill(0, from, from + 1 + draw(32));
  },
  function splice(draw, bytes, corpus) {
    const other = pick(draw, corpus);
    const at = draw(Math.min(bytes.length, other.length) + 1);
    return Uint8Array.from([...bytes.subarray(0, at), ...other.subarray(at)]);
  },
  function cut(draw, bytes) {
    return bytes.slice(0, draw(bytes.length + 1));
  },
  function lengthen(draw, bytes) {
    return Uint8Array.from([...bytes, ...drawBytes(draw, 1 + draw(64))]);
  },
];

/** Those that were found last have been tried least. */
function mutate(draw: Draw, corpus: readonly Uint8Array[]): Uint8Array {
  const recent = draw(2) === 0 ? corpus.slice(-8) : corpus;
  let bytes = pick(draw, recent);
  for (let i = draw(3); i >= 0; i--) bytes = pick(draw, MUTATIONS)(draw, bytes, corpus);
  return bytes;
}

/** What follows what at one instance: a handler there, and the one that ran there before. */
export function edgesOf({ activations }: SimulatedRun): ReadonlySet<string> {
  const edges = new Set<string>();
  const previous = new Map<number, string>();
  const fragments = activations.flatMap(({ fragments }) => fragments).sort((a, b) => a.at - b.at);
  for (const { instance, handler, accesses, sent } of fragments) {
    const what = `${instance.role}.${instance.component} ${handler} ${String(sent.length)} ${String(accesses.length)}`;
    edges.add(`${previous.get(instance.number) ?? ""} > ${what}`);
    previous.set(instance.number, what);
  }
  return edges;
}
