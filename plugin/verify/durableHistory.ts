/**
 * The durability of a run, judged by what the original writes down and reads in the replay: the rewritten system may
 * have forgotten to write something down, or do so elsewhere, or too late.
 *
 * 1. No message of an activation leaves, from any component, before all that the activation wrote down, in the original,
 *    and all that it read of what others wrote down, is on stable storage in the rewritten system. The same holds for the
 *    records of activations whose changes to volatile state it met, or met something of that by way of others: a crash that
 *    takes such a record takes what followed from it. What leaves earlier is wrong even when no crash happens to follow:
 *    the run that goes on with one is also a run of that system.
 *    What all partitions of a component do is done once their coordinator has written down that it happens, for it is said
 *    again after a crash. Then each partition answers for what itself has read: what others had read and lost nobody has met,
 *    and they read anew. For the same reason nobody follows, by way of what all of them did, what one of them had read.
 * 2. A crash of the node loses, or keeps, all that an activation wrote down. The original has one log, of which a crash
 *    leaves the beginning. In the order of the replay, those whose records were lost come after those whose records
 *    survived; where that order contradicts the others there is no such run of the original, and this is a cycle.
 * 3. Journals hold the same in the end: every activation appended the same records, unless a crash cut it short before it
 *    wrote anything down. Then the same crash takes what the original wrote.
 */
import type { DeployedNode } from "../../runtime/routing/address.ts";
import {
  changesOf,
  nameOfTimer,
  type Activation,
  type Cell,
  type Fragment,
  type PendingTimer,
  type Step,
} from "../../runtime/simulator/index.ts";
import { decodePayload } from "../../runtime/codec/payloadDecoder.ts";
import type { Deployment } from "../../runtime/deployment.ts";
import { printPayload } from "./printPayload.ts";
import { isCoordinator, ownFragments, replicationOf } from "./replication.ts";

/** What the original wrote down for an activation. */
interface Written {
  readonly fields: ReadonlySet<string>;
  readonly journals: boolean;
}

/** What a crash has made of what an activation wrote down; `open` where others wrote that down in its place. */
type Fate = "survived" | "lost" | "torn" | "open";

export class DurableHistory {
  readonly #original: Deployment;
  readonly #rewritten: Deployment;
  readonly #isStrict: boolean;
  readonly #written = new Map<Activation, Written>();
  /** Who wrote a durable cell last, in the current incarnation of its node. */
  readonly #writers = new Map<DeployedNode, Map<string, Activation>>();
  /** Whose records the content of a cell depends on, in the current incarnation of its node. */
  readonly #followed = new Map<DeployedNode, Map<string, ReadonlySet<Activation>>>();

  /**
   * @param isStrict whether each activation writes down what it writes down in the original. Where not, another one may
   *   write a part of that, and of what activations read only the fragments say what their messages had to wait for.
   */
  constructor(original: Deployment, rewritten: Deployment, isStrict: boolean) {
    this.#original = original;
    this.#rewritten = rewritten;
    this.#isStrict = isStrict;
  }

