import fc from "fast-check";
import type { InternalChannel } from "../../../runtime/routing/routingTable.ts";
import { TwoEnds, type Sending } from "./twoEnds.ts";

const CHANNELS: readonly InternalChannel[] = ["repeatable", "ordered", "acknowledged"];

const sending: fc.Arbitrary<Sending> = fc.oneof(
  fc.record({
    to: fc.integer({ min: 1, max: 2 }),
    channel: fc.constantFrom(...CHANNELS),
    bound: fc.constant(undefined),
  }),
  fc.record({
    to: fc.integer({ min: 1, max: 2 }),
    channel: fc.constant("acknowledged" as const),
    bound: fc.nat({ max: 5 }),
  }),
  fc.record({ to: fc.constant(9), channel: fc.constant(undefined), bound: fc.constant(undefined) }),
);

type Event =
  | { readonly kind: "activate"; readonly sendings: readonly Sending[]; readonly fails: boolean }
  | { readonly kind: "deliver" | "acknowledge"; readonly index: number; readonly keep: boolean }
  | { readonly kind: "lose" | "loseAcknowledgement"; readonly index: number }
  | { readonly kind: "pass" | "endTurn" | "reconnect" };

const index = fc.nat({ max: 50 });
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("activate" as const),
      sendings: fc.array(sending, { maxLength: 4 }),
      fails: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("pass" as const) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("deliver" as const), index, keep: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("endTurn" as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("acknowledge" as const), index, keep: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("lose" as const), index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("loseAcknowledgement" as const), index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reconnect" as const) }) },
);

function happen(ends: TwoEnds, event: Event): void {
  switch (event.kind) {
    case "activate":
      ends.activate(event.sendings, event.fails);
      return;
    case "pass":
      ends.pass();
      return;
    case "deliver":
      ends.deliver(event.index, event.keep);
      return;
    case "endTurn":
      ends.endTurn();
      return;
    case "acknowledge":
      ends.deliverAcknowledgement(event.index, event.keep);
      return;
    case "lose":
      ends.forwards.splice(event.index, 1);
      return;
    case "loseAcknowledgement":
      ends.acknowledgements.splice(event.index, 1);
      return;
    case "reconnect":
      ends.reconnect();
  }
}

/** Runs events, and asks after each of them. */
function whatever(check: (ends: TwoEnds) => void, atTheEnd: (ends: TwoEnds) => void = check): void {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 120 }), (events) => {
      const ends = new TwoEnds();
      for (const event of events) {
        happen(ends, event);
        check(ends);
      }
      ends.heal();
      atTheEnd(ends);
      expect(ends.overflown).toEqual([]);
    }),
    { numRuns: 300 },
  );
}

/** The sequence numbers of what was forwarded on a stream, by activations that succeeded. */
function forwardedOn(ends: TwoEnds, to: number, channel: InternalChannel): readonly number[] {
  return ends.committed.flatMap(({ messages }) =>
    messages.flatMap(({ destination, stamp }) =>
      destination.number === to && stamp?.channel === channel ? [stamp.sequence] : [],
    ),
  );
}

const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, i) => i + 1);

