/**
 * What one would write by hand: the same payload codec, a length before each message, everything that one turn of the
 * event loop sends in one write. No roles, no routing, no activations, no limits.
 */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { decodePayload } from "../../runtime/codec/payloadDecoder.ts";
import { encodePayload } from "../../runtime/codec/payloadEncoder.ts";
import { createBall, type Ball } from "./echoSystem.ts";
import type { Side } from "./side.ts";

const LENGTH_BYTES = 4;
const BUFFER_BYTES = 256 * 1024;

export class BareSide implements Side {
  returned = 0;
  #socket: Socket | undefined;
  #dropping = true;
  #rest: Buffer | undefined;
  #out: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #spare: Buffer | undefined;
  #length = 0;
  #scheduled = false;

  listen(): Promise<number> {
    const server = createServer({ noDelay: true }, (socket) => {
      this.#use(socket);
    });
    return new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        resolve((server.address() as AddressInfo).port);
      });
    });
  }

  connect(port: number): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect({ host: "127.0.0.1", port, noDelay: true }, () => {
        this.#use(socket);
        resolve();
      });
    });
  }

  serve(balls: number): void {
    this.#dropping = false;
    for (let n = 0; n < balls; n++) this.#send(createBall(n));
  }

  drop(): void {
    this.#dropping = true;
  }

  /** The other side only returns balls, and never drops. */
  returnForEver(): void {
    this.#dropping = false;
  }

  #use(socket: Socket): void {
    this.#socket = socket;
    socket.on("data", (bytes: Buffer) => {
      this.#read(bytes);
    });
    socket.on("error", () => process.exit(1));
  }

  #read(arrived: Buffer): void {
    const bytes = this.#rest === undefined ? arrived : Buffer.concat([this.#rest, arrived]);
    let position = 0;
    while (bytes.length - position >= LENGTH_BYTES) {
      const length = bytes.readUInt32BE(position);
      const end = position + LENGTH_BYTES + length;
      if (end > bytes.length) break;
      const ball = decodePayload(new Uint8Array(bytes.buffer, bytes.byteOffset + position + LENGTH_BYTES, length));
      if (!this.#dropping) {
        this.returned++;
        this.#send(ball as Ball);
      }
      position = end;
    }
    this.#rest = position < bytes.length ? bytes.subarray(position) : undefined;
  }

  #send(ball: Ball): void {
    const payload = encodePayload(ball);
    this.#out.writeUInt32BE(payload.length, this.#length);
    this.#length += LENGTH_BYTES;
    for (let i = 0; i < payload.length; i++) this.#out[this.#length + i] = payload[i] ?? 0;
    this.#length += payload.length;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    this.#scheduled = false;
    const out = this.#out;
    this.#out = this.#spare ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
    this.#spare = undefined;
    this.#socket?.write(out.subarray(0, this.#length), () => {
      this.#spare = out;
    });
    this.#length = 0;
  };
}
