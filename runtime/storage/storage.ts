/**
 * Where one component instance keeps its durable records. An interface, because the simulator has its own: in memory,
 * with syncs that end when the simulator says so and crashes that lose what was not synced.
 */
export interface Storage {
  /**
   * What earlier lives of this instance left, oldest first: from the last snapshot on. Every record that a sync
   * covered is there; of the others a prefix, in the order in which they were appended. Called once, before anything
   * is appended.
   *
   * @throws Error when what is stored is damaged.
   */
  recover(): readonly Uint8Array[];

  /** Takes a record. The bytes are not changed afterwards. */
  append(record: Uint8Array): void;

  /** Takes a record that makes all earlier ones unnecessary for {@link recover}. */
  snapshot(record: Uint8Array, options: SnapshotOptions): void;

  /**
   * Calls `done` when everything that was taken so far is on stable storage: later, never before it returns, and in the
   * order of the calls. It is never called when that fails; the owner of the storage hears of it, and the instance must
   * not go on.
   */
  sync(done: () => void): void;
}

export interface SnapshotOptions {
  /** Whether earlier records stay readable for people and tools, though not needed for recovery: there are journals. */
  readonly keepEarlier: boolean;
}