describe("whatever the network does", () => {
  it.each(["ordered", "acknowledged"] as const)("%s forwards are applied exactly once, in order", (channel) => {
    whatever(
      (ends) => {
        for (const to of [1, 2]) {
          const applied = ends.appliedOn(to, channel);
          expect(applied).toEqual(upTo(applied.length));
        }
      },
      (ends) => {
        for (const to of [1, 2]) expect(ends.appliedOn(to, channel)).toEqual(forwardedOn(ends, to, channel));
      },
    );
  });

  it("repeatable forwards are applied at least once", () => {
    whatever(
      () => undefined,
      (ends) => {
        for (const to of [1, 2]) {
          expect(new Set(ends.appliedOn(to, "repeatable"))).toEqual(new Set(forwardedOn(ends, to, "repeatable")));
        }
      },
    );
  });

  it("streams have no gaps, though activations fail", () => {
    whatever((ends) => {
      for (const to of [1, 2]) {
        for (const channel of CHANNELS) {
          const forwarded = forwardedOn(ends, to, channel);
          expect(forwarded).toEqual(upTo(forwarded.length));
        }
      }
    });
  });

  it("nothing is acknowledged that was not applied", () => {
    whatever((ends) => {
      for (const { receiver, channel, sequence } of ends.acknowledgements) {
        const applied = new Set(ends.appliedOn(receiver, channel));
        expect(upTo(sequence).filter((number) => !applied.has(number))).toEqual([]);
      }
    });
  });

  it("nothing but acknowledged forwards leaves before what was forwarded until then has been applied, and everything does then", () => {
    const owed = (ends: TwoEnds, activation: number): boolean =>
      ends.committed.some(
        ({ ordinal, messages }) =>
          ordinal <= activation &&
          messages.some(
            ({ destination, stamp }) =>
              stamp?.channel === "acknowledged" &&
              !ends.appliedOn(destination.number, "acknowledged").includes(stamp.sequence),
          ),
      );
    whatever(
      (ends) => {
        // What has just left, or left before, had been covered: applied forwards stay applied.
        for (const { message, activation } of ends.left) {
          if (message.stamp?.channel !== "acknowledged") expect(owed(ends, activation)).toBe(false);
        }
        // What has been passed on, and depends on nothing that the sender has not heard of, has left.
        const waiting = ends.committed.filter(({ ordinal }) => ends.passed.has(ordinal));
        const left = new Set(ends.left.map(({ message }) => message));
        for (const { ordinal, messages } of waiting) {
          const isFree = messages.every((message) => left.has(message));
          expect(isFree || ends.sender.held > 0).toBe(true);
          for (const message of messages)
            if (message.stamp?.channel === "acknowledged") expect(left.has(message)).toBe(true);
          if (ends.sender.unacknowledged === 0) expect([ordinal, isFree]).toEqual([ordinal, true]);
        }
      },
      (ends) => {
        expect(ends.sender.held).toBe(0);
        expect(ends.left.length).toBe(ends.committed.flatMap(({ messages }) => messages).length);
      },
    );
  });

  it("nothing is sent again that has not left: it may wait for stable storage", () => {
    whatever((ends) => {
      const left = new Set(ends.left.map(({ message }) => message));
      expect(ends.sender.underway().filter((message) => !left.has(message))).toEqual([]);
    });
  });

  it("messages to one destination leave in the order of their activations", () => {
    whatever((ends) => {
      for (const acknowledged of [true, false]) {
        const order = ends.left
          .filter(({ message: { stamp } }) => (stamp?.channel === "acknowledged") === acknowledged)
          .map(({ activation }) => activation);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }
    });
  });

  it("a forward is suppressed exactly when its bound does not exceed one that is known to have been applied", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 150 }), (events) => {
        const ends = new TwoEnds();
        const applied = new Map<number, number>();
        const bounds = new Map<string, number>();
        for (const event of events) {
          if (event.kind === "activate") {
            const { suppressed, messages, ordinal } = ends.activate(event.sendings, event.fails);
            const covered = event.sendings.filter(
              ({ to, bound }) => bound !== undefined && bound <= (applied.get(to) ?? -1),
            );
            expect(suppressed).toEqual(covered);
            const sent = event.sendings.filter((sending) => !suppressed.includes(sending));
            for (const [place, { stamp, destination }] of messages.entries()) {
              const bound = sent[place]?.bound;
              if (!event.fails && stamp?.channel === "acknowledged" && bound !== undefined)
                bounds.set(`${String(destination.number)} ${String(stamp.sequence)}`, bound);
            }
            expect(ordinal).toBeGreaterThan(0);
            continue;
          }
          const before = [...ends.acknowledgements];
          happen(ends, event);
          if (event.kind !== "acknowledge" || before.length === 0) continue;
          const heard = before[event.index % before.length];
          if (heard?.channel !== "acknowledged") continue;
          for (const sequence of upTo(heard.sequence)) {
            const bound = bounds.get(`${String(heard.receiver)} ${String(sequence)}`);
            if (bound !== undefined) applied.set(heard.receiver, Math.max(bound, applied.get(heard.receiver) ?? -1));
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
