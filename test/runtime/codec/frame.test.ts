import fc from "fast-check";
import type { Acknowledgement, Stamp } from "../../../runtime/channels/stamp.ts";
import {
  FrameBuffer,
  FrameError,
  FrameReader,
  MAX_HANDLERS,
  readFrame,
  type Frame,
  type FrameFragment,
} from "../../../runtime/codec/frame.ts";

const number = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: MAX_HANDLERS - 1 }));
const channel = fc.constantFrom("repeatable" as const, "ordered" as const, "acknowledged" as const);
const sequence = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
const stamp: fc.Arbitrary<Stamp> = fc.record({ channel, sender: number, sequence });
const acknowledgement: fc.Arbitrary<Acknowledgement> = fc.record({
  channel,
  sender: number,
  receiver: number,
  sequence,
});
const message = {
  kind: fc.constant("message" as const),
  handler: number,
  to: number,
  from: number,
  payload: fc.uint8Array({ maxLength: 100 }),
};
const fragment: fc.Arbitrary<FrameFragment> = fc
  .record({ epoch: number, round: sequence, ordinal: sequence, part: number, more: fc.nat({ max: 20 }), by: number })
  .map(({ more, ...rest }) => ({ ...rest, of: rest.part + 1 + more }));
const [nothing, round] = [fc.constant(undefined), fc.option(sequence, { nil: undefined })];
const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ ...message, stamp: nothing, round: nothing, fragment: fc.option(fragment, { nil: undefined }) }),
  fc.record({ ...message, stamp, round, fragment: nothing }),
  fc.record({ kind: fc.constant("acknowledgement" as const), acknowledgement }),
);

function write(frames: readonly Frame[]): Buffer {
  const buffer = new FrameBuffer(16);
  for (const one of frames) {
    if (one.kind === "acknowledgement") buffer.appendAcknowledgement(one.acknowledgement);
    else if (one.stamp !== undefined)
      buffer.appendForward(one.handler, one.to, one.from, one.payload, one.stamp, one.round);
    else if (one.fragment !== undefined)
      buffer.appendFragment(one.handler, one.to, one.from, one.payload, one.fragment);
    else buffer.appendMessage(one.handler, one.to, one.from, one.payload);
  }
  return buffer.contents();
}

/** The same bytes in pieces of the given sizes, over and over; one piece when there are none. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let position = 0;
  for (let i = 0; position < bytes.length; i++) {
    const size = sizes.length === 0 ? bytes.length : (sizes[i % sizes.length] ?? 1);
    pieces.push(bytes.subarray(position, position + size));
    position += size;
  }
  return pieces;
}

/** The frame, with bytes of its own. */
function detached(one: Frame): Frame {
  return one.kind === "message" ? { ...one, payload: Uint8Array.from(one.payload) } : one;
}

describe("frames", () => {
  it("come out as they went in, however the stream is cut", () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }),
        (frames, sizes) => {
          const read: Frame[] = [];
          const reader = new FrameReader(1024, (bytes, start, end) => {
            read.push(detached(readFrame(bytes, start, end)));
          });
          for (const piece of cut(write(frames), sizes)) reader.push(piece);
          expect(read).toEqual(frames);
        },
      ),
    );
  });

  it("are refused beyond the limit, before they have arrived", () => {
    const reader = new FrameReader(100, () => undefined);
    expect(() => {
      reader.push(Uint8Array.from([0, 0, 0, 101]));
    }).toThrow(FrameError);
  });

  it.each([
    ["cut off numbers", []],
    ["cut off numbers", [0x80]],
    ["cut off numbers", [1, 2, 0x80]],
    ["too long numbers", [0xff, 0xff, 0xff, 0xff, 0xff]],
    ["a cut off sequence number", [0xfc, 0x7f, 0x80]],
    ["the sequence number 0", [0xfc, 0x7f, 0, 0, 0, 0, 0]],
    ["an endless sequence number", [0xfc, 0x7f, ...new Array<number>(9).fill(0xff), 1]],
    ["a forward without a message", [0xfc, 0x7f, 1, 0]],
    ["a round without a forward", [0xfb, 0x7f, 1, 3, 0, 0]],
    ["the round 0", [0xfb, 0x7f, 0, 0xfc, 0x7f, 1, 0, 0, 0, 0]],
    ["a part that there is not", [0xfa, 0x7f, 0, 1, 1, 2, 2, 0, 0, 0, 0]],
    ["a part of something cut off", [0xfa, 0x7f, 0, 1, 1, 0, 2]],
    ["an acknowledgement without an end", [0xff, 0x7f, 0, 1, 0]],
    ["an acknowledgement on no channel", [0xff, 0x7f, 9, 1, 0, 0]],
    ["a handler beyond all handlers", [0x80, 0x80, 0x01, 0, 0]],
  ])("are refused with %s", (_, bytes) => {
    expect(() => readFrame(Uint8Array.from(bytes), 0, bytes.length)).toThrow(FrameError);
  });
});