  /** Takes an activation that the original has replayed. Gives what is wrong, as a sentence that goes on from its name. */
  add(activation: Activation, step: Step): string | undefined {
    const durable = this.#durableFields(activation);
    const changed = step.wroteRecord ? changesOf(step.accesses).filter(({ cell }) => durable.has(cell.field)) : [];
    const written: Written = {
      fields: new Set(changed.map(({ cell }) => cell.field)),
      journals: step.appended.length > 0,
    };
    if (step.wroteRecord) this.#written.set(activation, written);
    const problem = this.#isStrict
      ? ((hasWritten(activation) ? compareJournals([activation], step.appended) : undefined) ??
        this.#findTooEarly(activation, written) ??
        (replicationOf(this.#rewritten, activation) === undefined
          ? (this.#findUnstableRead(activation, step, durable) ?? this.#findHasty(activation, step))
          : findTooEarlyFragment(activation)))
      : (this.#findTooEarly(activation, ownPart(activation, written)) ?? findTooEarlyFragment(activation));
    const writers = this.#writersOf(activation.node);
    for (const { cell } of changed) writers.set(cell.name, activation);
    if (this.#isStrict) this.#follow(activation, step);
    return problem;
  }

  /**
   * The node has crashed. Gives how many of the records of the original, written by these in this order, are left; or
   * what is wrong.
   */
  crash(
    node: DeployedNode,
    writers: readonly (Activation | undefined)[],
  ): number | { readonly activation: Activation; readonly what: string } {
    this.#writersOf(node).clear();
    this.#followed.delete(node);
    let left = 0;
    let lost: Activation | undefined;
    for (const [index, activation] of writers.entries()) {
      const fate = activation === undefined ? "survived" : this.#fateOf(activation);
      if (activation !== undefined && fate === "torn")
        return { activation, what: "and wrote something of which a crash left only a part" };
      if (fate === "open") continue;
      if (fate === "lost") lost ??= activation;
      else if (lost === undefined) left = index + 1;
      else
        return {
          activation: lost,
          what: "and wrote what was not there after a crash, although what the original writes later was",
        };
    }
    return left;
  }

  #fateOf(activation: Activation): Fate {
    const ran = ownFragments(this.#rewritten, [...activation.fragments, ...activation.undone]);
    const fragments = ran.filter(({ durability }) => durability.wroteRecord);
    const surviving = fragments.filter(({ durability }) => !durability.lost);
    if (fragments.length === 0 && !this.#isStrict) return "open";
    if (surviving.length === 0) return "lost";
    if (!this.#isStrict) return surviving.length === fragments.length ? "survived" : "torn";
    const written = this.#written.get(activation);
    const isWhole = surviving.length === fragments.length && written !== undefined && this.#covers(surviving, written);
    return isWhole ? "survived" : "torn";
  }

  #findTooEarly(activation: Activation, written: Written): string | undefined {
    const first = firstLeft(activation);
    if (first === undefined || this.#wasDecidedBy(activation, first)) return undefined;
    const stable = stableBy(activation, first);
    const missing = [...written.fields].find((field) => !stable.some((fragment) => wrote(fragment, field)));
    if (missing !== undefined)
      return `and a message of it left before what it wrote to ${missing} was on stable storage`;
    if (written.journals && !stable.some(({ durability }) => durability.appended.length > 0))
      return "and a message of it left before what it appended to a journal was on stable storage";
    return undefined;
  }

  #findUnstableRead(activation: Activation, step: Step, durable: ReadonlySet<string>): string | undefined {
    const first = firstLeft(activation);
    if (first === undefined) return undefined;
    const writers = this.#writersOf(activation.node);
    if (writers.size === 0) return undefined;
    for (const { cell, kind } of step.accesses) {
      if (kind !== "read" || !durable.has(cell.field)) continue;
      const writer = lastWriter(cell, writers);
      if (writer === undefined || writer === activation || this.#wasDecidedBy(writer, first)) continue;
      if (!stableBy(writer, first).some((fragment) => wrote(fragment, cell.field)))
        return `and a message of it left before ${cell.name}, which it read, was on stable storage`;
    }
    return undefined;
  }

  /** A message that left before the record of somebody whom its activation follows was stable. */
  #findHasty(activation: Activation, step: Step): string | undefined {
    const first = firstLeft(activation);
    if (first === undefined) return undefined;
    for (const { cell } of step.accesses.filter(({ kind }) => kind === "read")) {
      for (const earlier of this.#followedAt(activation.node, cell)) {
        const written = earlier === activation ? undefined : this.#written.get(earlier);
        if (written === undefined || this.#wasDecidedBy(earlier, first)) continue;
        if (!this.#covers(stableBy(earlier, first), written))
          return `and a message of it left before what the earlier ${earlier.handler} that it met in ${cell.name} wrote down was on stable storage`;
      }
    }
    return undefined;
  }

  /** Whoever meets what the activation has changed follows it, if it wrote something down, and those that it follows. */
  #follow(activation: Activation, step: Step): void {
    const { accesses, wroteRecord } = step;
    const isReplicated = replicationOf(this.#rewritten, activation) !== undefined;
    const read = isReplicated ? [] : accesses.filter(({ kind }) => kind === "read");
    const followed = new Set(read.flatMap(({ cell }) => [...this.#followedAt(activation.node, cell)]));
    if (wroteRecord) followed.add(activation);
    if (followed.size === 0) return;
    const cells = this.#followed.get(activation.node) ?? new Map<string, ReadonlySet<Activation>>();
    this.#followed.set(activation.node, cells);
    for (const { cell, kind } of changesOf(step.accesses)) {
      if (kind === "write") cells.set(cell.name, followed);
      if (kind === "commute") cells.set(cell.name, new Set([...this.#followedAt(activation.node, cell), ...followed]));
    }
  }

  #followedAt(node: DeployedNode, cell: Cell): ReadonlySet<Activation> {
    const cells = this.#followed.get(node);
    for (let place: Cell | undefined = cell; cells !== undefined && place !== undefined; place = place.parent) {
      const followed = cells.get(place.name);
      if (followed !== undefined) return followed;
    }
    return NOBODY;
  }

  /** Whether a coordinator had written down that it happens: then partitions that crash hear of it again. */
  #wasDecidedBy({ fragments }: Activation, step: number): boolean {
    return fragments.some(
      ({ instance, durability: { wroteRecord, stableAt } }) =>
        wroteRecord && stableAt !== undefined && stableAt <= step && isCoordinator(this.#rewritten, instance),
    );
  }

  #covers(fragments: readonly Fragment[], { fields, journals }: Written): boolean {
    return (
      [...fields].every((field) => fragments.some((fragment) => wrote(fragment, field))) &&
      (!journals || fragments.some(({ durability }) => durability.appended.length > 0))
    );
  }

  #writersOf(node: DeployedNode): Map<string, Activation> {
    const writers = this.#writers.get(node) ?? new Map<string, Activation>();
    this.#writers.set(node, writers);
    return writers;
  }

  #durableFields({ node }: Activation): ReadonlySet<string> {
    return new Set(this.#original.roles.get(node.role)?.components.flatMap(({ durable }) => durable));
  }
}

const NOBODY: ReadonlySet<Activation> = new Set();

/** What an activation has written down itself, of all that it does in the original. */
function ownPart({ fragments }: Activation, { fields, journals }: Written): Written {
  return {
    fields: new Set([...fields].filter((field) => fragments.some((fragment) => wrote(fragment, field)))),
    journals: journals && fragments.some(({ durability }) => durability.appended.length > 0),
  };
}

function findTooEarlyFragment({ fragments }: Activation): string | undefined {
  const early = fragments.some(
    ({ sent, durability: { position, stableAt } }) =>
      position !== undefined && sent.some(({ left }) => stableAt === undefined || stableAt > left),
  );
  return early ? "and a message of it left before what it wrote or read was on stable storage" : undefined;
}

/** The step in which the first message of an activation left. */
function firstLeft({ fragments }: Activation): number | undefined {
  const steps = fragments.flatMap(({ sent }) => sent.map(({ left }) => left));
  return steps.length === 0 ? undefined : Math.min(...steps);
}

function stableBy({ fragments }: Activation, step: number): readonly Fragment[] {
  return fragments.filter(
    ({ durability: { wroteRecord, stableAt } }) => wroteRecord && stableAt !== undefined && stableAt <= step,
  );
}

/** Whether it has come to where it writes things down, as far as it does. */
export function hasWritten({ isCutShort, fragments, undone }: Activation): boolean {
  return !isCutShort || [...fragments, ...undone].some(({ durability }) => durability.wroteRecord);
}

function wrote({ accesses }: Fragment, field: string): boolean {
  return accesses.some(({ cell, kind }) => kind !== "read" && cell.field === field);
}

function lastWriter(cell: Cell, writers: ReadonlyMap<string, Activation>): Activation | undefined {
  for (let place: Cell | undefined = cell; place !== undefined; place = place.parent) {
    const writer = writers.get(place.name);
    if (writer !== undefined) return writer;
  }
  return undefined;
}

export function compareJournals(activations: readonly Activation[], appended: Step["appended"]): string | undefined {
  const rewritten = activations
    .flatMap(({ fragments }) => fragments.flatMap(({ durability }) => durability.appended))
    .map(printEntry)
    .sort();
  const original = appended.map(printEntry).sort();
  if (rewritten.join("\n") === original.join("\n")) return undefined;
  return `and appended ${listOf(rewritten)} to its journals; the original appends ${listOf(original)}`;
}

function printEntry({ journal, record }: Step["appended"][number]): string {
  return `${journal}: ${printPayload(decodePayload(record))}`;
}

function listOf(entries: readonly string[]): string {
  return entries.length === 0 ? "nothing" : entries.join(", ");
}

/** One-shot timers that only one of the two systems has set when both are at rest. */
export function compareTimers(
  rewritten: readonly PendingTimer[],
  original: readonly PendingTimer[],
): { readonly missing: readonly string[]; readonly extra: readonly string[] } {
  const [has, should] = [new Set(rewritten.map(nameOfTimer)), new Set(original.map(nameOfTimer))];
  return {
    missing: [...should].filter((timer) => !has.has(timer)),
    extra: [...has].filter((timer) => !should.has(timer)),
  };
}
