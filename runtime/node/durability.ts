/**
 * What makes a component survive crashes: its durable fields and journals go to its storage, one record for each
 * activation that changed them, and its messages wait for the records that they depend on. Activations go on while a
 * sync is under way; all that they append meanwhile shares the next one.
 */
import type { Storage } from "../storage/storage.ts";
import type { Description, Rank } from "./description.ts";
import { DurableState } from "./durableState.ts";
import { FieldDependencies } from "./fieldDependencies.ts";
import type { Journals } from "./journals.ts";
import { FieldSlot } from "./membraneFields.ts";
import type { Outgoing } from "./message.ts";
import { OutputGate, type Emit } from "./outputGate.ts";
import type { OwnState } from "./ownState.ts";

/** A snapshot is due when the records since the last one outweigh it this many times, and this many bytes. */
const SNAPSHOT_FACTOR = 2;
const SNAPSHOT_BYTES = 4 * 1024 * 1024;

export class Durability {
  readonly state: DurableState;
  readonly dependencies = new FieldDependencies();
  readonly #storage: Storage;
  readonly #journals: Journals;
  readonly #gate: OutputGate;
  /** How many records were appended in this life. */
  #position = 0;
  #snapshotBytes = 0;
  #bytesSince = 0;
  /** Of the running activation. */
  #record: Uint8Array | undefined;
  #wrote = false;
  /** Of the last activation: the record that what it did, or failed at, depends on. */
  #dependsOn = 0;
  /** What is pending is state as well: what follows from a timer follows from the activation that set it. */
  readonly #timers = new FieldSlot("timers", undefined);

  /**
   * @param fields the durable fields of the class
   * @param own what the runtime keeps beside them
   */
  constructor(
    fields: readonly string[],
    storage: Storage,
    journals: Journals,
    emit: Emit,
    own: readonly OwnState[] = [],
  ) {
    this.state = new DurableState(fields, own);
    this.#storage = storage;
    this.#journals = journals;
    this.#gate = new OutputGate(emit);
  }

  /** How many activations have messages that are held back. */
  get held(): number {
    return this.#gate.depth;
  }

  /**
   * Puts what earlier lives left into the fields, and writes it down afresh: the first record of this life, which
   * everything in it waits for, for what was recovered may not have reached the disk before.
   *
   * @returns whether there was an earlier life.
   * @throws Error when what is stored is damaged, or does not fit the class.
   */
  recover(): boolean {
    const records = this.#storage.recover();
    this.state.restore(records);
    this.#takeSnapshot();
    return records.length > 0;
  }

  begin(): void {
    this.#journals.begin();
    this.dependencies.begin();
    this.#wrote = false;
  }

  /** A one-shot timer has fired, and the activation handles that. */
  timerFired(): void {
    this.dependencies.touch(this.#timers);
  }

  /** The running activation sets or clears a one-shot timer. */
  timerChanged(): void {
    this.dependencies.touch(this.#timers);
    this.#wrote = true;
  }

  /** The activation has failed: it appended nothing. What the runtime keeps beside the fields may still have changed. */
  rollback(): void {
    this.#journals.end();
    this.#dependsOn = Math.max(FIRST, this.dependencies.position);
    const record = this.state.encodeOwn();
    if (record !== undefined) this.#dependsOn = this.#append(record);
  }

  /** The handler has returned. @throws TypeError when what it left cannot be stored; the activation has to be undone. */
  prepare(): void {
    this.#record = this.state.encodeChanges(this.#journals.end());
    if (this.state.wrote) this.#wrote = true;
  }

  /** The changes of the activation are final. Takes its messages, and lets them go when they may. */
  commit(messages: readonly Outgoing[], activation: number): void {
    const record = this.#record;
    let position = Math.max(FIRST, this.dependencies.position);
    if (record !== undefined) {
      this.#record = undefined;
      position = this.#append(record);
    }
    this.#dependsOn = position;
    if (this.#wrote) this.dependencies.advance(position);
    this.#gate.pass(position, messages, activation);
    if (this.#bytesSince > Math.max(SNAPSHOT_BYTES, SNAPSHOT_FACTOR * this.#snapshotBytes)) this.#takeSnapshot();
  }

  /**
   * Calls once everything that the last activation depends on is on stable storage: when its messages may leave.
   *
   * @param about tells the call from others
   */
  whenStable(call: () => void, about?: Description): void {
    this.#gate.whenDurable(this.#dependsOn, call, about);
  }

  /** The activations whose messages wait. */
  get activations(): readonly number[] {
    return this.#gate.activations;
  }

  /**
   * Between activations; without what the log holds. Records are counted from the last one that is stable, for what
   * depends on earlier ones need not wait. When the next snapshot is due is left out: it writes down what is there.
   *
   * @param fields all fields, durable or not
   */
  describe(fields: Iterable<FieldSlot>, rank: Rank): Description {
    const distanceOf = (position: number): number => this.#gate.distanceTo(position);
    return [
      [...fields].map(({ name, position }) => [name, distanceOf(position)]),
      distanceOf(this.#position),
      distanceOf(this.#timers.position),
      distanceOf(this.dependencies.latest),
      this.dependencies.shared,
      this.#gate.describe(rank),
    ];
  }

  #takeSnapshot(): void {
    const snapshot = this.state.encodeSnapshot();
    this.#storage.snapshot(snapshot, { keepEarlier: this.#journals.exist });
    this.#snapshotBytes = snapshot.length;
    this.#bytesSince = 0;
    this.#advance();
  }

  #append(record: Uint8Array): number {
    this.#storage.append(record);
    this.#bytesSince += record.length;
    return this.#advance();
  }

  /** Something was appended; asks for the sync that covers it. */
  #advance(): number {
    const position = ++this.#position;
    this.#storage.sync(() => {
      this.#gate.advance(position);
    });
    return position;
  }
}

/** The snapshot that each life begins with. */
const FIRST = 1;
