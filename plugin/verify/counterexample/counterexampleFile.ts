/** Counterexamples as files: JSON, small, with a version. */
import type { Choices, Concern, FaultOptions } from "../../../runtime/simulator/index.ts";
import type { Problem, ViolationKind } from "../verdict.ts";
import type { Counterexample } from "./counterexample.ts";
import type { RunSetup } from "./recordedRun.ts";

export interface CounterexampleFile extends Counterexample {
  /** The folder of the protocol, relative to the file, with slashes. */
  readonly protocol: string;
}

const FORMAT = "riven counterexample";
const VERSION = 1;
const CONCERNS: readonly Concern[] = ["schedule", "network", "workload", "faults"];
const KINDS: { readonly [K in ViolationKind]: true } = {
  cycle: true,
  "replay mismatch": true,
  "lost wake-up": true,
  invariant: true,
  durability: true,
  promise: true,
  crash: true,
};

export function printCounterexampleFile({ protocol, setup, choices, problem }: CounterexampleFile): string {
  const { seed, clients, operations, partitions, faults } = setup;
  const { kind, summary, trace } = problem;
  const content = {
    format: FORMAT,
    version: VERSION,
    protocol,
    setup: { seed, clients, operations, partitions: partitions ?? null, faults },
    choices,
    verdict: { kind, summary, trace },
  };
  // A number a line would make choices longer than everything else.
  const text = JSON.stringify(content, undefined, 2).replace(/\[\n[\s\d,]*\]/g, (list) =>
    list.replace(/\s+/g, "").replace(/,/g, ", "),
  );
  return `${text}\n`;
}

/** @throws Error when the text is no counterexample, or one of another version. The message says what is wrong, and where. */
export function parseCounterexampleFile(text: string): CounterexampleFile {
  const file = new Part(parseJson(text), "");
  if (file.at("format").value !== FORMAT) throw new Error(`it has no "format": "${FORMAT}".`);
  const version = file.at("version").value;
  if (version !== VERSION)
    throw new Error(`it has version ${String(version)}, and this Riven reads version ${String(VERSION)}.`);
  return {
    protocol: file.at("protocol").text(),
    setup: parseSetup(file.at("setup")),
    choices: parseChoices(file.at("choices")),
    problem: parseProblem(file.at("verdict")),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseSetup(setup: Part): RunSetup {
  const partitions = setup.at("partitions");
  return {
    seed: setup.at("seed").wholeNumber(0),
    clients: setup.at("clients").wholeNumber(1),
    operations: setup.at("operations").wholeNumber(1),
    partitions: partitions.value === null ? undefined : partitions.wholeNumber(1),
    faults: parseFaults(setup.at("faults")),
  };
}

/** All, none, or those that are named. */
function parseFaults(faults: Part): FaultOptions {
  if (typeof faults.value === "boolean") return faults.value;
  return Object.fromEntries(faults.entries().map(([name, part]) => [name, part.truth()]));
}

function parseChoices(choices: Part): Choices {
  const [schedule, network, workload, faults] = CONCERNS.map((concern) =>
    choices
      .at(concern)
      .items()
      .map((item) => item.wholeNumber(0)),
  );
  return { schedule: schedule ?? [], network: network ?? [], workload: workload ?? [], faults: faults ?? [] };
}

function parseProblem(verdict: Part): Problem {
  const kind = verdict.at("kind");
  const known = (Object.keys(KINDS) as ViolationKind[]).find((one) => one === kind.value);
  if (known === undefined) throw kind.not(`one of ${Object.keys(KINDS).join(", ")}`);
  return {
    kind: known,
    summary: verdict.at("summary").text(),
    trace: verdict
      .at("trace")
      .items()
      .map((item) => item.text()),
  };
}

/** A part of a JSON document, and where in it that is. */
class Part {
  constructor(
    readonly value: unknown,
    readonly path: string,
  ) {}

  at(name: string): Part {
    const path = this.path === "" ? name : `${this.path}.${name}`;
    return new Part(this.#record()[name], path);
  }

  entries(): readonly (readonly [string, Part])[] {
    return Object.keys(this.#record()).map((name) => [name, this.at(name)]);
  }

  items(): readonly Part[] {
    if (!Array.isArray(this.value)) throw this.not("a list");
    return this.value.map((item: unknown, i) => new Part(item, `${this.path}[${String(i)}]`));
  }

  text(): string {
    if (typeof this.value !== "string") throw this.not("text");
    return this.value;
  }

  truth(): boolean {
    if (typeof this.value !== "boolean") throw this.not("true or false");
    return this.value;
  }

  wholeNumber(least: number): number {
    if (typeof this.value !== "number" || !Number.isSafeInteger(this.value) || this.value < least)
      throw this.not(`a whole number, ${String(least)} or more`);
    return this.value;
  }

  not(expected: string): Error {
    return new Error(`${this.path === "" ? "it" : this.path} is not ${expected}.`);
  }

  #record(): { readonly [name: string]: unknown } {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value)) throw this.not("an object");
    return this.value as { readonly [name: string]: unknown };
  }
}
