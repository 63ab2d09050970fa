/** Banks that do what no role may do, to see what the supervisor makes of it. */
import { On, Role } from "../../../decorators/index.ts";
import { instances, system } from "../../../runtime/system.ts";
import { Auditor, Bank, Depositor } from "../node/banking.ts";

@Role()
class Saboteur {
  constructor() {
    if (process.env["SABOTAGE"] === "constructor") throw new Error("the vault is locked");
    if (process.env["SABOTAGE"] === "exit") setTimeout(() => this.exit(), 300);
    if (process.env["SABOTAGE"] === "signal") setTimeout(() => process.kill(process.pid, "SIGKILL"), 300);
  }

  @On() wait(): void {
    // Nobody calls; it is there to be a role.
  }

  private exit(): void {
    process.stderr.write("first line\nout of paper\n");
    process.exit(3);
  }
}

export default system({
  name: "crashing",
  roles: [instances(Bank, ["bank"]), instances(Auditor, 1), instances(Saboteur, 1)],
  clients: { driver: Depositor },
});
