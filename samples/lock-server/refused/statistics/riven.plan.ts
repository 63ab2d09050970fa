import { plan } from "riven";
import { LockServer } from "./protocol.ts";

export default plan(LockServer, { main: { by: "lock", into: 2 } });
