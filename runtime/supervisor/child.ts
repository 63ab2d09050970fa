/** The program that the supervisor forks. It lives as long as its channel to the supervisor. */
import { UnreachableError } from "../transport/unreachableError.ts";
import { ChildProgram } from "./childProgram.ts";
import type { FromChild, ToChild } from "./ipc.ts";

function tell(message: FromChild): void {
  if (process.connected) process.send?.(message);
}

const program = new ChildProgram(tell);
let doneSoFar = Promise.resolve();

process.on("disconnect", () => process.exit());
// An interrupt from the terminal goes to all processes at once; the supervisor ends the run in an orderly way.
process.on("SIGINT", () => undefined);
process.on("message", (message: ToChild) => {
  doneSoFar = doneSoFar.then(() => obey(message));
});

async function obey(message: ToChild): Promise<void> {
  try {
    if (!(await program.obey(message))) process.disconnect();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    tell({ kind: "failed", message, isOfAnother: error instanceof UnreachableError });
    process.exitCode = 1;
    process.disconnect();
  }
}
