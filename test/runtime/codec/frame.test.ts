import fc from "fast-check";
import {
  FrameBuffer,
  FrameError,
  FrameReader,
  readMessageFrame,
  type MessageFrame,
} from "../../../runtime/codec/frame.ts";

const number = fc.integer({ min: 0, max: 2 ** 28 - 1 });
const message = fc.record({ handler: number, to: number, from: number, payload: fc.uint8Array({ maxLength: 200 }) });

function write(messages: readonly MessageFrame[]): Uint8Array {
  const buffer = new FrameBuffer(16);
  for (const { handler, to, from, payload } of messages) buffer.appendMessage(handler, to, from, payload);
  return new Uint8Array(buffer.contents());
}

function cut(bytes: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let position = 0;
  for (let i = 0; position < bytes.length; i++) {
    const size = sizes.length === 0 ? bytes.length : (sizes[i % sizes.length] ?? 1);
    pieces.push(bytes.slice(position, position + size));
    position += size;
  }
  return pieces;
}

describe("frames", () => {
  it("come out as they went in, however the stream is cut", () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }),
        (messages, sizes) => {
          const read: MessageFrame[] = [];
          const reader = new FrameReader(1024, (bytes, start, end) => {
            const frame = readMessageFrame(bytes, start, end);
            read.push({ ...frame, payload: new Uint8Array(frame.payload) });
          });
          for (const piece of cut(write(messages), sizes)) reader.push(piece);
          expect(read).toEqual(messages);
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

  it.each([[[]], [[0x80]], [[1, 2, 0x80]], [[0xff, 0xff, 0xff, 0xff, 0xff]]])(
    "are refused when their numbers are cut off: %j",
    (bytes) => {
      expect(() => readMessageFrame(Uint8Array.from(bytes), 0, bytes.length)).toThrow(FrameError);
    },
  );
});
