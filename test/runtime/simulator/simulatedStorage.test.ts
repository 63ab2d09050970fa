import fc from "fast-check";
import { SimulatedStorage } from "../../../runtime/simulator/simulatedStorage.ts";

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
