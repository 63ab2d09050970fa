import { plan } from "riven";
import { Acceptor } from "./protocol.ts";

export default plan(Acceptor, { main: { by: "slot", into: 3 } });
