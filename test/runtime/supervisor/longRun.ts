/** A program that launches a run much longer than any test, for the tests that interrupt it. */
import { fileURLToPath } from "node:url";
import { launch } from "../../../runtime/supervisor/launch.ts";
import system from "./banking.run.ts";

const modulePath = fileURLToPath(new URL("./banking.run.ts", import.meta.url));
launch(system, { modulePath, seconds: 600, ...(process.argv[2] === "throw" && { log: fail }) }).catch(
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
  },
);
if (process.argv[2] === "throw") setTimeout(fail, 1500);

function fail(): never {
  throw new Error("the program of the launch has a bug");
}
