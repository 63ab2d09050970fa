import { ProcessClock } from "../../../runtime/node/processClock.ts";

describe("timers of an instance that stands still", () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  function clockOf(instance = { stopped: false }): { readonly clock: ProcessClock; readonly tried: string[] } {
    const tried: string[] = [];
    const clock = new ProcessClock((handler, key) => {
      tried.push(`${handler} ${String(key)}`);
      return !instance.stopped;
    });
    return { clock, tried };
  }

  it("are kept, cost nothing meanwhile, and then fire in order", () => {
    const instance = { stopped: true };
    const { clock, tried } = clockOf(instance);
    for (const key of ["a", "b", "c"]) clock.set("late", key, 10);
    jest.advanceTimersByTime(60_000);
    expect(tried).toEqual(["late a", "late b", "late c"]);
    expect(jest.getTimerCount()).toBe(0);
    clock.clear("late", "b");
    clock.set("late", "c", 10);
    clock.catchUp();
    expect(tried.splice(0)).toEqual(["late a", "late b", "late c", "late a"]);
    instance.stopped = false;
    clock.catchUp();
    clock.catchUp();
    expect(tried).toEqual(["late a"]);
    jest.advanceTimersByTime(10);
    expect(tried).toEqual(["late a", "late c"]);
  });

  it("do not fire when one before them has cleared them", () => {
    const tried: string[] = [];
    let stopped = true;
    const clock = new ProcessClock((handler, key) => {
      if (stopped) return false;
      tried.push(`${handler} ${String(key)}`);
      clock.clear("late", "b");
      return true;
    });
    clock.set("late", "a", 1);
    clock.set("late", "b", 1);
    jest.advanceTimersByTime(1);
    stopped = false;
    clock.catchUp();
    clock.stop();
    expect(tried).toEqual(["late a"]);
  });
});
