/** The program of the two processes: a side, told over the fork channel what to do. */
import { BareSide } from "./bareSide.ts";
import { RuntimeSide } from "./runtimeSide.ts";
import type { Side, SideKind } from "./side.ts";

export type ToPlayer =
  | { readonly kind: "connect"; readonly port: number }
  | { readonly kind: "serve"; readonly balls: number }
  | { readonly kind: "drop" }
  | { readonly kind: "read" };

export interface Reading {
  readonly kind: "reading";
  readonly returned: number;
  readonly cpuMicroseconds: number;
  readonly milliseconds: number;
}

export type FromPlayer = { readonly kind: "listening"; readonly port: number } | { readonly kind: "done" } | Reading;

function createSide(kind: SideKind, serves: boolean): Side {
  if (kind === "runtime") return new RuntimeSide(serves ? "Server" : "Receiver");
  const side = new BareSide();
  if (!serves) side.returnForEver();
  return side;
}

const [kind, position] = process.argv.slice(2);
const serves = position === "server";
const side = createSide(kind === "runtime" ? "runtime" : "bare", serves);

function tell(message: FromPlayer): void {
  process.send?.(message);
}

function read(): Reading {
  const { user, system } = process.cpuUsage();
  return { kind: "reading", returned: side.returned, cpuMicroseconds: user + system, milliseconds: performance.now() };
}

process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToPlayer) => {
  switch (message.kind) {
    case "connect":
      void side.connect(message.port).then(() => {
        tell({ kind: "done" });
      });
      return;
    case "serve":
      side.serve(message.balls);
      return;
    case "drop":
      side.drop();
      return;
    case "read":
      tell(read());
  }
});
void side.listen().then((port) => {
  tell({ kind: "listening", port });
});
