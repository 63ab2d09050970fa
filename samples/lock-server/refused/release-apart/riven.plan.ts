import { plan } from "riven";
import { LockServer } from "./protocol.ts";

export default plan(LockServer, { releaser: { moves: ["release"] } });
