import fc from "fast-check";
import { SimulatedStorage } from "../../../../runtime/simulator/host/simulatedStorage.ts";

const record = (n: number): Uint8Array => new Uint8Array([n]);
const content = (storage: SimulatedStorage<string>): number[] => storage.recover().map((bytes) => bytes[0] ?? -1);

it("calls back when a sync ends that covers what was asked for, in order, and not before", () => {
  const storage = new SimulatedStorage("somebody");
  const called: string[] = [];
  storage.append(record(1));
  storage.sync(() => called.push("first"));
  storage.append(record(2));
  storage.sync(() => called.push("second"));
  storage.append(record(3));
  expect(called).toEqual([]);
  expect(storage.syncPoints).toEqual([1, 2, 3]);
  storage.endSync(1);
  expect(called).toEqual(["first"]);
  storage.endSync(3);
  expect(called).toEqual(["first", "second"]);
  expect(storage.syncPoints).toEqual([]);
});

it("shares a sync among all who asked meanwhile", () => {
  const storage = new SimulatedStorage("somebody");
  const called: number[] = [];
  for (let n = 0; n < 3; n++) {
    storage.append(record(n));
    storage.sync(() => called.push(n));
  }
  storage.endSync(3);
  expect(called).toEqual([0, 1, 2]);
});

it("forgets in a crash who was waiting", () => {
  const storage = new SimulatedStorage("somebody");
  let called = false;
  storage.append(record(1));
  storage.sync(() => (called = true));
  storage.crash(1);
  storage.endSync(1);
  expect([called, content(storage)]).toEqual([false, [1]]);
});

it("recovers from the last snapshot that is left", () => {
  const storage = new SimulatedStorage("somebody");
  storage.append(record(1));
  storage.snapshot(record(2));
  storage.append(record(3));
  storage.endSync(3);
  storage.snapshot(record(4));
  expect(content(storage)).toEqual([4]);
  storage.crash(3);
  expect(content(storage)).toEqual([2, 3]);
});

it("keeps in a crash what is stable, and of the rest a prefix", () => {
  fc.assert(
    fc.property(fc.nat({ max: 8 }), fc.nat({ max: 8 }), fc.nat({ max: 12 }), (length, stable, left) => {
      const storage = new SimulatedStorage("somebody");
      for (let n = 0; n < length; n++) storage.append(record(n));
      storage.endSync(Math.min(stable, length));
      storage.crash(left);
      const kept = content(storage);
      expect(kept).toEqual(kept.map((_, n) => n));
      expect(kept.length).toBe(Math.max(Math.min(stable, length), Math.min(left, length)));
      expect(storage.stable).toBe(kept.length);
    }),
  );
});

it("remembers who caused each record", () => {
  const storage = new SimulatedStorage("a");
  storage.append(record(1));
  storage.owner = "b";
  storage.append(record(2));
  expect(storage.ownersFrom(0)).toEqual(["a", "b"]);
  expect(storage.recordsFrom(1)).toEqual([record(2)]);
});

const BEHIND = ["nothing", "zeros", "noise", "later records"] as const;

/** A log of records and snapshots, some of it stable, and a crash that tears what is written next. */
const torn = fc.record({
  entries: fc.array(fc.record({ snapshot: fc.boolean(), bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }) }), {
    minLength: 1,
    maxLength: 10,
  }),
  stable: fc.nat({ max: 10 }),
  left: fc.nat({ max: 10 }),
  cut: fc.nat({ max: 40 }),
  behind: fc.constantFrom(...BEHIND),
});

it("has, after a crash that tore a record at any byte, what was whole before that, and nothing else", () => {
  fc.assert(
    fc.property(torn, ({ entries, stable, left, cut, behind }) => {
      const storage = new SimulatedStorage("somebody");
      storage.snapshot(record(0)); // as processes begin
      storage.endSync(1);
      for (const { snapshot, bytes } of entries) {
        if (snapshot) storage.snapshot(bytes);
        else storage.append(bytes);
      }
      const all = storage.recordsFrom(0);
      storage.endSync(Math.min(1 + stable, all.length));
      const whole = Math.max(storage.stable, Math.min(1 + left, all.length));
      const size = storage.bytesAfter(whole);
      storage.crash(whole, size === 0 ? undefined : { bytes: cut % size, behind });
      expect(storage.recordsFrom(0)).toEqual(all.slice(0, whole));
      expect(storage.stable).toBe(whole);
    }),
  );
});

it("has what a flawed reader makes of a torn record, if the reader trusts it", () => {
  const storage = new SimulatedStorage("somebody");
  storage.snapshot(record(0));
  storage.endSync(1);
  storage.append(new Uint8Array([1, 2, 3, 4]));
  storage.crash(1, { bytes: storage.bytesAfter(1) - 2, behind: "zeros" }, true);
  expect(storage.recordsFrom(1)).toEqual([Buffer.from([1, 2, 0, 0])]);
});

it("ends no sync while it is busy", () => {
  const storage = new SimulatedStorage("somebody");
  storage.append(record(1));
  storage.isBusy = true;
  expect(storage.syncPoints).toEqual([]);
  storage.isBusy = false;
  expect(storage.syncPoints).toEqual([1]);
});
