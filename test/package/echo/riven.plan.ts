import { plan } from "riven";
import { Server } from "./protocol.ts";

export default plan(Server, { main: { by: "id", into: 2 } });
