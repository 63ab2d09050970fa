import { Crew } from "../../../runtime/supervisor/crew.ts";

describe("the failure of a crew", () => {
  let crew: Crew;

  beforeEach(() => {
    jest.useFakeTimers();
    crew = new Crew();
  });

  afterEach(async () => {
    jest.useRealTimers();
    await crew.stop();
  });

  const outcome = (): Promise<never> => crew.unlessFailed(new Promise<never>(() => undefined));

  it("is the end of a process, and not that others cannot reach it", async () => {
    crew.complain(new Error("cannot join"));
    crew.fail(new Error("ended unexpectedly"));
    jest.runAllTimers();
    await expect(outcome()).rejects.toThrow("ended unexpectedly");
  });

  it("is that a process cannot be reached when nothing else comes to light", async () => {
    crew.complain(new Error("cannot join"));
    jest.runAllTimers();
    await expect(outcome()).rejects.toThrow("cannot join");
  });
});
